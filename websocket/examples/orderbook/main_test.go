package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The book is that of the exchange after each change, over many connections that are cut at random: the checksum of every
// change says so. Without a new snapshot after each of them it would not be.
func TestTheBookStaysRight(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	exchange := newExchange(ctx, time.Millisecond, 30*time.Millisecond)
	url, stop, err := serve("localhost:0", exchange)
	require.NoError(t, err)
	defer stop()
	changes, connections := 0, map[int]bool{}
	err = follow(url, slog.New(slog.DiscardHandler))(ctx, func(v View) bool {
		changes++
		connections[v.Connection] = true
		return len(connections) < 20
	})
	require.NoError(t, err)
	require.GreaterOrEqual(t, exchange.cutOff(), 19)
	require.Greater(t, changes, 50)
}

func TestABookThatMissesAChange(t *testing.T) {
	book := Book{Seq: 3, Bids: Side{}, Asks: Side{}}
	require.NoError(t, book.Apply(Delta{Seq: 3}), "it has that one")
	require.ErrorIs(t, book.Apply(Delta{Seq: 5}), errGap)
	after := Book{Bids: Side{17: 2}, Asks: Side{}}
	require.NoError(t, book.Apply(Delta{Seq: 4, Bids: Side{17: 2}, Checksum: after.Checksum()}))
	require.ErrorIs(t, book.Apply(Delta{Seq: 5, Bids: Side{17: 3}, Checksum: after.Checksum()}), errChecksum)
}

func TestProgram(t *testing.T) {
	var stdout, stderr bytes.Buffer
	arguments := strings.Fields("-addr= -changes 300 -every 1ms -cut 50ms")
	require.NoError(t, run(t.Context(), arguments, &stdout, &stderr))
	require.Regexp(t, `(?m)^change \d+, connection \d+: \d+ at \d+ / \d+ at \d+$`, stdout.String())
	require.Error(t, run(t.Context(), []string{"-every", "0s"}, io.Discard, io.Discard))
}

// The page gets views as a stream of events.
func TestPage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	output, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, strings.Fields("-addr localhost:0 -every 1ms -cut 100ms"), stdout, io.Discard)
		_ = stdout.Close()
	}()
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, output) }()
	page := regexp.MustCompile(`http://\S+`).FindString(line)
	require.Contains(t, get(t, page+"/", 15), "<title>Order book</title>")
	require.Regexp(t, `data: \{"seq":\d+,"connection":\d+,"bids":\[`, get(t, page+"/views", 5))
	cancel()
	require.NoError(t, <-ended)
}

// get returns the first lines of an answer.
func get(t *testing.T, url string, lines int) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusOK, answer.StatusCode)
	var text strings.Builder
	for body := bufio.NewReader(answer.Body); lines > 0; lines-- {
		line, err := body.ReadString('\n')
		require.NoError(t, err)
		text.WriteString(line)
	}
	return text.String()
}
