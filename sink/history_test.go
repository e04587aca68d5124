package sink_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// durable is a log of the numbers 1, 2, 3… outside of the process, as a broker or a database has it. Each number is its
// ID.
type durable struct {
	mu      sync.Mutex
	written []time.Time // when the number n was, at n-1
	first   int         // the first number that was not removed
	more    chan struct{}
}

func newDurable() *durable { return &durable{first: 1, more: make(chan struct{})} }

func (d *durable) write(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range n {
		d.written = append(d.written, time.Now())
	}
	close(d.more)
	d.more = make(chan struct{})
}

// writeEvery writes n numbers.
func (d *durable) writeEvery(pause time.Duration, n int) {
	for range n {
		time.Sleep(pause)
		d.write(1)
	}
}

func (d *durable) last() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.written)
}

// remove removes all but the last numbers.
func (d *durable) remove(keep int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.first = max(d.first, len(d.written)-keep+1)
}

// reading is a way to read a durable log.
type reading struct {
	lag    time.Duration // from the writing of a number to its arrival
	pause  time.Duration // after each number
	finite bool          // it completes when the log is at its end
	all    bool          // it gets also what was removed
	failAt atomic.Int64  // the number at which it fails, the first time; 0 for none
}

var errBroken = errors.New("the connection to the log is broken")

// after returns the numbers after one.
func (d *durable) after(n int, how *reading) observable.Observable[int] {
	return func(ctx context.Context, emit func(int) bool) error {
		for n++; ; n++ {
			due, more, gone := d.look(n)
			switch {
			case gone && !how.all:
				return sink.ErrHistoryGone
			case more != nil && how.finite:
				return nil
			case more != nil:
				select {
				case <-more:
					n--
					continue
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			case how.failAt.CompareAndSwap(int64(n), 0):
				return errBroken
			}
			if err := sleep(ctx, time.Until(due.Add(how.lag))); err != nil {
				return err
			}
			if !emit(n) {
				return nil
			}
			if err := sleep(ctx, how.pause); err != nil {
				return err
			}
		}
	}
}

// look returns when a number was written, or a channel that is closed when there is more to see.
func (d *durable) look(n int) (due time.Time, more <-chan struct{}, gone bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n > len(d.written) {
		return due, d.more, false
	}
	return d.written[n-1], nil, n < d.first
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// history is a Config.History of a durable log.
func (d *durable) history(how *reading) func(context.Context, string) observable.Observable[int] {
	return func(_ context.Context, lastEventID string) observable.Observable[int] {
		n, err := strconv.Atoi(lastEventID)
		if err != nil || n > d.last() {
			return source.Throw[int](sink.ErrHistoryGone)
		}
		return d.after(n, how)
	}
}

// gap is the data of the event for a gap.
const gap = -1

func gapEvent(string) (int, bool) { return gap, true }

// number is an ID that the gap event does not have.
func number(n int) string { return strconv.Itoa(n) }

// visitor is a client that comes and goes. It implements its response.
type visitor struct {
	got    []int  // the numbers, and gap
	lastID string // as a client remembers it
	rest   string // of what was written, the incomplete event
	status int
	ended  bool // its last response
}

// visit has the handler serve the visitor until it has got so many events more, or the context is done.
func (v *visitor) visit(ctx context.Context, handler http.Handler, events int) {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	until := len(v.got) + events
	v.rest, v.status = "", http.StatusOK
	w := &writer{onWrite: func(wire []byte) error {
		v.read(string(wire), until)
		if len(v.got) == until {
			leave()
			return errBroken
		}
		return nil
	}, onStatus: func(status int) { v.status = status }}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	if v.lastID != "" {
		r.Header.Set("Last-Event-ID", v.lastID)
	}
	handler.ServeHTTP(w, r)
	v.ended = ctx.Err() == nil
}

// read reads events as the standard says, up to so many.
func (v *visitor) read(wire string, until int) {
	blocks := strings.Split(v.rest+wire, "\n\n")
	v.rest = blocks[len(blocks)-1]
	for _, block := range blocks[:len(blocks)-1] {
		if len(v.got) == until {
			return // the connection is lost before that
		}
		for line := range strings.SplitSeq(block, "\n") {
			if id, ok := strings.CutPrefix(line, "id: "); ok {
				v.lastID = id
			} else if data, ok := strings.CutPrefix(line, "data: "); ok {
				n, err := strconv.Atoi(data)
				if err != nil {
					panic(err)
				}
				v.got = append(v.got, n)
			}
		}
	}
}

// requireConsecutive requires that the numbers follow one another from the given one on, to the last one.
func (v *visitor) requireConsecutive(t *testing.T, after, last int, text ...any) {
	t.Helper()
	want := make([]int, 0, last-after)
	for n := after + 1; n <= last; n++ {
		want = append(want, n)
	}
	if len(want) == 0 {
		require.Empty(t, v.got, text...)
		return
	}
	require.Equal(t, want, v.got, text...)
}

// paces are ways in which the run of a handler and a History read the same log.
var paces = map[string]struct{ run, history *reading }{
	"at the same pace":                {&reading{}, &reading{}},
	"the history lags":                {&reading{}, &reading{lag: 25 * time.Millisecond}},
	"the history is a little late":    {&reading{}, &reading{lag: time.Nanosecond}},
	"the run lags":                    {&reading{lag: 25 * time.Millisecond}, &reading{}},
	"the run is a little late":        {&reading{lag: time.Nanosecond}, &reading{}},
	"the run lags far behind":         {&reading{lag: 500 * time.Millisecond}, &reading{}},
	"the history is slow":             {&reading{}, &reading{pause: 7 * time.Millisecond}},
	"the history is slower than both": {&reading{}, &reading{pause: 15 * time.Millisecond}},
	"finite":                          {&reading{}, &reading{finite: true}},
	"finite, and the run lags":        {&reading{lag: 25 * time.Millisecond}, &reading{finite: true}},
	"finite and slow":                 {&reading{}, &reading{finite: true, pause: 15 * time.Millisecond}},
}

// A client that has had any number of events connects at every point of a stream and leaves after some events. It gets
// each of the other events once and in order.
func TestHistoryAtEveryPoint(t *testing.T) {
	numbers, every := size(12, 7), 10*time.Millisecond
	for name, pace := range paces {
		t.Run(name, func(t *testing.T) {
			for _, replay := range []int{1, 3, 100} {
				for comes := range 2*numbers + 1 {
					everyVisitor(t, pace.run, pace.history, replay, numbers, every, time.Duration(comes)*every/2)
				}
			}
		})
	}
}

// everyVisitor has visitors connect at one moment of a stream. They differ in what they know and how long they stay.
func everyVisitor(
	t *testing.T, run, history *reading, replay, numbers int, every, comes time.Duration,
) {
	synctest.Test(t, func(t *testing.T) {
		log := newDurable()
		handler := sink.EventSource(log.after(0, run), sink.Config[int]{
			ID: number, Replay: replay, Eager: true, History: log.history(history), HistoryLimit: 1000, Gap: gapEvent,
		})
		defer handler.Close()
		go log.writeEvery(every, numbers)
		time.Sleep(comes)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var visits sync.WaitGroup
		for knows := range log.last() + 1 {
			for _, stays := range []int{1, 2, 1000} {
				v := &visitor{lastID: number(knows)}
				visits.Go(func() {
					for ctx.Err() == nil {
						v.visit(ctx, handler, stays)
					}
				})
				defer func() {
					v.requireConsecutive(t, knows, numbers, "replay %d, comes after %v, knows %d, stays for %d",
						replay, comes, knows, stays)
				}()
			}
		}
		visits.Wait()
		require.Zero(t, handler.Stats().Gaps)
	})
}
