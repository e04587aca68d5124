package sink_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

func TestOnlyGetAndHeadAreServed(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch,
		http.MethodTrace, http.MethodOptions, "INVENTED"} {
		handler := sink.EventSource(source.Never[int](), sink.Config[int]{})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		require.Equal(t, http.StatusMethodNotAllowed, w.Code, method)
		require.Equal(t, "GET, HEAD", w.Header().Get("Allow"), method)
		require.EqualValues(t, 1, handler.Stats().Refused)
	}
	handler := sink.EventSource(source.Never[int](), sink.Config[int]{AllowOrigin: "*"})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	require.Equal(t, "GET, HEAD, OPTIONS", w.Header().Get("Allow"))
}

// neverSent has the ways to announce a body. The body is never sent.
var neverSent = []string{
	"Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 1000000000",
	"Content-Length: 5\r\nExpect: 100-continue", "Content-Length: 5\r\nConnection: keep-alive",
}

// withoutTheBody runs a test with each of them, in a bubble.
func withoutTheBody(t *testing.T, test func(t *testing.T, announced string)) {
	for _, announced := range neverSent {
		t.Run(announced, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, announced) })
		})
	}
}

func TestABodyThatIsNeverSent(t *testing.T) {
	type ended struct {
		handler *sink.Handler[int]
		server  memory
	}
	for name, end := range map[string]func(t *testing.T, e ended){
		"the handler is closed":   func(_ *testing.T, e ended) { e.handler.Close() },
		"the server is shut down": func(t *testing.T, e ended) { require.NoError(t, e.server.Shutdown(t.Context())) },
	} {
		t.Run(name, func(t *testing.T) {
			withoutTheBody(t, func(t *testing.T, announced string) {
				handler := sink.EventSource(source.Interval(time.Second), sink.Config[int]{ID: noID[int], MaxClients: 1})
				defer handler.Close()
				server := serveInMemory(t, handler, false)
				client := server.dial(t, "GET / HTTP/1.1\r\n"+announced)
				response := client.response(t)
				require.Equal(t, http.StatusOK, response.StatusCode)
				events := bufio.NewReader(response.Body)
				require.Equal(t, "data: 0\n\ndata: 1\n\n", lines(t, events, 4))

				begin := time.Now()
				end(t, ended{handler, server})
				_, err := io.Copy(io.Discard, client)
				require.NoError(t, err)
				require.Less(t, time.Since(begin), 2*time.Second)
				synctest.Wait()
				require.Zero(t, handler.Clients())
			})
		})
	}
}

// A client that neither sends the body nor reads is disconnected like one without a body.
func TestABodyThatIsNeverSentByAClientThatDoesNotRead(t *testing.T) {
	withoutTheBody(t, func(t *testing.T, announced string) {
		begin := time.Now()
		var after time.Duration
		handler := sink.EventSource(source.Interval(time.Second), sink.Config[int]{
			ID: noID[int], MaxClients: 1, WriteTimeout: 10 * time.Second,
			OnDisconnect: func(*http.Request) { after = time.Since(begin) },
		})
		defer handler.Close()
		server := serveInMemory(t, handler, false)
		server.dial(t, "GET / HTTP/1.1\r\n"+announced)
		time.Sleep(time.Second)
		require.Equal(t, 1, handler.Clients())
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, 10*time.Second, after)
		require.Zero(t, handler.Clients())
		require.Equal(t, http.StatusOK, server.get(t, "").StatusCode, "its place is free")
		handler.Close()
	})
}

// A client that is refused is refused at once, and its connection is not kept.
func TestABodyThatIsNeverSentToAHandlerThatRefuses(t *testing.T) {
	withoutTheBody(t, func(t *testing.T, announced string) {
		handler := sink.EventSource(source.Never[int](), sink.Config[int]{MaxClients: 1})
		defer handler.Close()
		server := serveInMemory(t, handler, false)
		server.get(t, "")
		for head, status := range map[string]int{
			"GET / HTTP/1.1\r\n":  http.StatusServiceUnavailable,
			"HEAD / HTTP/1.1\r\n": http.StatusServiceUnavailable,
			"POST / HTTP/1.1\r\n": http.StatusMethodNotAllowed,
		} {
			begin := time.Now()
			client := server.dial(t, head+announced)
			require.Equal(t, status, client.response(t).StatusCode)
			require.Equal(t, begin, time.Now())
			_, err := io.Copy(io.Discard, client)
			require.NoError(t, err)
			require.LessOrEqual(t, time.Since(begin), 2*time.Second)
		}
	})
}

// A body that does come is not taken for another request.
func TestABodyThatLooksLikeARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		handler := sink.EventSource(source.Of(1), sink.Config[int]{ID: noID[int]})
		server := serveInMemory(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			handler.ServeHTTP(w, r)
		}), false)
		forged := "GET /forged HTTP/1.1\r\nHost: sink.test\r\n\r\n"
		client := server.dial(t, fmt.Sprintf("GET / HTTP/1.1\r\nContent-Length: %d", len(forged)))
		require.Equal(t, "data: 1\n\n", body(t, client.response(t)))
		go func() { _, _ = io.WriteString(client, forged) }()
		rest, err := io.ReadAll(client)
		require.NoError(t, err)
		require.Empty(t, rest)
		require.EqualValues(t, 1, requests.Load())
	})
}

// A client that sends more than its request and then goes is noticed by its heartbeat.
func TestAClientThatTalksAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := sink.EventSource(source.Never[int](), sink.Config[int]{})
		defer handler.Close()
		server := serveInMemory(t, handler, false)
		client := server.dial(t, "GET / HTTP/1.1")
		require.Equal(t, http.StatusOK, client.response(t).StatusCode)
		go func() { _, _ = io.WriteString(client, "GET / HTTP/1.1\r\n") }()
		synctest.Wait()
		require.NoError(t, client.Close())
		time.Sleep(time.Minute)
		require.Zero(t, handler.Clients())
		require.Zero(t, handler.Stats().Disconnected)
	})
}

// One client never reads, and many others do: it is disconnected, and they get every event.
func TestOneOfManyNeverReads(t *testing.T) {
	clients, events := size(1000, 100), 40
	synctest.Test(t, func(t *testing.T) {
		items := observable.NewSubject[int]()
		handler := sink.EventSource(items.Observable(), sink.Config[int]{
			ID: noID[int], Buffer: 20, OnDisconnect: func(*http.Request) {},
		})
		server := serveInMemory(t, handler, false)
		server.dial(t, "GET / HTTP/1.1") // and never reads
		complete := make(chan int, clients)
		for range clients {
			response := server.get(t, "")
			go func() { complete <- strings.Count(body(t, response), "data: ") }()
		}
		for n := range events {
			items.Next(n)
			time.Sleep(time.Millisecond)
		}
		require.EqualValues(t, 1, handler.Stats().Disconnected)
		items.Complete()
		for range clients {
			require.Equal(t, events, <-complete)
		}
		synctest.Wait()
		require.EqualValues(t, clients, handler.Stats().Served)
		require.EqualValues(t, clients*events, handler.Stats().Sent)
		require.Zero(t, handler.Clients())
	})
}

func withStreams(n int) func(*http.Server) {
	return func(s *http.Server) { s.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: n + 10} }
}

// Many streams of one connection all get everything, and leave with it.
func TestManyStreamsOfOneConnection(t *testing.T) {
	streams := size(1000, 300) // by default, net/http allows 250
	synctest.Test(t, func(t *testing.T) {
		handler := sink.EventSource(operators.Take(source.Interval(time.Second), 10), sink.Config[int]{ID: noID[int]})
		server := serveInMemory(t, handler, true, withStreams(streams))
		complete := make(chan int, streams)
		for range streams {
			response := server.get(t, "")
			go func() { complete <- strings.Count(body(t, response), "data: ") }()
		}
		require.Equal(t, streams, handler.Clients())
		for range streams {
			require.Equal(t, 10, <-complete)
		}

		forever := sink.EventSource(source.Never[int](), sink.Config[int]{})
		defer forever.Close()
		server = serveInMemory(t, forever, true, withStreams(streams))
		for range streams {
			server.get(t, "")
		}
		require.Equal(t, streams, forever.Clients())
		require.NoError(t, server.Close())
		synctest.Wait()
		require.Zero(t, forever.Clients())
	})
}

// Headers of any length are served or refused. A long Last-Event-ID is an unknown one.
func TestHeaderBombs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := sink.EventSource(source.Never[int](), sink.Config[int]{Replay: 10})
		defer handler.Close()
		server := serveInMemory(t, handler, false, func(s *http.Server) { s.MaxHeaderBytes = 100 << 10 })
		long := strings.Repeat("x", 50<<10)
		require.Equal(t, http.StatusOK, server.dial(t, "GET / HTTP/1.1\r\nLast-Event-ID: "+long).response(t).StatusCode)
		for _, bomb := range []string{"X: " + long + long + long, strings.Repeat("X: x\r\n", 40_000) + "X: x"} {
			conn, err := server.listener.Dial(t.Context(), "", "")
			require.NoError(t, err)
			go func() { _, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: sink.test\r\n"+bomb+"\r\n\r\n") }()
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, response.StatusCode)
			require.NoError(t, conn.Close())
		}
		require.Equal(t, 1, handler.Clients())
		time.Sleep(time.Second) // net/http has the end of a response to wait for
	})
}

// Clients that come and go all the time leave nothing behind.
func TestClientsThatComeAndGo(t *testing.T) {
	visits := size(100_000, 200)
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := sink.EventSource(source.Interval(time.Millisecond), sink.Config[int]{})
			defer handler.Close()
			server := serveInMemory(t, handler, http2)
			for n := range visits {
				response := server.get(t, "")
				if n%2 == 0 {
					_ = lines(t, bufio.NewReader(response.Body), 2)
				}
				require.NoError(t, response.Body.Close())
			}
			time.Sleep(time.Minute)
			stats := handler.Stats()
			require.Zero(t, stats.Clients)
			require.GreaterOrEqual(t, stats.Served, int64(visits/2), "at least those that have waited for an event")
			require.Zero(t, stats.Disconnected)
			require.Zero(t, stats.Refused)
		})
	})
}
