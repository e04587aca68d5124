package main

import (
	"embed"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

//go:embed page
var files embed.FS

// connection is the state of the connection to the stream.
type connection struct {
	State string `json:"state"` // Connecting, Open, or Closed when it was stopped
	Known bool   `json:"known"` // it was open before
}

// view is what the page shows.
type view struct {
	Model
	connection
}

const (
	barsLength = 10
	blink      = 50 * time.Millisecond // no more than one view in this time can be seen
)

// views emits the model together with the connection, soon after one of them has changed.
func (f *follower) views() observable.Observable[view] {
	connections := operators.Scan(f.states.Observable(), connection{}, func(c connection, s source.State) connection {
		return connection{s.String(), c.Known || s == source.Open}
	})
	all := operators.CombineLatest2(f.models, connections, func(m Model, c connection) view {
		m.Counts = m.Counts[:min(len(m.Counts), barsLength)]
		return view{m, c}
	})
	return operators.Audit(all, blink)
}

// newPage returns the web page: its files, the view as a stream of events on /model, and what its buttons do.
func newPage(f *follower) http.Handler {
	static, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	listen := func(on bool) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			f.listening.Next(on)
			w.WriteHeader(http.StatusNoContent)
		}
	}
	page := http.NewServeMux()
	page.Handle("GET /", http.FileServerFS(static))
	page.Handle("GET /model", sink.EventSource(f.views(), sink.Config[view]{Replay: 1, ReplayToAll: true, Eager: true}))
	page.HandleFunc("POST /start", listen(true))
	page.HandleFunc("POST /stop", listen(false))
	return protected(page)
}

// protected lets only this machine's own pages use a handler. Pages of other sites cannot press its buttons, and cannot
// read it through a name of their own that resolves to this machine. The browser runs no script but those of the page.
func protected(page http.Handler) http.Handler {
	page = http.NewCrossOriginProtection().Handler(page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if !isLocal(r.Host) {
			http.Error(w, "unknown host", http.StatusMisdirectedRequest)
			return
		}
		page.ServeHTTP(w, r)
	})
}

// isLocal reports whether the host of a request is an IP address or localhost. A site cannot make its own name one.
func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost"
}
