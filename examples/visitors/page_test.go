package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/examples/internal/demotest"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// started is the program, its page and what has become of it.
type started struct {
	page  string
	ended chan error
}

// start runs the program with a page.
func start(t *testing.T, ctx context.Context, arguments ...string) *started {
	var stdout, stderr demotest.Output
	s := &started{ended: make(chan error, 1)}
	go func() { s.ended <- run(ctx, append(arguments, "-addr", "localhost:0"), &stdout, &stderr) }()
	stdout.Awaits(t, "Waiting")
	_, line, _ := strings.Cut(stdout.String(), "The page is at ")
	s.page, _, _ = strings.Cut(line, "\n")
	return s
}

// views is what the page is sent.
func (s *started) views() observable.Observable[view] {
	return operators.Map(source.FromEventSource[view](s.page+"/model", source.WithCompleteOnEOF()), source.Data[view])
}

// reaches waits until the page is in a state.
func (s *started) reaches(t *testing.T, state string) {
	t.Helper()
	_, err := operators.Find(s.views(), func(v view) bool { return v.State == state }).First(t.Context())
	require.NoError(t, err, state)
}

// post presses a button, from a page of the site that the header names.
func (s *started) post(t *testing.T, action, header, value string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.page+action, nil)
	require.NoError(t, err)
	request.Header.Set(header, value)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

func TestButtons(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	program := start(t, ctx, "-every", "1ms")
	program.reaches(t, "Open")
	require.Equal(t, http.StatusNoContent, program.post(t, "/stop", "Sec-Fetch-Site", "same-origin"))
	program.reaches(t, "Closed")
	require.Equal(t, http.StatusForbidden, program.post(t, "/start", "Sec-Fetch-Site", "cross-site"))
	require.Equal(t, http.StatusForbidden, program.post(t, "/start", "Origin", "https://example.com"))
	program.reaches(t, "Closed")
	require.Equal(t, http.StatusNoContent, program.post(t, "/start", "Origin", program.page))
	program.reaches(t, "Open")
	interrupt()
	require.NoError(t, <-program.ended)
}

func TestPageFiles(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	program := start(t, ctx)
	for path, contentType := range map[string]string{
		"/": "text/html", "/page.js": "text/javascript", "/page.css": "text/css", "/favicon.svg": "image/svg+xml",
	} {
		response, err := http.Get(program.page + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode, path)
		require.Contains(t, response.Header.Get("Content-Type"), contentType)
		require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'self'")
	}
	interrupt()
	require.NoError(t, <-program.ended)
}

// A site whose name resolves to this machine cannot read the page.
func TestPageHost(t *testing.T) {
	page := protected(http.NotFoundHandler())
	for host, want := range map[string]int{
		"localhost:8080": 404, "localhost": 404, "127.0.0.1:8080": 404, "[::1]:8080": 404, "192.168.0.7": 404,
		"example.com": 421, "example.com:8080": 421, "localhost.example.com": 421, "": 421,
	} {
		request := httptest.NewRequest(http.MethodGet, "/model", nil)
		request.Host = host
		response := httptest.NewRecorder()
		page.ServeHTTP(response, request)
		require.Equal(t, want, response.Code, host)
	}
}

// The connections of pages do not keep the program: they end with it.
func TestTheEndOfTheProgramEndsThePage(t *testing.T) {
	program := start(t, t.Context(), "-every", "50ms", "-events", "15")
	views, err := program.views().Collect(t.Context())
	require.NoError(t, err)
	require.NoError(t, <-program.ended)
	last := views[len(views)-1]
	require.LessOrEqual(t, len(last.Counts), barsLength)
	require.Equal(t, len(last.History), last.Visits)
}

func TestCounts(t *testing.T) {
	var counts []Count
	for _, name := range []string{"Peru", "Ghana", "Peru", "Iceland", "Ghana", "Ghana"} {
		before := slices.Clone(counts)
		next := count(counts, Country{Name: name})
		require.Equal(t, before, counts, "the counts before are as they were")
		counts = next
	}
	require.Equal(t, []Count{{Name: "Ghana", Visits: 3}, {Name: "Peru", Visits: 2}, {Name: "Iceland", Visits: 1}}, counts)
	for i := range 2 * maxCounts {
		counts = count(counts, Country{Name: strings.Repeat("x", i)})
	}
	require.Len(t, counts, maxCounts)
}
