package websocket_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	ws "github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/websocket"
)

// says sends bytes and then reads until the client closes the connection.
func says(data []byte) http.HandlerFunc {
	return raw(func(conn net.Conn, r *bufio.Reader) {
		go func() { _, _ = conn.Write(data) }() // the client may stop reading
		_, _ = io.Copy(io.Discard, r)
	})
}

// header returns the header of a frame that announces a length.
func header(first byte, length uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{first, 127}, length)
}

func TestFramesThatBreakTheProtocol(t *testing.T) {
	for name, data := range map[string][]byte{
		"a reserved bit":                {0xC1, 0},
		"an unknown opcode":             {0x83, 0},
		"a continuation of nothing":     {0x80, 1, 'a'},
		"a message within a message":    {0x01, 1, 'a', 0x81, 1, 'b'},
		"a control frame in fragments":  {0x09, 0},
		"a control frame that is long":  append([]byte{0x89, 126, 0, 126}, make([]byte, 126)...),
		"a negative length":             header(0x81, 1<<63),
		"a close frame of one byte":     {0x88, 1, 3},
		"a close code that is none":     {0x88, 2, 0, 99},
		"a close code that is not sent": {0x88, 2, 0x03, 0xEE}, // 1006
		"bytes of HTTP":                 []byte("HTTP/1.1 400 Bad Request\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, inTurn(says(data), sayAndHold("a")))
			got := l.run(within(t), t, 1)
			require.NoError(t, got.err)
			require.Equal(t, []string{"a"}, got.data())
			require.Len(t, got.retries, 1)
			require.IsType(t, &websocket.ConnectionError{}, got.retries[0])
		})
	}
}

// A connection that ends within a message has not completed it, wherever that is.
func TestMessagesThatAreCutOff(t *testing.T) {
	for name, data := range map[string]string{
		"in a header":                 "\x81",
		"before the payload":          "\x81\x05",
		"in the payload":              "\x81\x05hel",
		"between fragments":           "\x01\x03hel",
		"in the header of a fragment": "\x01\x03hel\x80",
		"before that payload":         "\x01\x03hel\x80\x02",
		"in that payload":             "\x01\x03hel\x80\x02l",
	} {
		t.Run(name, func(t *testing.T) {
			cut := raw(func(conn net.Conn, _ *bufio.Reader) { _, _ = io.WriteString(conn, data) })
			l := newLab(t, inTurn(cut, sayAndHold("a")))
			got := l.run(within(t), t, 1)
			require.NoError(t, got.err)
			require.Equal(t, []string{"a"}, got.data())
			require.IsType(t, &websocket.ConnectionError{}, got.retries[0])
		})
	}
}

// A frame that announces more than is allowed, whatever follows, is refused without memory for it.
func TestLengthsThatAreAnnounced(t *testing.T) {
	fragment := append([]byte{0x00, 126, 0xFF, 0xFF}, make([]byte, 0xFFFF)...)
	for name, data := range map[string][]byte{
		"at once":      append(header(0x82, 1<<62), make([]byte, 2<<20)...),
		"in fragments": append([]byte{0x02, 0}, bytes.Repeat(fragment, 40)...),
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, says(data))
			before := allocated()
			got := l.run(within(t), t, 1, websocket.WithMaxMessageBytes(1<<20))
			require.Equal(t, &websocket.MessageTooLargeError{URL: l.url, Limit: 1 << 20}, got.err)
			require.Less(t, allocated()-before, uint64(16<<20))
		})
	}
}

// A bomb: a kilobyte that decompresses to a megabyte, again and again.
func TestCompressedMessagesAreBoundedToo(t *testing.T) {
	var bomb bytes.Buffer
	w, err := flate.NewWriter(&bomb, flate.BestSpeed)
	require.NoError(t, err)
	for range 64 {
		_, err = w.Write(make([]byte, 1<<20))
		require.NoError(t, err)
	}
	require.NoError(t, w.Flush())
	data := append(header(0xC2, uint64(bomb.Len())), bomb.Bytes()...)
	l := newLab(t, compressed(data))
	before := allocated()
	got := l.run(within(t), t, 1, websocket.WithCompression(), websocket.WithMaxMessageBytes(1<<20))
	require.Equal(t, &websocket.MessageTooLargeError{URL: l.url, Limit: 1 << 20}, got.err)
	require.Less(t, allocated()-before, uint64(32<<20))

	for name, data := range map[string][]byte{
		"no deflate":      {0xC1, 3, 0xFF, 0xFF, 0xFF},
		"truncated":       {0xC1, 1, 0x4B},
		"a control frame": {0xC9, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, inTurn(compressed(data), sayAndHold("a")))
			got := l.run(within(t), t, 1, websocket.WithCompression(), websocket.WithIdleTimeout(time.Second))
			require.NoError(t, got.err)
			require.NotEmpty(t, got.data())
		})
	}
}

// compressed is says after a handshake that agrees to compress.
func compressed(data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Accept: %s\r\n\r\n", acceptKey(r))
		go func() { _, _ = conn.Write(data) }()
		_, _ = io.Copy(io.Discard, conn)
	}
}

// allocated returns how many bytes the process has ever allocated.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// A server that never stops sending does not keep a run from ending.
func TestAFlood(t *testing.T) {
	l := newLab(t, raw(func(conn net.Conn, r *bufio.Reader) {
		go func() { _, _ = io.Copy(io.Discard, r) }()
		message := bytes.Repeat([]byte("\x81\x01a\x89\x00"), 1000) // and pings
		for {
			if _, err := conn.Write(message); err != nil {
				return
			}
		}
	}))
	got := l.run(within(t), t, 10_000)
	require.NoError(t, got.err)
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errCause)
	defer cancel()
	began := time.Now()
	require.Equal(t, errCause, l.run(ctx, t, 0).err)
	require.Less(t, time.Since(began), 10*time.Second)
}

// A server that accepts and hangs up at once: the delays grow, so that it is not asked all the time.
func TestAServerThatFlaps(t *testing.T) {
	bubble(t, sayAndClose(1001, "a"), func(t *testing.T, l *lab) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Second, errCause)
		defer cancel()
		require.Equal(t, errCause, l.run(ctx, t, 0, websocket.WithRetry(exact)).err)
		require.EqualValues(t, 6, l.connections.Load(), "after 0, 3, 9, 21, 45 and 75 s")
	})
}

// No text shows what in a URL may be a secret, nor a command.
func TestSecrets(t *testing.T) {
	const secret = "s3cret"
	check := func(t *testing.T, errs ...error) {
		t.Helper()
		for _, err := range errs {
			for ; err != nil; err = errors.Unwrap(err) {
				require.NotContains(t, err.Error(), secret)
			}
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"status":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) },
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/?t="+secret, http.StatusFound) },
		"malformed redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://user:"+secret+"%zz@host/")
			w.WriteHeader(http.StatusFound)
		},
		"handshake": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSwitchingProtocols) },
		"close":     sayAndClose(1001),
		"end":       talk(func(context.Context, *ws.Conn) {}),
		"large":     sayAndHold(strings.Repeat("a", 100)),
		"no server": nil,
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			if handler == nil {
				handler = sayAndHold("a")
			}
			l := newLab(t, handler)
			url := strings.Replace(l.url, "ws://", "ws://user:"+secret+"@", 1) + "?token=" + secret + "#" + secret
			if name == "no server" {
				url = "ws://user:" + secret + "@127.0.0.1:1/?token=" + secret
			}
			few := quick
			few.MaxAttempts = 2
			var retries []error
			_, err := websocket.From[string](url, websocket.WithLogger(slog.New(slog.NewTextHandler(&log, nil))), websocket.WithRetry(few),
				websocket.WithMaxMessageBytes(10),
				websocket.WithOnRetry(func(err error, _ int, _ time.Duration) { retries = append(retries, err) }),
			).Collect(within(t))
			require.Error(t, err)
			check(t, append(retries, err)...)
			require.NotContains(t, log.String(), secret)
			require.Contains(t, err.Error(), "rivulet: ")
			require.Contains(t, err.Error(), "websocket ws://127.0.0.1:")
		})
	}
}
