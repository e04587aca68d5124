package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

// A lockedBuffer is a buffer that several goroutines use.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestTheProgram(t *testing.T) {
	var stdout lockedBuffer
	arguments := strings.Fields("-boards 10 -every 2ms -silence 1m")
	require.NoError(t, run(t.Context(), append(arguments, "-addr", ""), &stdout, io.Discard))
	require.Contains(t, stdout.String(), " at ")
	require.NotContains(t, stdout.String(), "ALERT")
}

// The third exchange is silent after 30 prices.
func TestTheProgramRaisesAnAlert(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stdout lockedBuffer
	ended := make(chan error, 1)
	arguments := strings.Fields("-addr localhost:0 -every 20ms -silence 200ms")
	go func() { ended <- run(ctx, arguments, &stdout, io.Discard) }()
	require.Eventually(t, func() bool { return strings.Contains(stdout.String(), "ALERT: west is silent\n") },
		20*time.Second, time.Millisecond)
	interrupt()
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestThePage(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stdout lockedBuffer
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, strings.Fields("-addr localhost:0 -every 5ms"), &stdout, io.Discard) }()
	require.Eventually(t, func() bool { return strings.Contains(stdout.String(), "\n") }, 20*time.Second, time.Millisecond)
	line, _, _ := strings.Cut(stdout.String(), "\n")
	page := strings.TrimPrefix(line, "The page is at ")

	_, err := source.FromEventSource[board](page + "/boards").First(t.Context())
	require.NoError(t, err)
	for path, contentType := range map[string]string{
		"/": "text/html", "/page.js": "text/javascript", "/page.css": "text/css", "/favicon.svg": "image/svg+xml",
	} {
		response, err := http.Get(page + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode, path)
		require.Contains(t, response.Header.Get("Content-Type"), contentType)
		require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'self'")
	}
	interrupt()
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestPageHost(t *testing.T) {
	page := protected(http.NotFoundHandler())
	for host, want := range map[string]int{
		"localhost:8080": 404, "127.0.0.1:8080": 404, "[::1]:8080": 404, "example.com": 421, "example.com:8080": 421, "": 421,
	} {
		request := httptest.NewRequest(http.MethodGet, "/boards", nil)
		request.Host = host
		response := httptest.NewRecorder()
		page.ServeHTTP(response, request)
		require.Equal(t, want, response.Code, host)
	}
}

func TestWrongArguments(t *testing.T) {
	for line, want := range map[string]string{
		"-every 0s": "must be positive", "-boards -1": "must not be negative", "-feed nowhere": "it must be name=URL", "-bogus": "-bogus",
	} {
		require.ErrorContains(t, run(t.Context(), strings.Fields(line), io.Discard, io.Discard), want)
	}
}
