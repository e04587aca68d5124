package main

import (
	"embed"
	"io/fs"
	"net"
	"net/http"
	"net/netip"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/sink"
)

//go:embed page
var files embed.FS

// newPage returns the web page: its files, and the boards as a stream of events on /boards.
func newPage(boards observable.Observable[board]) http.Handler {
	static, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	page := http.NewServeMux()
	page.Handle("GET /", http.FileServerFS(static))
	page.Handle("GET /boards", sink.EventSource(boards, sink.Config[board]{Replay: 1, ReplayToAll: true, Eager: true}))
	return protected(page)
}

// protected lets only this machine's own pages use a handler. A page of another site cannot read it, even through a name
// of its own that resolves to this machine. The browser runs no script but those of the page.
func protected(page http.Handler) http.Handler {
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
