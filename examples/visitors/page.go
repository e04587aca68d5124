package main

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/rivulet-go/rivulet/sink"
)

//go:embed page
var files embed.FS

// newPage is the web page: its files, the model as a stream of events on /model, and what its buttons do.
func newPage(f *follower) http.Handler {
	static, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	models := sink.EventSource(f.models.Observable(), sink.Config[Model]{
		Replay: 1, ReplayToAll: true, Eager: true,
	})
	page := http.NewServeMux()
	page.Handle("GET /", http.FileServerFS(static))
	page.Handle("GET /model", models)
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
	return page
}
