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
)

func arguments(line string) []string { return strings.Fields(line) }

func TestEveryHandlerIsCalled(t *testing.T) {
	var stdout demotest.Output
	require.NoError(t, run(t.Context(), arguments("-events 15 -every 2ms"), strings.NewReader(""), &stdout, io.Discard))
	lines := stdout.Lines()
	require.Equal(t, "Commands: start, stop, restart, state, quit", lines[0])
	require.Equal(t, "OnMessage: tick {", lines[len(lines)-1][:17], "nothing comes after the last message")
	require.Equal(t, 15, strings.Count(stdout.String(), "OnMessage: tick "))
	require.Contains(t, stdout.String(), "OnOpen: 200 OK\n")
	require.Contains(t, stdout.String(), "OnParseError: \"oops\": invalid character 'o' looking for beginning of value\n")
	require.Contains(t, stdout.String(), "the server has ended the stream: EOF\nOnOpen: 200 OK\n")
}

func TestKeyboard(t *testing.T) {
	keys, keyboard := io.Pipe()
	var stdout demotest.Output
	ended := make(chan error)
	go func() { ended <- run(t.Context(), arguments("-lazy -every 2ms"), keys, &stdout, io.Discard) }()
	for _, step := range []struct{ command, answer string }{
		{"state", "State: Closed\n"},
		{"start", "OnMessage: "},
		{"stop", "State: Closed\n"},
		{"dance", `"dance" is none of the commands: start, stop`},
		{"start", "OnOpen: 200 OK\n"},
		{"restart", "OnOpen: 200 OK\n"},
		{"quit", ""},
	} {
		_, err := io.WriteString(keyboard, step.command+"\n")
		require.NoError(t, err)
		stdout.Awaits(t, step.answer)
	}
	require.NoError(t, <-ended)
}

// It could not be started again.
func TestLazyWithoutKeyboard(t *testing.T) {
	var stdout demotest.Output
	require.NoError(t, run(t.Context(), arguments("-lazy"), strings.NewReader("start\nstop\n"), &stdout, io.Discard))
	require.True(t, strings.HasSuffix(stdout.String(), "State: Closed\n"))
}

func TestAFailureIsTheResultWithoutKeyboard(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	var stdout demotest.Output
	err := run(t.Context(), []string{"-url", server.URL}, strings.NewReader(""), &stdout, io.Discard)
	require.ErrorContains(t, err, "the server answered 404 Not Found")
	require.Contains(t, stdout.String(),
		"OnError: rivulet: event source "+server.URL+": the server answered 404 Not Found\n")
}

// A terminal obeys control characters, wherever the server puts them.
func TestControlCharactersAreNotPrinted(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = io.WriteString(conn, "HTTP/1.1 200 \x1b[2JOK\r\nContent-Type: text/event-stream\r\n\r\n"+
			"event: \x1b[31mred\ndata: {\x1b\n\ndata: \"\u009b\u202e\"\n\n")
	}()
	var stdout demotest.Output
	url := "http://" + listener.Addr().String()
	require.NoError(t, run(t.Context(), []string{"-url", url, "-events", "1"}, strings.NewReader(""), &stdout, io.Discard))
	require.Contains(t, stdout.String(), "OnOpen: 200 [2JOK\n")
	require.Contains(t, stdout.String(), "OnMessage: message \"\"\n")
	require.NotContains(t, stdout.String(), "\x1b")
}

func TestCtrlC(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	keys, _ := io.Pipe()
	var stdout demotest.Output
	ended := make(chan error)
	go func() { ended <- run(ctx, arguments("-every 2ms"), keys, &stdout, io.Discard) }()
	stdout.Awaits(t, "OnMessage: ")
	interrupt()
	require.NoError(t, <-ended)
	require.NotContains(t, stdout.String(), "canceled")
}

func TestWrongArguments(t *testing.T) {
	for line, want := range map[string]string{
		"-events -1": "-events is -1, it must not be negative",
		"-every 0s":  "-every is 0s, it must be positive",
		"more":       `unexpected argument "more"`,
	} {
		require.ErrorContains(t, run(t.Context(), arguments(line), strings.NewReader(""), io.Discard, io.Discard), want)
	}
}
