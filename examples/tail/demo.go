package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// maxBatch is the most bytes of a batch that a collector accepts. It is more than follow and posted make.
const maxBatch = 2 * batchLines * maxLine

// A collector is a server that takes batches of lines. It is too busy for every fifth request.
type collector struct {
	mu       sync.Mutex
	requests int
	known    map[string]bool // keys of batches
	lines    []string
}

func newCollector() *collector { return &collector{known: map[string]bool{}} }

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBatch))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	key := r.Header.Get("Idempotency-Key")
	switch {
	case err != nil:
		http.Error(w, "the batch cannot be read", http.StatusBadRequest)
	case c.requests%5 == 2:
		http.Error(w, "too busy", http.StatusServiceUnavailable)
	case !c.known[key]:
		c.known[key] = true
		c.lines = append(c.lines, strings.Split(strings.TrimSuffix(string(body), "\n"), "\n")...)
	}
}

func (c *collector) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("%d lines in %d batches after %d requests", len(c.lines), len(c.known), c.requests)
}

// serve serves the collector until stop is called, which waits for the requests.
func (c *collector) serve() (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // returns when it is shut down
	return "http://" + listener.Addr().String(), func() { _ = server.Shutdown(context.Background()) }, nil
}

// A writer appends lines to a file.
type writer struct {
	path string
	stop context.CancelFunc
	done chan struct{}
}

// startWriter begins to write lines to a new file. It calls enough after the last one. 0 lines means no limit.
func startWriter(every time.Duration, lines int, enough func()) (*writer, error) {
	folder, err := os.MkdirTemp("", "tail")
	if err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(folder, "lines.log"))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	w := &writer{path: file.Name(), stop: stop, done: make(chan struct{})}
	go func() {
		defer close(w.done)
		defer file.Close()
		for n := 1; ctx.Err() == nil && (lines == 0 || n <= lines); n++ {
			fmt.Fprintf(file, "%s line %d\n", time.Now().Format(time.RFC3339), n)
			pause(ctx, ctx, every)
		}
		enough()
	}()
	return w, nil
}

// close stops the writer and removes its file.
func (w *writer) close() {
	w.stop()
	<-w.done
	_ = os.RemoveAll(filepath.Dir(w.path))
}
