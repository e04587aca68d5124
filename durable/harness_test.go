package durable_test

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/durable/embedded"
	"github.com/rivulet-go/rivulet/observable"
)

// full runs the tests of faults in full size: 100,000 messages.
var full = flag.Bool("full", false, "run the tests of faults in full size, which takes minutes")

func TestMain(m *testing.M) {
	if os.Getenv(serverAddr) != "" {
		serveAsChild()
		return
	}
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewTextHandler(logTo(), nil)))
	os.Exit(m.Run())
}

// parallel lets a test that mostly waits run at the same time as other ones. In full size, it keeps the machine busy.
func parallel(t *testing.T) {
	if !*full {
		t.Parallel()
	}
}

// serve starts a server with a temporary folder and returns it with a connection.
func serve(t testing.TB, opts ...embedded.Option) (*embedded.Server, *nats.Conn) {
	s, err := embedded.Start(opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, dial(t, s.URL())
}

func dial(t testing.TB, url string) *nats.Conn {
	nc, err := nats.Connect(url, embedded.Reconnecting())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc
}

func jet(t testing.TB, nc *nats.Conn) jetstream.JetStream {
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return js
}

// numbers makes a stream whose messages are the numbers 1 to n, on the subjects numbers.even and numbers.odd. It is in
// memory, because the server still removes the files of a deleted stream while it creates the next one of that name.
func numbers(t testing.TB, nc *nats.Conn, n int) {
	require.NoError(t, durable.Ensure(t.Context(), nc,
		durable.StreamConfig{Name: "numbers", Subjects: []string{"numbers.*"}, Memory: true}))
	add(t, nc, 1, n)
}

// add stores the numbers from first to last.
func add(t testing.TB, nc *nats.Conn, first, last int) {
	js := jet(t, nc)
	for i := first; i <= last; i++ {
		_, err := js.PublishAsync(subjectOf(i), []byte(strconv.Itoa(i)))
		require.NoError(t, err)
	}
	select {
	case <-js.PublishAsyncComplete():
	case <-time.After(30 * time.Second):
		t.Fatal("the numbers are not acknowledged")
	}
	js.CleanupPublisher()
}

func subjectOf(i int) string {
	if i%2 == 0 {
		return "numbers.even"
	}
	return "numbers.odd"
}

// info returns what the server knows of the stream numbers.
func info(t testing.TB, nc *nats.Conn) *jetstream.StreamInfo {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	stream, err := jet(t, nc).Stream(ctx, "numbers")
	require.NoError(t, err)
	return stream.CachedInfo()
}

// through returns the numbers from first to last.
func through(first, last int) (all []int) {
	for i := first; i <= last; i++ {
		all = append(all, i)
	}
	return all
}

// consumers returns the names of the consumers that the server has for the stream numbers.
func consumers(t testing.TB, nc *nats.Conn) (names []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	stream, err := jet(t, nc).Stream(ctx, "numbers")
	require.NoError(t, err)
	list := stream.ConsumerNames(ctx)
	for name := range list.Name() {
		names = append(names, name)
	}
	require.NoError(t, list.Err())
	return names
}

// paced emits the numbers from 1 to n, so many in a second.
func paced(n, perSecond int) observable.Observable[int] {
	return func(ctx context.Context, emit func(int) bool) error {
		for i, begin := 1, time.Now(); i <= n; i++ {
			due := begin.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
			if wait := time.Until(due); wait > 2*time.Millisecond {
				select {
				case <-time.After(wait):
				case <-ctx.Done():
				}
			}
			switch {
			case ctx.Err() != nil:
				return context.Cause(ctx)
			case !emit(i):
				return nil
			}
		}
		return nil
	}
}

// logTo returns where log lines go: nowhere, unless a developer wants to see them.
func logTo() io.Writer {
	if os.Getenv("DURABLE_TEST_LOG") != "" {
		return os.Stderr
	}
	return io.Discard
}

func fileStore(t testing.TB) embedded.Option { return embedded.WithDir(t.TempDir()) }
