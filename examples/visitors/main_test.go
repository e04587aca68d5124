package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/examples/internal/demotest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// events is a server that answers with a status, a content type and a body, and holds the connection.
func events(t *testing.T, status int, contentType, body string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		_ = http.NewResponseController(w).Flush()
		if status == http.StatusOK {
			<-r.Context().Done()
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

const stream = "text/event-stream"

func TestTheMainJob(t *testing.T) {
	var stdout, stderr demotest.Output
	err := run(t.Context(), []string{"-addr", "", "-events", "25", "-every", "1ms"}, &stdout, &stderr)
	require.NoError(t, err)
	require.Empty(t, stderr.String())
	lines := stdout.Lines()
	require.Len(t, lines, 1+1+25+1)
	require.Contains(t, lines[0], "The events are at http://127.0.0.1:")
	lines = lines[1:]
	require.Equal(t, "Waiting for visitors…", lines[0])
	require.Contains(t, lines[1], " User visited from ")
	last, found := strings.CutPrefix(lines[26], "history: ")
	require.True(t, found)
	require.Len(t, strings.Split(last, ", "), historyLength)
	newest, _, _ := strings.Cut(last, ", ")
	flag, name, _ := strings.Cut(newest, " ")
	require.Equal(t, flag+" User visited from "+name, lines[25])
}

func TestAnotherServer(t *testing.T) {
	url := events(t, http.StatusOK, stream, `event: connected
data: {}

event: visitor
data: {"name":"United Kingdom","flag":"🇬🇧","code":"GB","timestamp":1}

event: visitor
data: not JSON

event: visitor
data: {"name":7}

event: other
data: not read

event: visitor
data: {"name":"\u001bGha\n\u009bna","flag":"🇬🇭\u0007","code":"GH","timestamp":2}

`)
	var stdout, stderr demotest.Output
	require.NoError(t, run(t.Context(), []string{"-addr", "", "-url", url, "-events", "2"}, &stdout, &stderr))
	require.Equal(t, `Waiting for visitors…
🇬🇧 User visited from United Kingdom
🇬🇭 User visited from Ghana
history: 🇬🇭 Ghana, 🇬🇧 United Kingdom
`, stdout.String())
	require.Contains(t, stderr.String(), `skipped a "visitor" event that cannot be read: "not JSON": invalid character`)
	require.Contains(t, stderr.String(), `"{\"name\":7}": json: cannot unmarshal number`)
}

func TestWhatCannotBeFollowed(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	for name, c := range map[string]struct{ url, want string }{
		"unreachable":         {closed.URL, "event source " + closed.URL + ": dial tcp"},
		"not an event stream": {events(t, 200, "text/html", "<p>"), `the content type is "text/html", not text/event-stream`},
		"not found":           {events(t, 404, stream, ""), "the server answered 404 Not Found"},
		"not a URL":           {"http//example", "event source http//example: no request can be made"},
		"the server ended it": {events(t, 204, stream, ""), "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(t.Context(), []string{"-addr", "", "-url", c.url}, io.Discard, io.Discard)
			require.ErrorContains(t, err, "cannot follow the visitors: ")
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestWrongArguments(t *testing.T) {
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, c := range []struct{ arguments, want string }{
		{"-addr " + taken.Addr().String(), "cannot serve on " + taken.Addr().String() + ": listen tcp"},
		{"-events -1", "-events is -1, it must not be negative"},
		{"-every 0s", "-every is 0s, it must be positive"},
		{"-bogus", "flag provided but not defined: -bogus"},
		{"more", `unexpected argument "more"`},
	} {
		t.Run(c.arguments, func(t *testing.T) {
			require.ErrorContains(t, run(t.Context(), strings.Fields(c.arguments), io.Discard, io.Discard), c.want)
		})
	}
}

func TestCtrlCClosesTheConnection(t *testing.T) {
	connected, left := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", stream)
		_, _ = io.WriteString(w, "event: connected\ndata: true\n\n")
		_ = http.NewResponseController(w).Flush()
		close(connected)
		<-r.Context().Done()
		close(left)
	}))
	defer server.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout, stderr demotest.Output
	ended := make(chan error)
	go func() { ended <- run(ctx, []string{"-addr", "", "-url", server.URL}, &stdout, &stderr) }()
	<-connected
	interrupt()
	require.NoError(t, <-ended)
	<-left
	require.Equal(t, "Waiting for visitors…\n", stdout.String())
	require.Empty(t, stderr.String())
}

// A reader that keeps a model still sees the old history.
func TestFoldLeavesTheModelBeforeAlone(t *testing.T) {
	countries := operators.Map(source.Range(0, 30), func(i int) Country { return Country{Name: string(rune('A' + i))} })
	models, err := operators.Scan(operators.History(countries, historyLength), Model{}, fold).Collect(t.Context())
	require.NoError(t, err)
	for i, m := range models {
		require.Equal(t, i+1, m.Visits)
		require.Len(t, m.History, min(i+1, historyLength))
		for j, country := range m.History {
			require.Equal(t, string(rune('A'+i-j)), country.Name)
		}
	}
}

// A feed cannot fill the memory with names.
func TestTheSizeOfAnEventIsLimited(t *testing.T) {
	url := events(t, http.StatusOK, stream, "event: visitor\ndata: {\"name\":\""+strings.Repeat("x", maxEventBytes)+"\"}\n\n")
	err := run(t.Context(), []string{"-addr", "", "-url", url}, io.Discard, io.Discard)
	require.ErrorContains(t, err, "longer than the limit of 4096 bytes")
}
