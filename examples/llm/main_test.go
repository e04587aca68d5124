package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/examples/internal/demotest"
	"github.com/rivulet-go/rivulet/source"
)

// api is a server that gives one answer after the other, and the last one again and again.
type api struct {
	URL     string
	mu      sync.Mutex
	answers []http.HandlerFunc
	asked   []*http.Request
	bodies  []string
}

func newAPI(t *testing.T, answers ...http.HandlerFunc) *api {
	a := &api{answers: answers}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	answer := a.answers[min(len(a.asked), len(a.answers)-1)]
	a.asked, a.bodies = append(a.asked, r), append(a.bodies, string(body))
	a.mu.Unlock()
	answer(w, r)
}

// says answers with a body.
func says(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// streams answers with events.
func streams(events ...string) http.HandlerFunc {
	return says(http.StatusOK, "text/event-stream", strings.Join(events, ""))
}

// breaks answers with events, and then the connection breaks.
func breaks(events ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		streams(events...)(w, r)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// busy answers with 429 and the time to wait.
func busy(seconds string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", seconds)
		says(http.StatusTooManyRequests, "application/json", `{"error":{"message":"Rate limit\u001b[2J reached"}}`)(w, r)
	}
}

const (
	role   = `data: {"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":null}]}` + "\n\n"
	hel    = `data: {"choices":[{"delta":{"content":"Hel"},"finish_reason":null}]}` + "\n\n"
	lo     = `data: {"choices":[{"delta":{"content":"lo"},"finish_reason":null}]}` + "\n\n"
	colour = `data: {"choices":[{"delta":{"content":"a\u001b[31mb\u202ec\u009bd\n\te\rf"},"finish_reason":null}]}` + "\n\n"
	stop   = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	length = `data: {"choices":[{"delta":{},"finish_reason":"length"}]}` + "\n\n"
	tokens = `data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}` + "\n\n"
	done   = "data: [DONE]\n\n"
	failed = `data: {"error":{"message":"Over\u001bloaded","type":"server_error"}}` + "\n\n"
)

// result is what the program has printed, and how it has ended.
type result struct{ stdout, stderr, err string }

// asks runs the program on the answers of an API.
func asks(t *testing.T, a *api, arguments ...string) result {
	var stdout, stderr demotest.Output
	err := run(t.Context(), append([]string{"-url", a.URL, "-delay", "1ms"}, arguments...), nil, &stdout, &stderr)
	got := result{stdout: stdout.String(), stderr: stderr.String()}
	if err != nil {
		got.err = err.Error()
	}
	for _, text := range []string{got.stdout, got.stderr, got.err} {
		require.NotContains(t, text, "\x1b", "a terminal would obey it")
	}
	return got
}

func TestTheStandInAnswers(t *testing.T) {
	var stdout, stderr demotest.Output
	require.NoError(t, run(t.Context(), []string{"-every", "1ms", "Why", "not?"}, nil, &stdout, &stderr))
	require.Equal(t, wisdom+"\n", stdout.String())
	words := strings.Count(wisdom, " ") + 1
	require.Equal(t, fmt.Sprintf("llm: 6 tokens for the question, %d for the answer\n", words), stderr.String())
}

func TestAnswers(t *testing.T) {
	const usage = "llm: 9 tokens for the question, 2 for the answer\n"
	for name, c := range map[string]struct {
		answers             []http.HandlerFunc
		stdout, stderr, err string // of stderr and err, a part
		asked               int
	}{
		"complete":   {[]http.HandlerFunc{streams(role, hel, lo, stop, done, "data: not read\n\n")}, "Hello\n", "", "", 1},
		"with usage": {[]http.HandlerFunc{streams(role, hel, lo, stop, tokens, done)}, "Hello\n", usage, "", 1},
		"without DONE": {
			[]http.HandlerFunc{streams(hel, lo, stop, tokens)}, "Hello\n", usage, "", 1},
		"control characters": {[]http.HandlerFunc{streams(colour, stop, done)}, "a[31mbcd\n\tef\n", "", "", 1},

		"busy": {[]http.HandlerFunc{busy("0"), busy("0"), streams(hel, stop, done)}, "Hel\n",
			"the server answered 429 Too Many Requests: Rate limit[2J reached\n", "", 3},
		"always busy": {[]http.HandlerFunc{busy("0")}, "", "asking again", "giving up after 3 attempts: ", 3},
		"cut before the first token": {
			[]http.HandlerFunc{breaks(), streams(), streams(hel, stop, done)}, "Hel\n", "asking again", "", 3},
		"cut after the first token": {[]http.HandlerFunc{breaks(role, hel)}, "Hel\n", "", "unexpected EOF", 1},
		"ended after the first token": {
			[]http.HandlerFunc{streams(role, hel)}, "Hel\n", "", "the server has ended the stream", 1},

		"error in mid-stream": {
			[]http.HandlerFunc{streams(hel, failed, lo)}, "Hel\n", "", "the API has failed: Overloaded", 1},
		"too long": {[]http.HandlerFunc{streams(hel, length, done)}, "Hel\n", "",
			`the answer is not complete: its finish reason is "length"`, 1},
		"only DONE": {[]http.HandlerFunc{streams(done)}, "", "", `its finish reason is ""`, 1},
		"no JSON":   {[]http.HandlerFunc{streams("data: oops\n\n")}, "", "", "invalid character 'o'", 1},
		"denied": {[]http.HandlerFunc{says(401, "application/json", `{"error":{"message":"Incorrect API key","code":null}}`)},
			"", "", "the server answered 401 Unauthorized: Incorrect API key", 1},
		"a proxy": {[]http.HandlerFunc{says(403, "text/plain", "go\x1b[2J away\n")},
			"", "", "403 Forbidden: go[2J away", 1},
		"no stream": {[]http.HandlerFunc{says(200, "application/json", "{}")}, "", "", "not text/event-stream", 1},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t, c.answers...)
			got := asks(t, a)
			require.Equal(t, c.stdout, got.stdout)
			require.Contains(t, got.stderr, c.stderr)
			require.Contains(t, got.err, c.err)
			require.Equal(t, c.err == "", got.err == "", got.err)
			require.Len(t, a.asked, c.asked)
		})
	}
}

// The program waits as long as a busy API asks for, and Ctrl-C ends the wait.
func TestRetryAfter(t *testing.T) {
	a := newAPI(t, busy("3600"))
	ctx, interrupt := context.WithCancel(t.Context())
	var stderr demotest.Output
	ended := make(chan error)
	go func() { ended <- run(ctx, []string{"-url", a.URL, "-delay", "1ms"}, nil, io.Discard, &stderr) }()
	stderr.Awaits(t, "llm: asking again in 1h0m0s: ")
	interrupt()
	require.NoError(t, <-ended)
	require.Len(t, a.asked, 1)
}

func TestTheQuestion(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-2")
	a := newAPI(t, streams(stop, done))
	require.Empty(t, asks(t, a, "-model", "m", "How", "far?").err)
	require.Equal(t, "POST Bearer sk-2", a.asked[0].Method+" "+a.asked[0].Header.Get("Authorization"))
	require.JSONEq(t, `{"model":"m","messages":[{"role":"user","content":"How far?"}],"stream":true,
		"stream_options":{"include_usage":true}}`, a.bodies[0])
}

// Each question is asked with the conversation before it. A question that fails is not a part of that.
func TestChat(t *testing.T) {
	a := newAPI(t, streams(hel, lo, stop, done), streams(failed), streams(lo, stop, done))
	var stdout, stderr demotest.Output
	keyboard := strings.NewReader("Hi\n\n  What?\nBye\n")
	require.NoError(t, run(t.Context(), []string{"-url", a.URL, "-chat"}, keyboard, &stdout, &stderr))
	require.Equal(t, "> Hello\n> > > lo\n> ", stdout.String())
	require.Equal(t, "llm: the API has failed: Overloaded\n", stderr.String())
	var last question
	require.NoError(t, json.Unmarshal([]byte(a.bodies[2]), &last))
	require.Equal(t, []message{{"user", "Hi"}, {"assistant", "Hello"}, {"user", "Bye"}}, last.Messages)
}

func TestTheStandInRefusesWhatIsNoQuestion(t *testing.T) {
	server := httptest.NewServer(newStandIn(1))
	defer server.Close()
	response, err := http.Post(server.URL+"/v1/chat/completions", "application/json", http.NoBody)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	err = explained(&source.StatusError{URL: "http://api.test/", Code: response.StatusCode, Body: body})
	require.EqualError(t, err, "rivulet: event source http://api.test/: the server answered 400 Bad Request: "+
		"We could not parse the JSON body of your request.")
}

func TestCtrlC(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout demotest.Output
	ended := make(chan error)
	go func() { ended <- run(ctx, []string{"-every", "5ms"}, nil, &stdout, io.Discard) }()
	stdout.Awaits(t, "rivulet")
	interrupt()
	require.NoError(t, <-ended)
}
