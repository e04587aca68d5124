package queue

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func newInbox[T any](capacity int) (*Inbox[T], *Lane[T]) {
	in := NewInbox[T](capacity, make(chan struct{}, 1))
	return in, in.Open()
}

func TestInboxOfOneLane(t *testing.T) {
	for _, capacity := range []int{0, 1, 2, 3, 128, 5000} {
		synctest.Test(t, func(t *testing.T) {
			in, lane := newInbox[int](capacity)
			go func() {
				for i := range 10_000 {
					lane.Put(nil, i)
				}
				lane.End(false)
			}()
			for i, v := range drain(in) {
				require.Equal(t, i, v)
			}
		})
	}
}

// Many lanes at once, which begin and end while others go on, on real processors.
func TestInboxOfManyLanes(t *testing.T) {
	const producers, each = 20, 5000
	type item struct{ producer, n int }
	in, first := newInbox[item](4)
	var all sync.WaitGroup
	for p := range producers {
		lane := in.Open()
		all.Go(func() {
			for n := range each {
				if n == each/2 {
					lane.End(false)
					lane = in.Open()
				}
				lane.Put(nil, item{p, n})
			}
			lane.End(false)
		})
	}
	go func() { all.Wait(); first.End(false) }()
	next := [producers]int{}
	for _, v := range drain(in) {
		require.Equal(t, next[v.producer], v.n)
		next[v.producer]++
	}
	for _, n := range next {
		require.Equal(t, each, n)
	}
}

// Turns that change with nearly every item: a producer that missed one would never wake.
func TestLanesThatTakeTurnsAllTheTime(t *testing.T) {
	const producers, rounds, each = 3, 50, 500
	for range rounds {
		in := NewInbox[int](16, make(chan struct{}, 1))
		for range producers {
			lane := in.Open()
			go func() {
				for i := range each {
					lane.Put(nil, i)
					runtime.Gosched()
				}
				lane.End(false)
			}()
		}
		require.Len(t, drain(in), producers*each)
	}
}

// What one producer puts because of what another has put comes after it.
func TestInboxKeepsTheOrderOfArrival(t *testing.T) {
	const rounds = 5000
	in, a := newInbox[int](16)
	b := in.Open()
	ping, pong := make(chan bool), make(chan bool)
	go func() {
		for i := range rounds {
			a.Put(nil, 3*i)
			ping <- true
			<-pong
			a.Put(nil, 3*i+2)
		}
		a.End(false)
	}()
	go func() {
		for i := range rounds {
			<-ping
			b.Put(nil, 3*i+1)
			pong <- true
		}
		b.End(false)
	}()
	items := drain(in)
	require.Len(t, items, 3*rounds)
	require.IsIncreasing(t, items)
}

func TestLanePutWaitsWhileFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, lane := newInbox[int](2)
		other := in.Open()
		put := 0
		go func() {
			for i := range 6 {
				lane.Put(nil, i)
				put++
			}
			lane.End(false)
		}()
		synctest.Wait()
		require.Equal(t, 2, put)
		require.True(t, other.Put(nil, 10), "each lane has room of its own")
		batch, _ := in.Take()
		require.Equal(t, []int{0, 1, 2}, batch, "the producer waits with the last one")
		synctest.Wait()
		require.Equal(t, 5, put)
		other.End(false)
		require.Equal(t, []int{10, 3, 4, 5}, drain(in))
	})
}

func TestLanePutEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, lane := newInbox[int](1)
		require.True(t, lane.Put(t.Context().Done(), 1))
		done := make(chan struct{})
		results := make(chan bool)
		go func() { results <- lane.Put(done, 2) }()
		synctest.Wait()
		close(done)
		require.False(t, <-results)
		lane.End(false)
		require.Equal(t, []int{1, 2}, drain(in))
	})
}

func TestFailureOfALaneComesAfterWhatWaitsAndEndsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, lane := newInbox[int](1)
		failing := in.Open()
		lane.Put(nil, 1)
		results := make(chan bool)
		go func() { results <- lane.Put(nil, 2) }()
		synctest.Wait()
		failing.Put(nil, 3)
		failing.End(true)
		require.False(t, <-results, "it waited")
		require.False(t, lane.Put(nil, 4))
		lane.End(false)
		require.Equal(t, []int{1, 2, 3}, drain(in))
	})
}

func TestStopEndsAllLanesAndDropsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, lane := newInbox[int](1)
		lane.Put(nil, 1)
		results := make(chan bool)
		go func() { results <- lane.Put(nil, 2) }()
		synctest.Wait()
		in.Stop()
		in.Stop()
		require.False(t, <-results)
		require.False(t, lane.Put(nil, 3))
		lane.End(true)
		batch, more := in.Take()
		require.Empty(t, batch)
		require.False(t, more)
	})
}

func TestStopWhileABatchIsTaken(t *testing.T) {
	in, lane := newInbox[int](64)
	for i := range 60 {
		lane.Put(nil, i)
	}
	batch, _ := in.Take()
	require.Less(t, len(batch), 60)
	in.Stop()
	batch, more := in.Take()
	require.Empty(t, batch)
	require.False(t, more)
}

func TestLoneItemsWakeTheConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, lane := newInbox[int](128)
		var got []int
		go func() { got = drainInto(in, &got) }()
		for i := range 100 {
			synctest.Wait()
			require.Len(t, got, i)
			lane.Put(nil, i)
		}
		lane.End(false)
		synctest.Wait()
		require.Len(t, got, 100)
	})
}

// drain takes all items until the inbox is over.
func drain[T any](in *Inbox[T]) (items []T) { return drainInto(in, &items) }

// drainInto is drain that shows how far it is.
func drainInto[T any](in *Inbox[T], items *[]T) []T {
	for {
		batch, more := in.Take()
		*items = append(*items, batch...)
		switch {
		case len(batch) > 0:
		case more:
			<-in.Ready()
		default:
			return *items
		}
	}
}

func TestLanesAllocateNothingPerItem(t *testing.T) {
	for _, capacity := range []int{1, 64, 128} {
		in, lane := newInbox[int](capacity)
		other := in.Open()
		round := func() {
			for range 10 {
				for i := range capacity {
					lane.Put(nil, i)
					other.Put(nil, i)
				}
				for batch, _ := in.Take(); len(batch) > 0; batch, _ = in.Take() {
				}
			}
		}
		round()
		require.Zero(t, testing.AllocsPerRun(100, round))
	}
}

func TestLanesAreUsedAgain(t *testing.T) {
	in, _ := newInbox[int](4)
	round := func() {
		lane := in.Open()
		lane.Put(nil, 1)
		lane.Put(nil, 2)
		lane.End(false)
		for batch, _ := in.Take(); len(batch) > 0; batch, _ = in.Take() {
		}
	}
	round()
	require.Zero(t, testing.AllocsPerRun(100, round))
	require.Len(t, in.free, 1)
}

func TestMemoryOfABurstIsGivenBackByALane(t *testing.T) {
	in, lane := newInbox[int](1 << 16)
	for i := range 1 << 16 {
		lane.Put(nil, i)
	}
	for batch, _ := in.Take(); len(batch) > 0; batch, _ = in.Take() {
	}
	kept := 0
	for s := lane.emptying; s != nil; s = s.next {
		kept += len(s.items)
	}
	kept += len(lane.spare.Load().items)
	require.LessOrEqual(t, kept, 4*keep)
}

func TestWhatALaneHasGivenIsNotKeptAlive(t *testing.T) {
	in, lane := newInbox[*[64]byte](8)
	freed := make(chan struct{})
	item := new([64]byte)
	runtime.AddCleanup(item, func(struct{}) { close(freed) }, struct{}{})
	lane.Put(nil, item)
	item = nil
	in.Take()
	in.Take()
	requireClosed(t, freed)
	runtime.KeepAlive(in)
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
