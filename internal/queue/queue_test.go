package queue

import (
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// outlet is what a consumer sees of a queue or an inbox.
type outlet[T any] interface {
	Take() (batch []T, more bool)
	Ready() <-chan struct{}
}

// drain takes all items until the queue is over.
func drain[T any](q outlet[T]) (items []T) {
	for {
		batch, more := q.Take()
		items = append(items, batch...)
		switch {
		case len(batch) > 0:
		case more:
			<-q.Ready()
		default:
			return items
		}
	}
}

func TestItemsComeInOrderThenTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New[int](3)
		go func() {
			for i := range 100 {
				q.Put(nil, i)
			}
			q.End(nil)
		}()
		items := drain[int](q)
		require.Len(t, items, 100)
		require.IsIncreasing(t, items)
		require.NoError(t, q.Err())
	})
}

func TestPutWaitsWhileFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New[int](2)
		put := 0
		go func() {
			for i := range 6 {
				q.Put(nil, i)
				put++
			}
			q.End(nil)
		}()
		synctest.Wait()
		require.Equal(t, 2, put)
		v, _, _ := q.TakeOne()
		require.Equal(t, 0, v)
		synctest.Wait()
		require.Equal(t, 3, put)
		batch, _ := q.Take()
		require.Equal(t, []int{1, 2, 3}, batch, "the producer waits with the last one")
		synctest.Wait()
		require.Equal(t, 6, put)
		require.Equal(t, []int{4, 5}, drain[int](q))
	})
}

func TestPutEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New[int](1)
		require.True(t, q.Put(t.Context().Done(), 1))
		done := make(chan struct{})
		results := make(chan bool)
		go func() { results <- q.Put(done, 2) }()
		synctest.Wait()
		close(done)
		require.False(t, <-results)
		q.End(nil)
		require.Equal(t, []int{1, 2}, drain[int](q))
	})
}

func TestFailureComesAfterWhatWaits(t *testing.T) {
	boom := errors.New("boom")
	q := New[int](2)
	q.Put(nil, 1)
	q.Put(nil, 2)
	require.True(t, q.End(boom))
	require.Equal(t, []int{1, 2}, drain[int](q))
	require.Equal(t, boom, q.Err())
}

func TestStopEndsTheProducerAndDropsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New[int](1)
		q.Put(nil, 1)
		result := make(chan bool)
		go func() { result <- q.Put(nil, 2) }()
		synctest.Wait()
		q.Stop()
		q.Stop()
		require.False(t, <-result)
		require.False(t, q.Put(nil, 3))
		require.False(t, q.End(errors.New("too late to count")))
		batch, more := q.Take()
		require.Empty(t, batch)
		require.False(t, more)
		require.NoError(t, q.Err())
	})
}

func TestOfferNeverWaits(t *testing.T) {
	type result struct {
		dropped  int
		full, ok bool
	}
	offer := func(q *Queue[int], v int, displace bool) (r result) {
		r.dropped, r.full, r.ok = q.Offer(v, displace)
		return r
	}
	q := New[int](2)
	require.Equal(t, result{0, false, true}, offer(q, 1, false))
	require.Equal(t, result{0, false, true}, offer(q, 2, true))
	require.Equal(t, result{3, true, true}, offer(q, 3, false))
	require.Equal(t, result{1, true, true}, offer(q, 4, true))
	v, found, more := q.TakeOne()
	require.Equal(t, []any{2, true, true}, []any{v, found, more})
	require.Equal(t, result{0, false, true}, offer(q, 5, false))
	q.End(nil)
	require.Equal(t, []int{4, 5}, drain[int](q))
	q.Stop()
	require.Equal(t, result{0, false, false}, offer(q, 6, true))
}

// Taking one and putting one while many wait must not move the many each time.
func TestTakeOneOfManyIsCheap(t *testing.T) {
	const n = 1 << 16
	q := New[int](n)
	for i := range n {
		q.Put(nil, i)
	}
	for i := range 4 * n {
		v, _, _ := q.TakeOne()
		if v != i%n {
			t.Fatalf("took %d, not %d", v, i%n)
		}
		q.Put(nil, v)
	}
	require.LessOrEqual(t, cap(q.items), 4*n)
}

func TestRoomIsUsedAgain(t *testing.T) {
	q := New[int](64)
	allocations := testing.AllocsPerRun(100, func() {
		for range 10 {
			for i := range 64 {
				q.Put(nil, i)
			}
			q.Take()
		}
		q.Take()
	})
	require.Zero(t, allocations)
}

func TestMemoryOfABurstIsGivenBack(t *testing.T) {
	for _, one := range []bool{false, true} {
		q := New[int](1 << 16)
		for i := range 1 << 16 {
			q.Put(nil, i)
		}
		if one {
			for found := true; found; _, found, _ = q.TakeOne() {
			}
		} else {
			q.Take()
			q.Take()
		}
		require.LessOrEqual(t, cap(q.items), keep)
	}
}

func TestWhatWasTakenIsNotKeptAlive(t *testing.T) {
	q := New[*[64]byte](8)
	freed := make(chan struct{})
	item := new([64]byte)
	runtime.AddCleanup(item, func(struct{}) { close(freed) }, struct{}{})
	q.Put(nil, item)
	item = nil
	q.Take()
	q.Take()
	requireClosed(t, freed)
	runtime.KeepAlive(q)
}

// requireClosed collects garbage until the clean-up of what is no longer used has closed freed.
func requireClosed(t *testing.T, freed <-chan struct{}) {
	t.Helper()
	require.Eventually(t, func() bool {
		runtime.GC()
		select {
		case <-freed:
			return true
		default:
			return false
		}
	}, 10*time.Second, time.Millisecond)
}

func TestIdle(t *testing.T) {
	q := New[int](2)
	require.False(t, q.Idle(), "the consumer has not looked yet")
	q.Take()
	require.True(t, q.Idle())
	q.Put(nil, 1)
	require.False(t, q.Idle(), "something waits")
	q.Take()
	require.False(t, q.Idle(), "the consumer is at work")
	q.Take()
	require.True(t, q.Idle())
	q.End(nil)
	require.False(t, q.Idle(), "the end waits")
}
