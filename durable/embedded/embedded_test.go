package embedded_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable/embedded"
)

func start(t *testing.T, opts ...embedded.Option) *embedded.Server {
	s, err := embedded.Start(opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func stored(t *testing.T, nc *nats.Conn) uint64 {
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	stream, err := js.Stream(ctx, "log")
	if err != nil {
		require.ErrorIs(t, err, jetstream.ErrStreamNotFound)
		return 0
	}
	return stream.CachedInfo().State.Msgs
}

func store(t *testing.T, nc *nats.Conn) {
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "log", Subjects: []string{"log"}})
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "log", []byte("1"))
	require.NoError(t, err)
}

// Both kinds of connection find the server again. What it has stored is there again, unless the folder was temporary.
func TestConnectionsSurviveARestart(t *testing.T) {
	for _, test := range []struct {
		name string
		opts []embedded.Option
		want uint64
	}{
		{"in a folder", []embedded.Option{embedded.WithDir(filepath.Join(t.TempDir(), "new"))}, 1},
		{"temporary", nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, test.opts...)
			inside, err := s.Connect()
			require.NoError(t, err)
			defer inside.Close()
			outside, err := nats.Connect(s.URL(), embedded.Reconnecting())
			require.NoError(t, err)
			defer outside.Close()
			store(t, inside)
			url := s.URL()

			require.NoError(t, s.Restart())

			require.Equal(t, url, s.URL())
			for _, nc := range []*nats.Conn{inside, outside} {
				require.Eventually(t, func() bool { return nc.IsConnected() && nc.Stats().Reconnects == 1 },
					10*time.Second, time.Millisecond)
				require.Equal(t, test.want, stored(t, nc))
			}
		})
	}
}

func TestStopAndResume(t *testing.T) {
	s := start(t)
	require.NoError(t, s.Resume(), "a server that runs")
	s.Stop()
	s.Stop()
	require.Nil(t, s.NATS())
	_, err := s.Connect()
	require.ErrorIs(t, err, embedded.ErrStopped)
	require.NoError(t, s.Resume())
	nc, err := s.Connect()
	require.NoError(t, err)
	nc.Close()
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Resume(), embedded.ErrStopped)
}

func TestAddr(t *testing.T) {
	silent := start(t, embedded.WithAddr(""))
	require.Empty(t, silent.URL())
	nc, err := silent.Connect()
	require.NoError(t, err)
	nc.Close()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := listener.Addr().String()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	_, err = embedded.Start(embedded.WithAddr(addr), embedded.WithLogger(logger), embedded.WithServerOptions(brief))
	require.ErrorContains(t, err, "address already in use")
	require.Contains(t, log.String(), "address already in use")
	require.NoError(t, listener.Close())
	require.Equal(t, "nats://"+addr, start(t, embedded.WithAddr(addr)).URL())
}

func brief(*server.Options) {}

func TestClusterKeepsAStreamWithoutItsLeader(t *testing.T) {
	cluster, err := embedded.StartCluster(3)
	require.NoError(t, err)
	defer func() { require.NoError(t, cluster.Close()) }()
	nc, err := nats.Connect(cluster.URL(), embedded.Reconnecting())
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "log", Subjects: []string{"log"}, Replicas: 3})
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "log", []byte("1"))
	require.NoError(t, err)

	leader := cluster.Leader("log")
	require.NotNil(t, leader)
	leader.Stop()
	require.Eventually(t, func() bool {
		next := cluster.Leader("log")
		return next != nil && next != leader && stored(t, nc) == 1
	}, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, leader.Resume())
	require.Len(t, cluster.Servers(), 3)
}

// No goroutine and no folder is left when a server is closed.
func TestCloseLeavesNothing(t *testing.T) {
	count := func() int { return runtime.NumGoroutine() }
	before := count()
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	s, err := embedded.Start()
	require.NoError(t, err)
	nc, err := s.Connect()
	require.NoError(t, err)
	store(t, nc)
	nc.Close()
	require.NoError(t, s.Close())
	left := func() string {
		var stacks bytes.Buffer
		require.NoError(t, pprof.Lookup("goroutine").WriteTo(&stacks, 1))
		return stacks.String()
	}
	for begin := time.Now(); count() > before && time.Since(begin) < 10*time.Second; {
		time.Sleep(time.Millisecond)
	}
	require.LessOrEqual(t, count(), before, "goroutines are left:\n%s", left())
	entries, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestMistakesPanic(t *testing.T) {
	require.PanicsWithValue(t, `embedded.WithAddr: addr is "here", it must be host:port`, func() { embedded.WithAddr("here") })
	require.PanicsWithValue(t, "embedded.WithDir: dir is empty", func() { embedded.WithDir("") })
	require.PanicsWithValue(t, "embedded.WithLogger: nil logger", func() { embedded.WithLogger(nil) })
	require.PanicsWithValue(t, "embedded.WithServerOptions: nil adjust", func() { embedded.WithServerOptions(nil) })
	require.PanicsWithValue(t, "embedded.Start: option 1 is nil", func() { _, _ = embedded.Start(nil) })
	require.PanicsWithValue(t, "embedded.StartCluster: n is 2, it must be at least 3", func() { _, _ = embedded.StartCluster(2) })
	require.PanicsWithValue(t, "embedded.StartCluster: WithDir and WithAddr are not allowed",
		func() { _, _ = embedded.StartCluster(3, embedded.WithAddr("")) })
}
