package main

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"time"
)

//go:embed page
var files embed.FS

// web is the server of the page, and of the stream through the balancer.
type web struct {
	url    string
	server *http.Server
	served chan error
}

func serveWeb(addr string, b *balancer) (*web, error) {
	static, err := fs.Sub(files, "page")
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	quiet := log.New(io.Discard, "", 0)                                                                // clients and instances that go are not worth a line
	withoutBody := func(r *httputil.ProxyRequest) { r.Out.Body, r.Out.ContentLength = http.NoBody, 0 } // it could be sent only once
	proxy := &httputil.ReverseProxy{Rewrite: withoutBody, Transport: b, ErrorLog: quiet}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(static))
	mux.Handle("GET /events", proxy)
	host, _, _ := net.SplitHostPort(addr) // Listen has accepted addr
	w := &web{
		url:    "http://" + listener.Addr().String(),
		server: &http.Server{Handler: secure(host, mux), ReadHeaderTimeout: 10 * time.Second, ErrorLog: quiet},
		served: make(chan error, 1),
	}
	go func() { w.served <- w.server.Serve(listener) }()
	return w, nil
}

// secure keeps pages of other sites from reading the stream and from showing this page as theirs. A site can have its
// name resolve to the address of this server; so the name in the request must be localhost, that of -addr, or an address.
func secure(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		name := hostname(r.Host)
		if _, err := netip.ParseAddr(name); err != nil && name != "localhost" && name != host {
			http.Error(w, "this server does not have that name", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostname returns the name in a Host header, without the port.
func hostname(host string) string { return (&url.URL{Host: host}).Hostname() }

func (w *web) close() error {
	err := w.server.Close()
	if failure := <-w.served; !errors.Is(failure, http.ErrServerClosed) {
		err = errors.Join(err, failure)
	}
	return err
}
