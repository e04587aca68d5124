package source_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// TestHTTP2 has the run close, by itself, a connection that HTTP/2 would keep: Close of the server waits for that.
func TestHTTP2(t *testing.T) {
	var open atomic.Int32
	server := httptest.NewUnstartedServer(held("data: a\n\n"))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed:
			open.Add(-1)
		}
	}
	server.StartTLS()
	defer server.Close()
	withTransport(t, server.Client().Transport)

	var protocol string
	o := source.FromEventSource[string](server.URL, source.WithOnOpen(func(r *http.Response) { protocol = r.Proto }))
	event, err := o.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "a", event.Data)
	require.Equal(t, "HTTP/2.0", protocol)
	require.Eventually(t, func() bool { return open.Load() == 0 }, 10*time.Second, time.Millisecond)
}

// endless is a body that repeats a text without end.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		c := copy(p[n:], e.text[e.at:])
		e.at = (e.at + c) % len(e.text)
		n += c
	}
	return n, nil
}

// endlessly is a client that answers with an endless body, without a network.
func endlessly(text string) source.Option {
	return source.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK,
			Header:     http.Header{"Content-Type": {"text/event-stream"}},
			Body:       io.NopCloser(&endless{text: text}),
			Request:    r,
		}, nil
	})})
}

// raw decodes into the length of the data, which allocates nothing.
var raw = source.WithDecoder(func(data []byte, v any) error {
	*v.(*int) = len(data)
	return nil
})

func TestAnEventThatIsOnlyDecodedCostsNoAllocation(t *testing.T) {
	const n = 10_000
	o := operators.Take(source.FromEventSource[int]("http://events.test/", raw, source.WithEvents("visitor"),
		endlessly("event: visitor\nid: 7\ndata: {\"code\":\"GB\"}\n\nevent: other\ndata: x\n\n")), n)
	allocations := testing.AllocsPerRun(5, func() { _ = o.ForEach(t.Context(), func(source.Event[int]) {}) })
	require.Less(t, allocations, n/10.0, "those of the connection alone")
}

func BenchmarkEventSource(b *testing.B) {
	const visitor = "event: visitor\n" +
		`data: {"name":"United Kingdom","flag":"🇬🇧","code":"GB","timestamp":1700000000000}` + "\n\n"
	b.Run("raw", func(b *testing.B) { benchmarkEventSource[int](b, visitor, raw) })
	b.Run("string", func(b *testing.B) { benchmarkEventSource[string](b, visitor) })
	b.Run("bytes", func(b *testing.B) { benchmarkEventSource[[]byte](b, visitor) })
	b.Run("JSON", func(b *testing.B) {
		benchmarkEventSource[struct {
			Name, Flag, Code string
			Timestamp        int64
		}](b, visitor)
	})
	b.Run("1 MiB", func(b *testing.B) { benchmarkEventSource[int](b, "data: "+strings.Repeat("x", 1<<20)+"\n\n", raw) })
}

func benchmarkEventSource[T any](b *testing.B, text string, opts ...source.Option) {
	o := operators.Take(source.FromEventSource[T]("http://events.test/", append(opts, endlessly(text))...), b.N)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	b.ResetTimer()
	if err := o.ForEach(b.Context(), func(source.Event[T]) {}); err != nil {
		b.Fatal(err)
	}
}
