package queue

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// closed makes Append under Block give up instead of waiting.
var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// A modelReader is a reader with the items that it should get.
type modelReader struct {
	*Reader[int]
	waiting []int
	missed  int
	failed  bool
}

// model is the simplest thing that does what a log does: a queue for each reader.
type model struct {
	*testing.T
	config  LogConfig
	log     *Log[int]
	last    []int // what is replayed
	readers []*modelReader
	next    int
	closed  bool
	dropped int // as the log reports it
}

func (m *model) full() bool {
	return slices.ContainsFunc(m.readers, func(r *modelReader) bool {
		return !r.failed && len(r.waiting) >= m.config.Capacity+m.config.Replay
	})
}

func (m *model) append() {
	m.next++
	want := !m.closed && (m.config.Overflow != Block || !m.full())
	before := m.dropped
	require.Equal(m, want, m.log.Append(closed, m.next))
	switch {
	case !want:
		return
	case m.config.Overflow == DropNewest && m.full():
		require.Equal(m, before+1, m.dropped)
		return
	}
	m.last = append(m.last, m.next)
	m.last = m.last[max(0, len(m.last)-m.config.Replay):]
	limit := m.config.Capacity + m.config.Replay
	for _, r := range m.readers {
		switch {
		case r.failed:
		case len(r.waiting) < limit:
			r.waiting = append(r.waiting, m.next)
		case m.config.Overflow == Fail:
			r.failed = true
		case m.config.Overflow == DropOldest:
			r.waiting = append(r.waiting[1:], m.next)
			r.missed++
		}
	}
}

func (m *model) join() {
	r := &modelReader{Reader: m.log.Join()}
	if !m.closed || !m.config.EndOnly {
		r.waiting = slices.Clone(m.last)
	}
	m.readers = append(m.readers, r)
}

func (m *model) take(r *modelReader) {
	before := m.dropped
	batch, more, err := r.Take()
	require.Equal(m, r.missed, m.dropped-before)
	r.missed = 0
	want := r.waiting[:min(len(r.waiting), batchSize)]
	switch {
	case r.failed:
		require.Equal(m, ErrOverflow, err)
		require.Empty(m, batch)
	case len(want) > 0:
		require.Equal(m, want, batch)
		r.waiting = r.waiting[len(want):]
	case m.closed:
		require.False(m, more)
		require.Equal(m, errModel, err)
	default:
		require.True(m, more)
		require.Empty(m, batch)
	}
}

var errModel = errors.New("the end")

func (m *model) leave(i int) {
	before := m.dropped
	m.readers[i].Leave()
	require.Equal(m, m.readers[i].missed, m.dropped-before)
	m.readers = slices.Delete(m.readers, i, i+1)
}

// step does one thing at random.
func (m *model) step(random *rand.Rand) {
	choice := random.IntN(1000)
	switch {
	case choice < 600 || len(m.readers) == 0 && choice < 980:
		for range 1 + random.IntN(40) {
			m.append()
		}
	case choice < 950:
		m.take(m.readers[random.IntN(len(m.readers))])
	case choice < 965:
		m.leave(random.IntN(len(m.readers)))
	case choice < 997:
		m.join()
	case choice < 999:
		m.log = m.log.Renew()
		m.readers, m.closed = nil, false
	default:
		m.log.Close(errModel)
		m.closed = true
	}
	live := 0
	for _, r := range m.readers {
		if !r.failed {
			live++
		}
	}
	require.Equal(m, live, m.log.Readers())
	if len(m.last) > 0 {
		require.Equal(m, m.last[len(m.last)-1], m.log.Last())
	}
}

func TestLogIsLikeAQueueForEachReader(t *testing.T) {
	for _, overflow := range []Overflow{Block, DropOldest, DropNewest, Fail} {
		for _, size := range []struct{ capacity, replay int }{{1, 0}, {1, 1}, {3, 7}, {100, 0}, {300, 1000}, {5000, 0}} {
			m := &model{T: t, config: LogConfig{
				Capacity: size.capacity, Replay: size.replay, EndOnly: size.replay == 1, Overflow: overflow,
			}}
			m.config.Dropped = func(n int) { m.dropped += n }
			m.log = NewLog[int](m.config)
			random := rand.New(rand.NewPCG(uint64(overflow), uint64(size.capacity)))
			for range 800 {
				m.step(random)
			}
		}
	}
}

func appendAll(l *Log[int], n int) {
	for i := range n {
		l.Append(nil, i)
	}
}

func TestLogGrowsOnlyAsAReaderFallsBehind(t *testing.T) {
	l := NewLog[int](LogConfig{Capacity: 1 << 20})
	r := l.Join()
	for range 1000 {
		appendAll(l, smallest)
		r.Take()
	}
	require.Len(t, l.ring, smallest)
	appendAll(l, 5000)
	require.Len(t, l.ring, 8192)
	for batch, _, _ := r.Take(); len(batch) > 0; batch, _, _ = r.Take() {
	}
	require.LessOrEqual(t, len(l.ring), keepRing, "a large ring is given back")
	require.LessOrEqual(t, cap(r.batch), smallest, "so is the buffer of a reader that waits")
	appendAll(l, 5000)
	r.Leave()
	require.LessOrEqual(t, len(l.ring), keepRing, "nor is it kept for a reader that has left")
}

func TestLogOfManyItemsStaysWithinItsCapacity(t *testing.T) {
	for _, overflow := range []Overflow{DropOldest, DropNewest, Fail} {
		l := NewLog[int](LogConfig{Capacity: 1000, Overflow: overflow, Dropped: func(int) {}})
		l.Join()
		appendAll(l, 100_000)
		require.Len(t, l.ring, 1024)
	}
	l := NewLog[int](LogConfig{Capacity: 1000})
	r := l.Join()
	appendAll(l, 1000)
	r.Take()
	appendAll(l, batchSize) // more than half of the ring is needed when it seems full
	require.Len(t, l.ring, 1024)
}

// The readers are looked at as often as the slowest of them moves, not for every item.
func TestLogLooksForTheSlowestReaderSeldom(t *testing.T) {
	l := NewLog[int](LogConfig{Capacity: 1000, Overflow: DropNewest, Dropped: func(int) {}})
	l.Join()
	appendAll(l, 2000)
	require.True(t, l.full())
	l.readers[0] = nil // an access panics
	appendAll(l, 2000)
}

func TestLogForgetsWhatAllHaveRead(t *testing.T) {
	l := NewLog[*[64]byte](LogConfig{Capacity: 8, Replay: 1})
	readers := []*Reader[*[64]byte]{l.Join(), l.Join()}
	freed := make(chan struct{})
	item := new([64]byte)
	runtime.AddCleanup(item, func(struct{}) { close(freed) }, struct{}{})
	l.Append(nil, item)
	item = nil
	l.Append(nil, new([64]byte))
	for _, r := range readers {
		r.Take()
		r.Take()
	}
	requireClosed(t, freed)
	runtime.KeepAlive(l)
	runtime.KeepAlive(readers)
}

// A large buffer is lent to a reader for as long as it has something to do.
func TestAReaderWithNothingToDoHoldsNoLargeBuffer(t *testing.T) {
	l := NewLog[int](LogConfig{Capacity: 1000})
	r := l.Join()
	appendAll(l, smallest)
	r.Take()
	r.Take()
	require.Equal(t, smallest, cap(r.batch))
	appendAll(l, smallest+1)
	r.Take()
	require.Equal(t, batchSize, cap(r.batch))
	r.Take()
	require.Nil(t, r.batch)
	require.True(t, allZero(l.lend(batchSize)), "what was in it is kept alive")
}

func allZero(items []int) bool {
	return !slices.ContainsFunc(items, func(v int) bool { return v != 0 })
}

// The writer that waits for room goes on, or gives up, whatever ends its wait.
func TestLogWakesAWriter(t *testing.T) {
	for name, test := range map[string]struct {
		wake func(l *Log[int], r *Reader[int], cancel func())
		want bool
	}{
		"the slowest reads":  {func(_ *Log[int], r *Reader[int], _ func()) { r.Take() }, true},
		"the slowest leaves": {func(_ *Log[int], r *Reader[int], _ func()) { r.Leave() }, true},
		"the log ends":       {func(l *Log[int], _ *Reader[int], _ func()) { l.Close(nil) }, false},
		"the writer ends":    {func(_ *Log[int], _ *Reader[int], cancel func()) { cancel() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := NewLog[int](LogConfig{Capacity: 3})
				slow, quick := l.Join(), l.Join()
				appendAll(l, 3)
				quick.Take()
				ctx, cancel := context.WithCancel(t.Context())
				ended, written := false, false
				go func() { written = l.Append(ctx.Done(), 3); ended = true }()
				synctest.Wait()
				require.False(t, ended)
				test.wake(l, slow, cancel)
				synctest.Wait()
				require.True(t, ended)
				require.Equal(t, test.want, written)
				cancel()
			})
		})
	}
}

// Writers, readers and readers that come and go, all at once: every reader gets the items of each writer in order and
// without a gap, from the first one on that it gets.
func TestLogWithManyWritersAndReaders(t *testing.T) {
	const writers, perWriter = 4, 2000
	l := NewLog[[2]int](LogConfig{Capacity: 50, Replay: 20})
	read := func(limit int) (n int) {
		next := map[int]int{}
		err := l.Join().Run(t.Context(), func(v [2]int) bool {
			if want, known := next[v[0]]; known && v[1] != want {
				t.Errorf("writer %d: item %d came, not %d", v[0], v[1], want)
			}
			next[v[0]] = v[1] + 1
			n++
			return n < limit
		})
		if err != nil {
			t.Error(err)
		}
		return n
	}
	var writing, reading sync.WaitGroup
	for range 4 {
		reading.Go(func() {
			for read(100) == 100 {
			}
		})
	}
	for range 3 {
		reading.Go(func() { read(writers * perWriter) })
	}
	for w := range writers {
		writing.Go(func() {
			for i := range perWriter {
				l.Append(nil, [2]int{w, i})
			}
		})
	}
	writing.Wait()
	l.Close(nil)
	reading.Wait()
	require.Zero(t, l.Readers())
}
