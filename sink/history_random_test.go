package sink_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/sink"
)

// world is a durable log with a handler that is restarted now and then, and visitors, all of them drawn at random.
type world struct {
	*testing.T
	*rand.Rand
	log     *durable
	numbers int // that will be written
	removes bool
	handler atomic.Pointer[sink.Handler[int]]
	gaps    atomic.Int64
	caught  int64
}

func (w *world) pick(most time.Duration) time.Duration {
	return time.Duration(w.Int64N(int64(most) + 1))
}

func (w *world) oneIn(n int) bool { return w.IntN(n) == 0 }

// start starts a handler whose run begins some numbers back.
func (w *world) start() {
	run := &reading{all: true, lag: w.pick(20*time.Millisecond) * time.Duration(w.IntN(2))}
	history := &reading{
		lag: w.pick(20*time.Millisecond) * time.Duration(w.IntN(2)), pause: w.pick(3 * time.Millisecond),
		finite: w.oneIn(3),
	}
	history.failAt.Store(w.Int64N(int64(w.numbers)))
	begin := max(0, w.log.last()-w.IntN(20), w.log.first-1)
	w.handler.Store(sink.EventSource(w.log.after(begin, run), sink.Config[int]{
		ID: number, Eager: true, Replay: 1 + w.IntN(30), Buffer: 1 + w.IntN(300), Gap: gapEvent,
		History: w.log.history(history), HistoryLimit: 1 + w.IntN(3), Heartbeat: w.pick(time.Second) + time.Millisecond,
		OnError: func(error) {}, OnDisconnect: func(*http.Request) {},
		OnGap: func(*http.Request, string) { w.gaps.Add(1) },
	}))
}

// run writes the log, and restarts the handler.
func (w *world) run() {
	for w.log.last() < w.numbers {
		time.Sleep(w.pick(10 * time.Millisecond))
		w.log.write(min(1+w.IntN(10)*w.IntN(2), w.numbers-w.log.last()))
		if w.removes && w.oneIn(20) {
			w.log.remove(5 + w.IntN(50))
		}
		if w.oneIn(100) {
			w.stop()
			time.Sleep(w.pick(time.Second))
			w.start()
		}
	}
}

func (w *world) stop() {
	handler := w.handler.Load()
	handler.Close()
	w.caught += handler.Stats().CaughtUp
}

// visit has a visitor come and go until it has the last number.
func (w *world) visit(ctx context.Context, v *visitor, random *rand.Rand) {
	for ctx.Err() == nil && v.lastID != strconv.Itoa(w.numbers) {
		stays, cancel := context.WithTimeout(ctx, time.Duration(random.Int64N(int64(2*time.Second))))
		v.visit(stays, w.handler.Load(), 1+random.IntN(100))
		cancel()
		time.Sleep(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
	}
}

// requireComplete requires that a visitor has got each number once and in order, except for those in its gaps.
func (w *world) requireComplete(v *visitor, before int) (gaps int) {
	next, known := before+1, true
	for _, n := range v.got {
		switch {
		case n == gap:
			gaps++
			known = false // some numbers are missing
			continue
		case known:
			require.Equal(w, next, n, "%v", v.got)
		default:
			require.GreaterOrEqual(w, n, next, "%v", v.got)
		}
		next, known = n+1, true
	}
	require.Equal(w, strconv.Itoa(w.numbers), v.lastID, "it has the last one")
	return gaps
}

// Whatever happens, every visitor gets each number once and in order, or an event that says that there is a gap.
func TestHistoryWhateverHappens(t *testing.T) {
	caught := int64(0)
	for seed := range uint64(size(200, 10)) {
		synctest.Test(t, func(t *testing.T) {
			w := &world{T: t, Rand: rand.New(rand.NewPCG(seed, 1)), log: newDurable(), removes: seed%2 == 0}
			w.numbers = 200 + w.IntN(800)
			w.log.write(w.IntN(50))
			w.start()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			visitors := make([]visitor, 12)
			before := make([]int, len(visitors))
			var visits sync.WaitGroup
			for i := range visitors {
				v, random := &visitors[i], rand.New(rand.NewPCG(seed, uint64(i)+2))
				before[i] = w.IntN(w.log.last() + 1)
				v.lastID = strconv.Itoa(before[i])
				visits.Go(func() {
					time.Sleep(time.Duration(random.Int64N(int64(time.Second))))
					w.visit(ctx, v, random)
				})
			}
			w.run()
			visits.Wait()
			w.stop()
			gaps := 0
			for i := range visitors {
				gaps += w.requireComplete(&visitors[i], before[i])
			}
			if !w.removes {
				require.Zero(t, w.gaps.Load())
			}
			require.LessOrEqual(t, int64(gaps), w.gaps.Load())
			caught += w.caught
		})
	}
	require.Greater(t, caught, int64(20))
	t.Log("caught up:", caught)
}
