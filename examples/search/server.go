package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// index is a search server that takes its time. It counts the requests, and those that were canceled meanwhile.
type index struct {
	latency            time.Duration
	requests, canceled atomic.Int64
}

// serve serves the index until stop is called, which waits for the requests.
func (x *index) serve() (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: x, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // returns when it is shut down
	return "http://" + listener.Addr().String(), func() { _ = server.Shutdown(context.Background()) }, nil
}

// maxFound is how many results an answer has at most.
const maxFound = 5

func (x *index) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.requests.Add(1)
	select {
	case <-time.After(x.latency):
	case <-r.Context().Done():
		x.canceled.Add(1)
		return
	}
	found := []string{}
	for _, name := range packages {
		if strings.Contains(name, r.FormValue("q")) && len(found) < maxFound {
			found = append(found, name)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(found) // fails if the client has left
}

var packages = strings.Fields(`archive/tar archive/zip bufio bytes cmp compress/gzip container/heap container/list context
	crypto/aes crypto/rand crypto/sha256 crypto/tls database/sql embed encoding/base64 encoding/binary encoding/csv
	encoding/gob encoding/hex encoding/json encoding/xml errors expvar flag fmt go/ast go/parser go/token hash/crc32
	hash/maphash html html/template image image/png io io/fs iter log log/slog maps math math/big math/bits math/rand/v2
	mime mime/multipart net net/http net/http/httptest net/http/httputil net/http/pprof net/mail net/netip net/smtp net/url
	os os/exec os/signal path path/filepath reflect regexp runtime runtime/debug runtime/pprof slices sort strconv strings
	sync sync/atomic syscall syscall/js testing testing/fstest testing/synctest text/tabwriter text/template time unicode
	unicode/utf8 unique unsafe`)
