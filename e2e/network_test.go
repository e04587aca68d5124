package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

// proxy is a toxiproxy in front of a server.
type proxy struct {
	*toxiproxy.Proxy
	url string
}

func newProxy(t *testing.T, handler http.Handler) *proxy {
	t.Helper()
	server := httptest.NewServer(handler)
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &proxy{Proxy: toxiproxy.NewProxy(api, t.Name(), "127.0.0.1:0", server.Listener.Addr().String())}
	require.NoError(t, p.Start())
	p.url = "http://" + p.Listen
	t.Cleanup(func() {
		p.Stop()
		server.CloseClientConnections()
		server.Close()
	})
	return p
}

// toxic adds one, described as toxiproxy's API does.
func (p *proxy) toxic(t *testing.T, description string) {
	t.Helper()
	_, err := p.Toxics.AddToxicJson(strings.NewReader(description))
	require.NoError(t, err)
}

// A bad network changes when events come, but not which: each one once and in order.
func TestEveryEventOnceOverABadNetwork(t *testing.T) {
	for _, row := range []struct {
		name     string
		events   int
		toxics   []string
		requests [2]int64 // at least and at most, the one that is answered with 204 included
	}{
		{"latency", 500, []string{`{"type":"latency","attributes":{"latency":30,"jitter":20}}`}, [2]int64{2, 2}},
		{"bandwidth", 4000, []string{`{"type":"bandwidth","attributes":{"rate":100}}`}, [2]int64{2, 2}},
		{"single bytes", 500, []string{`{"type":"slicer","attributes":{"average_size":1,"delay":1}}`}, [2]int64{2, 2}},
		{"cuts", 3000, []string{`{"type":"limit_data","attributes":{"bytes":1511}}`}, [2]int64{30, 80}},
		{"cuts of single bytes, late", 500, []string{
			`{"type":"limit_data","attributes":{"bytes":1511}}`,
			`{"type":"slicer","attributes":{"average_size":1,"delay":1}}`,
			`{"type":"latency","attributes":{"latency":5}}`,
		}, [2]int64{5, 20}},
		{"slow close", 500, []string{
			`{"type":"limit_data","attributes":{"bytes":5003}}`, `{"type":"slow_close","attributes":{"delay":20}}`,
		}, [2]int64{2, 8}},
	} {
		t.Run(row.name, func(t *testing.T) {
			server := &replaying{n: row.events}
			p := newProxy(t, server)
			for _, toxic := range row.toxics {
				p.toxic(t, toxic)
			}
			got := run(t, p.url)
			require.NoError(t, got.err)
			require.Equal(t, numbers(row.events), got.data)
			require.GreaterOrEqual(t, server.requests.Load(), row.requests[0])
			require.LessOrEqual(t, server.requests.Load(), row.requests[1])
		})
	}
}

// Connections that are reset before anything comes through: attempts go on at the pace of the policy, and when the
// network is well again every event comes once.
func TestResets(t *testing.T) {
	server := &replaying{n: 300}
	p := newProxy(t, server)
	p.toxic(t, `{"type":"reset_peer","attributes":{"timeout":1}}`)
	got := run(t, p.url, source.WithOnRetry(func(_ error, attempt int, _ time.Duration) {
		if attempt == 5 {
			p.Toxics.ResetToxics(t.Context())
		}
	}))
	require.NoError(t, got.err)
	require.Equal(t, numbers(300), got.data)
	require.GreaterOrEqual(t, len(got.retries), 5)
	require.LessOrEqual(t, server.requests.Load(), int64(10))
}

// A connection that stays open while nothing comes through any more is found by the idle timeout, and only by it.
func TestHalfOpenConnection(t *testing.T) {
	server := &replaying{n: 300, pace: time.Millisecond}
	p := newProxy(t, server)
	halfOpen := false
	opts := []source.Option{
		source.WithIdleTimeout(250 * time.Millisecond),
		source.WithOnRetry(func(error, int, time.Duration) { p.Toxics.ResetToxics(t.Context()) }),
	}
	var got []string
	var reasons []error
	opts = append(opts, source.WithOnRetry(func(err error, _ int, _ time.Duration) { reasons = append(reasons, err) }))
	err := within(t, source.FromEventSource[string](p.url, append(opts, source.WithRetry(quick))...),
		func(e source.Event[string]) {
			got = append(got, e.Data)
			if len(got) == 50 && !halfOpen {
				halfOpen = true
				p.toxic(t, `{"type":"timeout","attributes":{"timeout":0}}`)
			}
		})
	require.NoError(t, err)
	require.Equal(t, numbers(300), got)
	require.ErrorIs(t, reasons[0], source.ErrIdleTimeout)
	require.LessOrEqual(t, server.requests.Load(), int64(4))
}

// A server that goes away and comes back: connections break and are refused, then every event comes once.
func TestRestarts(t *testing.T) {
	server := &replaying{n: 600, pace: 500 * time.Microsecond}
	p := newProxy(t, server)
	restarts := 0
	var got []string
	refused := 0
	events := source.FromEventSource[string](p.url, source.WithRetry(quick),
		source.WithOnRetry(func(_ error, attempt int, _ time.Duration) {
			if refused = max(refused, attempt); attempt == 4 {
				require.NoError(t, p.Start())
			}
		}))
	err := within(t, events, func(e source.Event[string]) {
		got = append(got, e.Data)
		if len(got)%200 == 0 && restarts < 3 {
			restarts++
			p.Stop()
		}
	})
	require.NoError(t, err)
	require.Equal(t, numbers(600), got)
	require.Equal(t, 3, restarts)
	require.GreaterOrEqual(t, refused, 4)
	require.LessOrEqual(t, server.requests.Load(), int64(12))
}

// HTTP/2: the stream is one of several on a connection; when the server resets it, nothing is lost.
func TestHTTP2(t *testing.T) {
	numbered := &replaying{n: 2000}
	cuts := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, 2, r.ProtoMajor)
		if cuts++; cuts%2 == 1 && cuts < 20 {
			w.Header().Set("Content-Type", "text/event-stream")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		numbered.ServeHTTP(&limited{ResponseWriter: w, left: 4001}, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = quiet
	server.StartTLS()
	defer server.Close()
	got := run(t, server.URL, source.WithHTTPClient(server.Client()))
	require.NoError(t, got.err)
	require.Equal(t, numbers(2000), got.data)
	require.Greater(t, len(got.retries), 10)
}

// limited aborts the answer when so many bytes have been written.
type limited struct {
	http.ResponseWriter
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n, _ := l.ResponseWriter.Write(p[:min(l.left, len(p))])
	if l.left -= n; l.left == 0 {
		_ = http.NewResponseController(l.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, nil
}
