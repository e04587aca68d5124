package e2e_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

var discard = slog.New(slog.DiscardHandler)

// patience is how long a run may take before it counts as hanging.
const patience = 30 * time.Second

// quick is a policy for tests: the delays of the default, a thousandth as long.
var quick = retry.Policy{
	InitialDelay: 3 * time.Millisecond, MaxDelay: 30 * time.Millisecond, HealthyAfter: 5 * time.Millisecond,
}

// outcome is what a run of the client came to.
type outcome struct {
	data    []string
	retries []error
	err     error
}

// run runs the client against url until the stream ends, which it must within patience.
func run(t *testing.T, url string, opts ...source.Option) outcome {
	t.Helper()
	var o outcome
	own := []source.Option{
		source.WithRetry(quick), source.WithLogger(discard),
		source.WithOnRetry(func(err error, _ int, _ time.Duration) { o.retries = append(o.retries, err) }),
	}
	events := source.FromEventSource[string](url, append(own, opts...)...)
	o.err = within(t, events, func(e source.Event[string]) { o.data = append(o.data, e.Data) })
	return o
}

// within runs a stream to its end, and fails the test when that takes too long.
func within[T any](t *testing.T, o observable.Observable[T], next func(T)) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := o.ForEach(ctx, next)
	require.NoError(t, ctx.Err(), "the stream hangs; its last error: %v", err)
	return err
}

// numbers are the texts of 1 to n.
func numbers(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = strconv.Itoa(i + 1)
	}
	return texts
}

// peak is the most that the heap holds while f runs, beyond what it held before, in bytes.
func peak(f func()) int64 {
	runtime.GC()
	before, most := heap(), atomic.Int64{}
	done, looked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(looked)
		for {
			most.Store(max(most.Load(), heap()-before))
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	<-looked
	return most.Load()
}

// heap is what the heap holds now, garbage included, in bytes.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// serve starts a server, which ends with the test, and returns its URL.
func serve(t *testing.T, handler http.HandlerFunc) (url string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// write writes text to an answer, which it makes an event stream. It does not flush.
func write(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/event-stream")
	_, err := io.WriteString(w, text)
	return err
}

// replaying is a handler that has n numbered events and sends those after the Last-Event-ID; when there are none,
// it answers 204. Between two events it waits for pace.
type replaying struct {
	n        int
	pace     time.Duration
	requests atomic.Int64
}

func (s *replaying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	last, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	if last >= s.n {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	for i := last + 1; i <= s.n; i++ {
		number := strconv.Itoa(i)
		if err := write(w, "id: "+number+"\ndata: "+number+"\n\n"); err != nil {
			return
		}
		if s.pace > 0 {
			_ = http.NewResponseController(w).Flush()
			time.Sleep(s.pace)
		}
	}
}
