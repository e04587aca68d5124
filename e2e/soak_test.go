package e2e_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

var soakEvents = flag.Int("soak.events", 20_000, "number of events of TestSoak; in full 1000000")

const soakSeed = 1

// cutting sends numbered events after the Last-Event-ID, a thousand at most, and then breaks the connection in one of
// the ways that connections break, at a random byte of an event.
type cutting struct {
	n        int
	requests atomic.Int64
}

// event writes the i-th event in one of the shapes that the wire allows.
func event(i int) string {
	switch i % 4 {
	case 0:
		return fmt.Sprintf("id: %d\ndata: %d\n\n", i, i)
	case 1:
		return fmt.Sprintf("event: price\r\ndata: %d\r\nid: %d\r\n\r\n", i, i)
	case 2:
		return fmt.Sprintf(":beat\rid:%d\rdata:%d\r\r", i, i)
	default:
		return fmt.Sprintf("data:%d\nevent\nid:%d\n:beat\n\n", i, i)
	}
}

func (s *cutting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	random := rand.New(rand.NewPCG(soakSeed, uint64(s.requests.Add(1))))
	last, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	if last >= s.n {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	conn, out, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
	if random.IntN(2) == 0 { // so that the end of the body is an error, not io.EOF
		head += "Content-Length: 1000000000\r\n"
	}
	_, _ = out.WriteString(head + "\r\n")
	first, count := last+1, 1+random.IntN(1000)
	for i := first; i < first+count && i <= s.n; i++ {
		_, _ = out.WriteString(event(i))
	}
	if next := first + count; next <= s.n {
		piece := event(next)
		_, _ = out.WriteString(piece[:random.IntN(len(piece))])
	}
	_ = out.Flush()
	if random.IntN(8) == 0 { // a reset, which throws away what is still on its way
		_ = conn.(*net.TCPConn).SetLinger(0)
	}
}

// Every event once, in order, over a connection that is cut without end; and no memory that grows with time.
func TestSoak(t *testing.T) {
	server := &cutting{n: *soakEvents}
	listener := httptest.NewServer(server)
	defer listener.Close()
	next, quarter, end := 1, int64(0), int64(0)
	events := source.FromEventSource[int](listener.URL,
		source.WithRetry(retry.Policy{
			InitialDelay: time.Microsecond, MaxDelay: time.Millisecond, HealthyAfter: time.Nanosecond,
		}),
		source.WithLogger(discard))
	start := time.Now()
	err := events.ForEach(t.Context(), func(e source.Event[int]) {
		if e.Data != next || e.ID != strconv.Itoa(next) {
			require.Fail(t, "out of order", "event %d with ID %q where %d was due", e.Data, e.ID, next)
		}
		switch next {
		case *soakEvents / 4:
			quarter = live()
		case *soakEvents:
			end = live()
		}
		next++
	})
	require.NoError(t, err)
	require.Equal(t, *soakEvents+1, next)
	cuts := int(server.requests.Load()) - 1
	require.GreaterOrEqual(t, cuts, *soakEvents/1000)
	require.Less(t, end, quarter+(1<<20), "heap after GC, in bytes, at the end and at a quarter")
	took := time.Since(start)
	t.Logf("%d events in %v (%.0f/s), %d cuts, seed %d, heap after GC %d KiB at a quarter and %d KiB at the end",
		*soakEvents, took.Round(time.Millisecond), float64(*soakEvents)/took.Seconds(), cuts, soakSeed, quarter>>10, end>>10)
}

// live is what the heap holds after a collection, in bytes.
func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
