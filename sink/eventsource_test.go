package sink_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

func TestTheFirstClientGetsAllOfAFiniteStream(t *testing.T) {
	url := serve(t, sink.EventSource(source.Of(1, 2), sink.Config[int]{ID: noID[int]}))
	response := get(t, url, "")
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	require.Equal(t, "no-cache, no-transform", response.Header.Get("Cache-Control"))
	require.Equal(t, "data: 1\n\ndata: 2\n\n", body(t, response))
	require.Equal(t, http.StatusNoContent, get(t, url, "").StatusCode)
}

func TestTypesIDsAndEncoding(t *testing.T) {
	url := serve(t, sink.EventSource(source.Of("a"), sink.Config[string]{
		Type: by, ID: by, Encode: func(s string) ([]byte, error) { return []byte(s + "\r\nb\rc\nd"), nil },
	}))
	require.Equal(t, "id: a\nevent: a\ndata: a\ndata: b\ndata: c\ndata: d\n\n", body(t, get(t, url, "")))
}

func TestAllClientsShareOneRun(t *testing.T) {
	items := observable.NewSubject[int]()
	runs := 0
	counted := source.Defer(func() observable.Observable[int] { runs++; return items.Observable() })
	handler := sink.EventSource(counted, sink.Config[int]{ID: noID[int]})
	url := serve(t, handler)
	var readers []*bufio.Reader
	for range 3 {
		readers = append(readers, bufio.NewReader(get(t, url, "").Body))
	}
	require.Equal(t, 3, handler.Clients())
	require.Eventually(t, func() bool { return items.Observers() == 1 }, 10*time.Second, time.Millisecond)
	items.Next(7)
	for _, r := range readers {
		require.Equal(t, "data: 7\n\n", lines(t, r, 2))
	}
	items.Complete()
	for _, r := range readers {
		_, err := r.ReadByte()
		require.Equal(t, io.EOF, err)
	}
	require.Equal(t, 1, runs)
}

func TestReplay(t *testing.T) {
	for _, c := range []struct {
		name, lastEventID string
		replay            int
		toAll             bool
		want              string
	}{
		{"a newcomer gets nothing old", "", 3, false, ""},
		{"a newcomer gets what is kept, if configured", "", 3, true, "cde"},
		{"after an event that is kept", "c", 3, false, "de"},
		{"after the last event", "e", 3, true, ""},
		{"after an event that is not kept any more", "a", 3, false, "cde"},
		{"with the ID of another stream", "?", 2, false, "de"},
		{"nothing is kept", "c", 0, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			handler := sink.EventSource(source.Of("a", "b", "c", "d", "e"), sink.Config[string]{
				ID: by, Replay: c.replay, ReplayToAll: c.toAll,
			})
			url := serve(t, handler)
			body(t, get(t, url, "")) // runs the stream to its end
			response := get(t, url, c.lastEventID)
			got := ""
			for line := range strings.Lines(body(t, response)) {
				if id, ok := strings.CutPrefix(line, "id: "); ok {
					got += strings.TrimSpace(id)
				}
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.want == "", response.StatusCode == http.StatusNoContent)
		})
	}
}

func TestAClientThatComesBackMissesNothing(t *testing.T) {
	handler := sink.EventSource(source.Interval(time.Millisecond), sink.Config[int]{Replay: 1000})
	url := serve(t, handler)
	defer handler.Close()
	next := 0
	events := source.FromEventSource[int](url, source.WithPosition(new(source.Position)))
	for range 20 {
		items, err := operators.Take(events, 5).Collect(t.Context())
		require.NoError(t, err)
		for _, event := range items {
			require.Equal(t, next, event.Data)
			next++
		}
	}
}

func TestGreeting(t *testing.T) {
	config := sink.Config[string]{ID: by, Greeting: []string{"hello", "there"}}
	url := serve(t, sink.EventSource(source.Of("a"), config))
	require.Equal(t, "data: hello\n\ndata: there\n\nid: a\ndata: a\n\n", body(t, get(t, url, "")))
}

func TestAGreetingThatCannotBeEncodedPanics(t *testing.T) {
	require.PanicsWithValue(t, "sink.EventSource: Config.Greeting: "+
		"rivulet: encoding a func() to publish it: json: unsupported type: func()", func() {
		sink.EventSource(source.Never[func()](), sink.Config[func()]{Greeting: []func(){nil}})
	})
}

func TestMistakesPanic(t *testing.T) {
	require.Panics(t, func() { sink.EventSource[int](nil, sink.Config[int]{}) })
	require.PanicsWithError(t, "sink.EventSource: Config.Replay is -1, it must not be negative", func() {
		sink.EventSource(source.Of(1), sink.Config[int]{Replay: -1})
	})
}

func TestAFailureIsReportedAndEndsTheResponses(t *testing.T) {
	boom := errors.New("boom")
	unencodable := func(int) ([]byte, error) { return nil, boom }
	for name, handler := range map[string]func(chan<- error) http.Handler{
		"the source fails": func(failures chan<- error) http.Handler {
			return sink.EventSource(source.Throw[int](boom), sink.Config[int]{OnError: func(err error) { failures <- err }})
		},
		"an item cannot be encoded": func(failures chan<- error) http.Handler {
			return sink.EventSource(source.Of(1), sink.Config[int]{
				Encode: unencodable, OnError: func(err error) { failures <- err },
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			failures := make(chan error, 1)
			url := serve(t, handler(failures))
			require.Empty(t, body(t, get(t, url, "")))
			require.ErrorIs(t, <-failures, boom)
			require.Equal(t, http.StatusInternalServerError, get(t, url, "").StatusCode)
		})
	}
}

func TestTooManyClients(t *testing.T) {
	handler := sink.EventSource(source.Never[int](), sink.Config[int]{MaxClients: 1, AllowOrigin: "*"})
	url := serve(t, handler)
	first := get(t, url, "")
	require.Equal(t, "*", first.Header.Get("Access-Control-Allow-Origin"))
	second := get(t, url, "")
	require.Equal(t, http.StatusServiceUnavailable, second.StatusCode)
	require.Equal(t, "5", second.Header.Get("Retry-After"))
	handler.Close()
	_ = body(t, first)
}

func TestASlowClientIsDisconnectedAndTheOthersContinue(t *testing.T) {
	items := observable.NewSubject[string]()
	disconnected := make(chan string, 1)
	handler := sink.EventSource(items.Observable(), sink.Config[string]{
		Buffer: 4, OnDisconnect: func(r *http.Request) { disconnected <- r.URL.Path },
	})
	url := serve(t, handler)
	slow, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	defer slow.Close()
	_, err = io.WriteString(slow, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n") // and never reads
	require.NoError(t, err)
	good := bufio.NewReader(get(t, url+"/good", "").Body)
	require.Eventually(t, func() bool { return handler.Clients() == 2 && items.Observers() == 1 },
		10*time.Second, time.Millisecond)

	large := strings.Repeat("x", 1<<20)
	for {
		items.Next(large)
		_ = lines(t, good, 3)
		select {
		case path := <-disconnected:
			require.Equal(t, "/slow", path)
			require.EqualValues(t, 1, handler.Stats().Disconnected)
			items.Complete()
			return
		default:
		}
	}
}

func TestEagerRunsWithoutAClient(t *testing.T) {
	ran := make(chan struct{})
	src := source.FromFunc(func(context.Context) (int, error) { close(ran); return 1, nil })
	sink.EventSource(src, sink.Config[int]{Eager: true})
	<-ran
}

func TestCloseEndsTheRunAndTheResponses(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	src := operators.Finally(source.Defer(func() observable.Observable[int] {
		close(began)
		return source.Never[int]()
	}), func(error) { close(ended) })
	handler := sink.EventSource(src, sink.Config[int]{})
	url := serve(t, handler)
	response := get(t, url, "")
	<-began // the client has the header before
	handler.Close()
	<-ended
	require.Empty(t, body(t, response))
	require.Equal(t, http.StatusServiceUnavailable, get(t, url, "").StatusCode)
}

func TestShuttingTheServerDownEndsTheResponses(t *testing.T) {
	server := httptest.NewServer(sink.EventSource(source.Never[int](), sink.Config[int]{}))
	defer server.Close()
	response := get(t, server.URL, "")
	require.NoError(t, server.Config.Shutdown(t.Context()))
	require.Empty(t, body(t, response))
}

func TestHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(sink.EventSource(source.Of(1, 2), sink.Config[int]{}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	var protocol string
	events := source.FromEventSource[int](server.URL, source.WithHTTPClient(server.Client()),
		source.WithOnOpen(func(r *http.Response) { protocol = r.Proto }))
	items, err := operators.Map(operators.Take(events, 2), source.Data[int]).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, items)
	require.Equal(t, "HTTP/2.0", protocol)
}
