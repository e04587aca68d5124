package main

import (
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

//go:embed page
var files embed.FS

// view is what the page shows.
type view struct {
	Model
	State string `json:"state"` // of the connection to the stream: Connecting, Open, or Closed when it was stopped
}

const (
	barsLength = 10
	blink      = 50 * time.Millisecond // nobody sees more views than one in this time
)

// views is the model together with the state, soon after one of them has changed.
func (f *follower) views() observable.Observable[view] {
	all := operators.CombineLatest2(f.models.Observable(), f.states.Observable(), func(m Model, s source.State) view {
		m.Counts = m.Counts[:min(len(m.Counts), barsLength)]
		return view{m, s.String()}
	})
	return operators.Audit(all, blink)
}

// newPage is the web page: its files, the view as a stream of events on /model, and what its buttons do. Pages of
// other sites cannot press them.
func newPage(f *follower) http.Handler {
	static, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	page := http.NewServeMux()
	page.Handle("GET /", http.FileServerFS(static))
	page.Handle("GET /model", sink.EventSource(f.views(), sink.Config[view]{Replay: 1, ReplayToAll: true, Eager: true}))
	page.HandleFunc("POST /start", func(w http.ResponseWriter, _ *http.Request) {
		if err := f.start(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	page.HandleFunc("POST /stop", func(w http.ResponseWriter, _ *http.Request) {
		f.stop()
		w.WriteHeader(http.StatusNoContent)
	})
	return http.NewCrossOriginProtection().Handler(page)
}
