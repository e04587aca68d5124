package source_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// A foreign goroutine sends whenever it wants: early, late, never, and after the end of the run. Nothing is lost, and
// it never waits for a run that is over.
func TestFromCallbackWithAForeignGoroutine(t *testing.T) {
	const runs, items = 2000, 100
	before := runtime.NumGoroutine()
	var foreign sync.WaitGroup
	for run := range runs {
		foreignRun(t, &foreign, run, items)
	}
	foreign.Wait()
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func foreignRun(t *testing.T, foreign *sync.WaitGroup, run, items int) {
	started := make(chan struct{})
	start := sync.OnceFunc(func() { close(started) })
	never, limit := run%8 == 7, items
	if run%4 == 3 && !never { // the foreign goroutine goes on when the consumer has had enough
		limit = 10
	}
	send := func(e source.Emitter[int]) {
		<-started
		for i := range items {
			if !e.Next(i) && i < limit {
				t.Errorf("run %d: item %d was refused", run, i)
			}
		}
		e.End(nil)
		for i := range 10 { // after the end
			if e.Next(i) {
				t.Errorf("run %d: an item was taken after the end", run)
			}
		}
	}
	src := source.FromCallback(1+run%5, observable.Block, func(_ context.Context, e source.Emitter[int]) (func(), error) {
		if never {
			e.End(nil)
			return func() {}, nil
		}
		foreign.Go(func() { send(e) })
		if run%3 == 0 { // early: it sends while register runs
			start()
			runtime.Gosched()
		}
		return func() {}, nil
	})
	if run%3 == 1 { // late: when the run waits, or nearly so
		foreign.Go(func() {
			runtime.Gosched()
			start()
		})
	} else {
		start()
	}
	var got []int
	err := src(t.Context(), func(v int) bool {
		got = append(got, v)
		return len(got) < limit
	})
	require.NoError(t, err)
	if never {
		require.Empty(t, got)
	} else {
		require.Equal(t, numbersTo(limit), got)
	}
}

// FuzzFromCallback tries random producers and a random consumer under each policy: every item comes at most once, those
// of a producer come in order, Next says which ones come, and the log says how many were dropped.
func FuzzFromCallback(f *testing.F) {
	for seed := range uint64(64) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		synctest.Test(t, func(t *testing.T) { tryRandomCallback(t, rand.New(rand.NewPCG(seed, 0))) })
	})
}

type sending struct {
	producer, number int
}

func tryRandomCallback(t *testing.T, random *rand.Rand) {
	policy := observable.Overflow(random.IntN(4))
	producers, items, capacity := 1+random.IntN(4), random.IntN(50), 1+random.IntN(10)
	inside := random.IntN(2) == 0 // register waits for the first producer
	pauses := make([][]time.Duration, producers)
	for p := range pauses {
		pauses[p] = make([]time.Duration, items)
		for i := range pauses[p] {
			pauses[p][i] = time.Duration(random.IntN(4)) * time.Millisecond
		}
	}
	consume, stopAt := time.Duration(random.IntN(3))*time.Millisecond, 1+random.IntN(2*producers*items+1)

	var mu sync.Mutex
	var taken []sending
	send := func(e source.Emitter[sending], p int) {
		for i := range items {
			time.Sleep(pauses[p][i])
			if e.Next(sending{p, i}) {
				mu.Lock()
				taken = append(taken, sending{p, i})
				mu.Unlock()
			}
		}
	}
	log := loggedDrops(t)
	stops := 0
	src := source.FromCallback(capacity, policy,
		func(_ context.Context, e source.Emitter[sending]) (func(), error) {
			var sending sync.WaitGroup
			for p := range producers {
				if p == 0 && inside {
					send(e, p)
					continue
				}
				sending.Go(func() { send(e, p) })
			}
			go func() {
				sending.Wait()
				e.End(nil)
			}()
			return func() {
				stops++
				sending.Wait()
			}, nil
		})
	var got []sending
	err := src(t.Context(), func(v sending) bool {
		time.Sleep(consume)
		got = append(got, v)
		return len(got) < stopAt
	})
	stopped := len(got) == stopAt
	require.Equal(t, 1, stops)
	next := make([]int, producers)
	for _, v := range got {
		require.GreaterOrEqual(t, v.number, next[v.producer], "an item came twice or out of order")
		next[v.producer] = v.number + 1
	}
	dropped := 0
	for items := range strings.FieldsSeq(log()) {
		n, err := strconv.Atoi(strings.TrimPrefix(items, "items="))
		require.NoError(t, err)
		dropped += n
	}
	switch {
	case stopped:
		require.NoError(t, err)
	case err != nil:
		require.Equal(t, observable.ErrOverflow, err)
		require.Equal(t, observable.Fail, policy)
	case policy == observable.DropOldest:
		require.Subset(t, taken, got)
		require.Len(t, taken, producers*items)
		require.Equal(t, len(taken)-len(got), dropped)
	default:
		require.ElementsMatch(t, taken, got)
		require.Equal(t, producers*items-len(got), dropped)
		require.True(t, dropped == 0 || policy == observable.DropNewest)
	}
}
