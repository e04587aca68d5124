package e2e_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

var quiet = log.New(io.Discard, "", 0)

// hostile is a server that answers with whatever bytes it likes.
type hostile struct {
	url         string
	connections atomic.Int64
}

// newHostile answers each connection, once it has sent the head of its request, and closes it when answer returns.
// A write fails when the client has closed the connection.
func newHostile(t *testing.T, answer func(conn net.Conn)) *hostile {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	h := &hostile{url: "http://" + listener.Addr().String()}
	var answering sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		answering.Wait()
	})
	answering.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			h.connections.Add(1)
			answering.Go(func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn)
				}
			})
		}
	})
	return h
}

const (
	okHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
	noHead = "HTTP/1.1 404 Not Found\r\n\r\n"
)

// endless writes the start and then block after block until the client closes the connection.
func endless(start, block string) func(net.Conn) {
	for len(block) < 16<<10 {
		block += block
	}
	return func(conn net.Conn) {
		_, err := io.WriteString(conn, start)
		for err == nil {
			_, err = io.WriteString(conn, block)
		}
	}
}

// quietAfter writes the start and then nothing, until the client closes the connection.
func quietAfter(start string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = io.WriteString(conn, start)
		_, _ = io.Copy(io.Discard, conn)
	}
}

// What never ends is given up, with an error that says so, without much memory and without asking again and again.
func TestEndlessAnswers(t *testing.T) {
	const limit = 1 << 20
	tooLarge := func(t *testing.T, err error) {
		var large *source.EventTooLargeError
		require.ErrorAs(t, err, &large)
		require.Equal(t, limit, large.Limit)
	}
	notFound := func(t *testing.T, err error) {
		var status *source.StatusError
		require.ErrorAs(t, err, &status)
		require.Equal(t, 404, status.Code)
		require.LessOrEqual(t, len(status.Body), 4096)
	}
	notStream := func(t *testing.T, err error) { require.ErrorAs(t, err, new(*source.ContentTypeError)) }
	broken := func(t *testing.T, err error) { require.Error(t, err) }
	late := func(t *testing.T, err error) { require.ErrorIs(t, err, source.ErrConnectTimeout) }
	for _, row := range []struct {
		name   string
		answer func(net.Conn)
		check  func(*testing.T, error)
		most   int64 // connections; 3 where the policy may try again
	}{
		{"line", endless(okHead+"data: ", "x"), tooLarge, 1},
		{"event", endless(okHead, "data: x\n"), tooLarge, 1},
		{"event of empty lines", endless(okHead, "data\n"), tooLarge, 1},
		{"comment", endless(okHead+":", "x"), tooLarge, 1},
		{"ID", endless(okHead+"id: ", "x"), tooLarge, 1},
		{"unknown field", endless(okHead+"other: ", "x"), tooLarge, 1},
		{"field name", endless(okHead, "x"), tooLarge, 1},
		{"broken UTF-8", endless(okHead+"data: ", "\xFF"), tooLarge, 1},
		{"header", endless("HTTP/1.1 200 OK\r\nX: ", "x"), broken, 3},
		{"headers", endless("HTTP/1.1 200 OK\r\n", "X: x\r\n"), broken, 3},
		{"status line", endless("HTTP/1.1 200 ", "x"), broken, 3},
		{"early hints", endless("", "HTTP/1.1 103 Early Hints\r\n\r\n"), broken, 3},
		{"chunk extension", endless("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"+
			"Transfer-Encoding: chunked\r\n\r\n1;", "x"), broken, 3},
		{"error body", endless(noHead, "x"), notFound, 1},
		{"body of another type", endless("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "x"), notStream, 1},
		{"silence", quietAfter(""), late, 3},
		{"silence in the headers", quietAfter("HTTP/1.1 200 OK\r\nContent-T"), late, 3},
		{"silence in an error body", quietAfter(noHead + "no"), notFound, 1},
		{"silence in a body of another type", quietAfter("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), notStream, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			server := newHostile(t, row.answer)
			policy := quick
			policy.MaxAttempts = 3
			var got outcome
			used := peak(func() {
				got = run(t, server.url, source.WithMaxEventBytes(limit), source.WithRetry(policy),
					source.WithConnectTimeout(500*time.Millisecond))
			})
			row.check(t, got.err)
			require.Empty(t, got.data)
			require.LessOrEqual(t, server.connections.Load(), row.most)
			require.Less(t, used, int64(32<<20))
		})
	}
}

// An endless stream of heartbeats is no fault: it goes on, and costs nothing, until the caller stops it.
func TestEndlessHeartbeats(t *testing.T) {
	server := newHostile(t, endless(okHead, ":beat\n\n\n"))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	var err error
	used := peak(func() {
		err = source.FromEventSource[string](server.url, source.WithMaxEventBytes(100)).ForEach(ctx, nil)
	})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.EqualValues(t, 1, server.connections.Load())
	require.Less(t, used, int64(16<<20))
}

// A quarter of a megabyte that unpacks to 256 MiB ends at the limit, and as the body of an error at 4 KiB.
func TestGzipBomb(t *testing.T) {
	pack := func(text []byte) []byte {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write(text)
		_ = w.Close()
		return packed.Bytes()
	}
	bomb := append(pack([]byte("data: ")), bytes.Repeat(pack(make([]byte, 1<<20)), 256)...)
	for _, code := range []int{200, 404} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(code)
			_, _ = w.Write(bomb)
		})
		var got outcome
		used := peak(func() { got = run(t, url) })
		if code == 200 {
			require.ErrorAs(t, got.err, new(*source.EventTooLargeError))
		} else {
			var status *source.StatusError
			require.ErrorAs(t, got.err, &status)
			require.Len(t, status.Body, 4096)
		}
		require.Empty(t, got.data)
		require.Less(t, used, int64(96<<20))
	}
}

// A redirect loop ends after ten, and is not run through again.
func TestRedirectLoop(t *testing.T) {
	var requests atomic.Int64
	got := run(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, fmt.Sprintf("/%d", requests.Add(1)), http.StatusTemporaryRedirect)
	}))
	require.ErrorAs(t, got.err, new(*source.RedirectError))
	require.EqualValues(t, 11, requests.Load())
	require.Empty(t, got.retries)
}

// Another port is another origin: no header of the caller's and no Last-Event-ID arrives there, on no attempt.
func TestRedirectToAnotherOrigin(t *testing.T) {
	var seen []http.Header
	elsewhere := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Clone())
		if len(seen) == 3 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_ = write(w, "id: 8\ndata: x\n\n")
	})
	var asked []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("Authorization")+" "+r.Header.Get("Last-Event-ID"))
		http.Redirect(w, r, elsewhere, http.StatusFound)
	})
	got := run(t, url, source.WithLastEventID("7"), source.WithHeader("Authorization", "Bearer secret"),
		source.WithHeader("X-Api-Key", "secret"), source.WithHeader("Cookie", "session=secret"),
		source.WithRequest(func(r *http.Request) error {
			r.Header.Set("X-Token", "secret")
			return nil
		}))
	require.NoError(t, got.err)
	require.Equal(t, []string{"Bearer secret 7", "Bearer secret 8", "Bearer secret 8"}, asked)
	for _, header := range seen {
		require.NotContains(t, fmt.Sprint(header), "secret")
		require.Empty(t, header.Get("Last-Event-ID"))
	}
}

// An ID that no header can carry does not stop reconnection; the next good one is sent again.
func TestPoisonIDs(t *testing.T) {
	for name, id := range map[string]string{
		"control": "a\x01b", "DEL": "a\x7fb", "escape": "\x1b[2J", "long": strings.Repeat("x", 2<<20),
	} {
		t.Run(name, func(t *testing.T) {
			var ids []string
			got := run(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				ids = append(ids, strings.Join(r.Header.Values("Last-Event-ID"), ","))
				switch len(ids) {
				case 1:
					_ = write(w, "id: "+id+"\ndata: 1\n\n")
				case 2:
					_ = write(w, "data: 2\n\nid: good\ndata: 3\n\n")
				default:
					w.WriteHeader(http.StatusNoContent)
				}
			}))
			require.NoError(t, got.err)
			require.Equal(t, numbers(3), got.data)
			require.Equal(t, []string{"", "", "good"}, ids)
		})
	}
}

// A retry field of any size gives a delay between nothing and a day, and the wait can be left at once.
func TestAbsurdRetry(t *testing.T) {
	for _, value := range []string{"9999999999999", "18446744073710", "9223372036854775807", strings.Repeat("9", 1000)} {
		var requests atomic.Int64
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			requests.Add(1)
			_ = write(w, "retry: "+value+"\ndata: x\n\n")
		})
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan time.Duration, 1)
		err := source.FromEventSource[string](url, source.WithRetry(quick),
			source.WithOnRetry(func(_ error, _ int, delay time.Duration) {
				got <- delay
				time.AfterFunc(20*time.Millisecond, cancel)
			})).ForEach(ctx, func(source.Event[string]) {})
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 24*time.Hour, <-got)
		require.EqualValues(t, 1, requests.Load())
	}
}

// A server that answers 200 and always ends the body at once is asked at the delays of the policy, not faster.
func TestFlappingServer(t *testing.T) {
	for name, answer := range map[string]string{"empty": "", "event": "data: x\n\n", "no delay": "retry: 0\ndata: x\n\n"} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				_ = write(w, answer)
			})
			var waited time.Duration
			start := time.Now()
			got := run(t, url, source.WithRetry(retry.Policy{
				InitialDelay: 10 * time.Millisecond, MaxDelay: 100 * time.Millisecond, Jitter: -1, MaxAttempts: 8,
			}), source.WithOnRetry(func(_ error, _ int, delay time.Duration) { waited += delay }))
			require.ErrorIs(t, got.err, io.EOF)
			require.EqualValues(t, 8, requests.Load())
			require.GreaterOrEqual(t, waited, 300*time.Millisecond)
			require.GreaterOrEqual(t, time.Since(start), waited)
		})
	}
}
