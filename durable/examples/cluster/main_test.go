package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable/embedded"
)

var full = flag.Bool("full", false, "run the test of faults in full size, which takes minutes")

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv("DURABLE_TEST_LOG") == "" {
		slog.SetDefault(slog.New(slog.DiscardHandler))
	}
	os.Exit(m.Run())
}

// output is a buffer that a goroutine writes and another one reads.
type output struct {
	mu       sync.Mutex
	buffer   bytes.Buffer
	onReport func() // is called once, in a goroutine, when clients are being served; may be nil
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.onReport != nil && bytes.HasPrefix(p, []byte("seen")) {
		go o.onReport()
		o.onReport = nil
	}
	return o.buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

// report is the last line that a run prints.
type report struct {
	seen, missing, doubled, reconnections, caughtUp, kills, restarts int
}

var line = regexp.MustCompile(`seen (\d+), missing (\d+), doubled (\d+), reconnections (\d+); ` +
	`caught up from the log (\d+) times; instances stopped (\d+) times, server restarted (\d+) times\n$`)

// reportOf runs the program to its end and returns what it reports.
func reportOf(t *testing.T, stdout *output, arguments ...string) (r report) {
	var stderr output
	err := run(t.Context(), append([]string{"-addr", "127.0.0.1:0"}, arguments...), stdout, &stderr)
	t.Log(stdout.String())
	require.NoError(t, err)
	require.Empty(t, stderr.String())
	found := line.FindStringSubmatch(stdout.String())
	require.NotNil(t, found)
	for i, field := range []*int{&r.seen, &r.missing, &r.doubled, &r.reconnections, &r.caughtUp, &r.kills, &r.restarts} {
		*field, err = strconv.Atoi(found[i+1])
		require.NoError(t, err)
	}
	return r
}

// Every client gets every visitor once and in order, while instances are stopped and the server is restarted.
func TestInstancesComeAndGo(t *testing.T) {
	clients, events, every, kill, kills := 20, 2000, time.Millisecond, 200*time.Millisecond, 5
	if *full {
		clients, events, every, kill, kills = 200, 50_000, 10*time.Millisecond, 6*time.Second, 50
	}
	var all report
	for range 10 { // on a slow machine, one run may have too few faults
		r := reportOf(t, &output{}, "-clients", strconv.Itoa(clients), "-events", strconv.Itoa(events), "-every", every.String(),
			"-replay", "50", "-kill", kill.String(), "-restart", (3 * kill).String())
		require.Equal(t, clients*events, r.seen)
		require.Zero(t, r.missing)
		require.Zero(t, r.doubled)
		all.kills += r.kills
		all.restarts += r.restarts
		all.caughtUp += r.caughtUp
		if all.kills >= kills && all.restarts > 0 && all.caughtUp > 0 {
			return
		}
	}
	t.Fatalf("too few faults: %+v", all)
}

// The program continues with a stream that it finds, in a cluster that loses a server.
func TestACluster(t *testing.T) {
	cluster, err := embedded.StartCluster(3)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })
	arguments := []string{"-nats", cluster.URL(), "-replicas", "3", "-clients", "3", "-every", "2ms", "-kill", "100ms"}
	require.Equal(t, 300, reportOf(t, &output{}, append(arguments, "-events", "100")...).seen)

	stopped := make(chan *embedded.Server, 1)
	stopLeader := func() {
		leader := cluster.Leader(streamName)
		if leader != nil {
			leader.Stop()
		}
		stopped <- leader
	}
	require.Equal(t, 3000, reportOf(t, &output{onReport: stopLeader}, append(arguments, "-events", "1000")...).seen)
	require.NotNil(t, <-stopped)
}

// Two programs share a server: one publishes, both serve. No consumer is left on the server.
func TestOneFeedAndTwoPrograms(t *testing.T) {
	server, err := embedded.Start()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-nats", server.URL(), "-every", "2ms"}, io.Discard, io.Discard)
	}()
	r := reportOf(t, &output{}, "-nats", server.URL(), "-feed=false", "-clients", "2", "-events", "200", "-kill", "100ms")
	require.Equal(t, 400, r.seen)
	cancel()
	require.NoError(t, <-ended)

	nc, err := server.Connect()
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), streamName)
	require.NoError(t, err)
	require.Zero(t, stream.CachedInfo().State.Consumers)
}

// started runs the program until the test ends, and returns the address of its page.
func started(t *testing.T, arguments ...string) (url string) {
	ctx, cancel := context.WithCancel(t.Context())
	var stdout output
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, arguments...), &stdout, io.Discard) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	require.Eventually(t, func() bool {
		url = regexp.MustCompile(`http://\S+`).FindString(stdout.String())
		return url != ""
	}, 20*time.Second, 10*time.Millisecond)
	return url
}

func TestThePage(t *testing.T) {
	url := started(t, "-every", "10ms")
	get := func(path, host string) *http.Response {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		require.NoError(t, err)
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		t.Cleanup(func() { _ = response.Body.Close() })
		require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'self'")
		return response
	}
	for path, contentType := range map[string]string{
		"/": "text/html", "/page.js": "text/javascript", "/page.css": "text/css", "/events": "text/event-stream",
	} {
		for _, host := range []string{"", "localhost:8080", "[::1]:8080", "192.0.2.1"} {
			response := get(path, host)
			require.Equal(t, http.StatusOK, response.StatusCode, "%s of %s", path, host)
			require.Contains(t, response.Header.Get("Content-Type"), contentType)
		}
		require.Equal(t, http.StatusMisdirectedRequest, get(path, "attacker.example").StatusCode)
	}
	// An event comes through the proxy at once.
	first := make([]byte, len("id:"))
	_, err := io.ReadFull(get("/events", "").Body, first)
	require.NoError(t, err)
	require.Equal(t, "id:", string(first))
}

func TestArguments(t *testing.T) {
	for text, arguments := range map[string][]string{
		`unexpected argument "x"`: {"x"},
		"-every, -replicas, -instances, -replay and -clients must be positive": {"-instances", "0"},
		"-events, -kill and -restart must not be negative":                     {"-kill", "-1s"},
		"-restart and -dir are for the embedded server, not for -nats":         {"-nats", "nats://localhost", "-restart", "1s"},
	} {
		require.EqualError(t, run(t.Context(), arguments, io.Discard, io.Discard), text)
	}
	var stderr strings.Builder
	require.ErrorIs(t, run(t.Context(), []string{"-h"}, io.Discard, &stderr), flag.ErrHelp)
	require.Contains(t, stderr.String(), "-kill")
	require.ErrorContains(t, run(t.Context(), []string{"-nats", "nats://127.0.0.1:1"}, io.Discard, io.Discard), "no servers available")
}
