package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/examples/internal/demotest"
	"github.com/rivulet-go/rivulet/source"
)

func TestTheStandInAnswers(t *testing.T) {
	var stdout demotest.Output
	require.NoError(t, run(t.Context(), []string{"-every", "1ms", "Why", "not?"}, &stdout, io.Discard))
	require.Equal(t, wisdom+"\n", stdout.String())
}

// api is a server that answers every question so.
func api(t *testing.T, status int, contentType, body string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

const (
	stream = "text/event-stream"
	hel    = `data: {"choices":[{"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}` + "\n\n"
	lo     = `data: {"choices":[{"delta":{"content":"lo"},"finish_reason":null}]}` + "\n\n"
	stop   = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	length = `data: {"choices":[{"delta":{},"finish_reason":"length"}]}` + "\n\n"
	done   = "data: [DONE]\n\n"
)

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		want, wantError   string
	}{
		"all":     {200, stream, hel + lo + stop + done + "data: not read\n\n", "Hello\n", ""},
		"no DONE": {200, stream, hel + lo + stop, "Hello\n", ""},
		"usage":   {200, stream, hel + lo + stop + `data: {"choices":[],"usage":{}}` + "\n\n" + done, "Hello\n", ""},
		"cut":     {200, stream, hel, "Hel\n", `the answer is not complete: its finish reason is ""`},
		"length":  {200, stream, hel + length + done, "Hel\n", `the answer is not complete: its finish reason is "length"`},
		"error":   {200, stream, hel + `data: {"error":{"message":"Overloaded"}}` + "\n\n", "Hel", "Overloaded"},
		"no JSON": {200, stream, "data: oops\n\n", "", "invalid character 'o'"},
		"denied": {401, "application/json", `{"error":{"message":"Incorrect API key provided: sk-1.","code":null}}`, "",
			"the API answered 401 Unauthorized: Incorrect API key provided: sk-1."},
		"a proxy":   {403, "text/plain", "go away\n", "", "the API answered 403 Forbidden: go away"},
		"no stream": {200, "application/json", "{}", "", "not text/event-stream"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout demotest.Output
			url := api(t, c.status, c.contentType, c.body)
			err := run(t.Context(), []string{"-url", url}, &stdout, io.Discard)
			require.Equal(t, c.want, stdout.String())
			if c.wantError == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.wantError)
			}
		})
	}
}

func TestTheQuestion(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-2")
	requests := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		requests <- r.Method + " " + r.Header.Get("Authorization") + " " + string(body)
		w.Header().Set("Content-Type", stream)
		_, _ = io.WriteString(w, stop+done)
	}))
	defer server.Close()
	require.NoError(t, run(t.Context(), []string{"-url", server.URL, "-model", "m", "How", "far?"}, io.Discard, io.Discard))
	require.Equal(t,
		`POST Bearer sk-2 {"model":"m","messages":[{"role":"user","content":"How far?"}],"stream":true}`, <-requests)
}

func TestTheStandInRefusesWhatIsNoQuestion(t *testing.T) {
	server := httptest.NewServer(newStandIn(1))
	defer server.Close()
	response, err := http.Post(server.URL+"/v1/chat/completions", "application/json", http.NoBody)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	err = explain(&source.StatusError{Code: response.StatusCode, Body: body})
	require.EqualError(t, err, "the API answered 400 Bad Request: We could not parse the JSON body of your request.")
}

func TestOnlyABusyAPIIsAskedAgain(t *testing.T) {
	require.True(t, busy(&source.StatusError{Code: 429}))
	require.True(t, busy(&source.StatusError{Code: 503}))
	require.False(t, busy(&source.StatusError{Code: 500}))
	require.False(t, busy(errors.New("connection reset")))
}

func TestCtrlC(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout demotest.Output
	ended := make(chan error)
	go func() { ended <- run(ctx, []string{"-every", "5ms"}, &stdout, io.Discard) }()
	stdout.Awaits(t, "rivulet")
	interrupt()
	require.NoError(t, <-ended)
}
