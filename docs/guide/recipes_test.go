package guide_test

import (
	"context"
	"errors"
	"maps"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

func alive[T any](feed observable.Observable[T], d time.Duration) observable.Observable[bool] {
	states := operators.SwitchMap(feed, func(T) observable.Observable[bool] {
		silent := operators.Map(source.Timer(d), func(time.Time) bool { return false })
		return operators.StartWith(silent, true)
	})
	return operators.DistinctUntilChanged(states)
}

func TestASilentFeedIsReported(t *testing.T) {
	feed := observabletest.Marbles[string]("-a-b--------c--", nil)
	observabletest.ExpectMarbles(t, "-t------f---t--", alive(feed, 50*time.Millisecond), map[rune]bool{'t': true, 'f': false})
}

func hedged[T any](request observable.Observable[T], after time.Duration) observable.Observable[T] {
	return operators.Race(request, operators.DelaySubscription(request, after))
}

func TestHedge(t *testing.T) {
	slow := observabletest.Marbles[string]("---------a|", nil)
	answers := []observable.Observable[string]{slow, source.Of("b")}
	var asked atomic.Int32
	request := source.Defer(func() observable.Observable[string] { return answers[asked.Add(1)-1] })
	observabletest.ExpectMarbles(t, "----(b|)", hedged(request, 40*time.Millisecond), nil)
}

func poll(status func(context.Context) (string, error), every time.Duration) observable.Observable[string] {
	ticks := operators.StartWith(source.Interval(every), 0)
	states := operators.ExhaustMap(ticks, func(int) observable.Observable[string] { return source.FromFunc(status) })
	return operators.TakeThrough(operators.DistinctUntilChanged(states), func(state string) bool { return state != "done" })
}

func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		polls := 0
		status := func(context.Context) (string, error) {
			time.Sleep(1500 * time.Millisecond)
			polls++
			return []string{"queued", "running", "running", "done"}[polls-1], nil
		}
		began := time.Now()
		states, err := poll(status, time.Second).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"queued", "running", "done"}, states)
		require.Equal(t, 7500*time.Millisecond, time.Since(began)) // polls begin at 0, 2, 4 and 6 s
	})
}

func storeInBatches(rows observable.Observable[Row], store func(context.Context, []Row) (int, error)) observable.Observable[int] {
	batches := operators.BufferTimeOrCount(rows, time.Second, 500)
	return operators.ConcatMap(batches, func(batch []Row) observable.Observable[int] {
		if len(batch) == 0 {
			return source.Empty[int]() // a second without rows
		}
		stored := source.FromFunc(func(ctx context.Context) (int, error) { return store(ctx, batch) })
		return operators.Retry(stored, retry.Policy{MaxAttempts: 5})
	})
}

func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := 1
		store := func(_ context.Context, batch []Row) (int, error) {
			if failures--; failures >= 0 {
				return 0, errors.New("busy")
			}
			return len(batch), nil
		}
		rows := operators.Map(source.Range(1, 1200), func(i int) Row { return Row(i) })
		late := operators.DelaySubscription(source.Of[Row](1), 20*time.Second)
		sizes, err := storeInBatches(operators.Concat(rows, late), store).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{500, 500, 200, 1}, sizes)
	})
}

func dedupe[T any, K comparable](src observable.Observable[T], n int, key func(T) K) observable.Observable[T] {
	return source.Defer(func() observable.Observable[T] {
		seen, ring, next := make(map[K]bool, n), make([]K, n), 0
		return operators.Filter(src, func(v T) bool {
			k := key(v)
			if seen[k] {
				return false
			}
			if len(seen) == n {
				delete(seen, ring[next])
			}
			seen[k], ring[next] = true, k
			next = (next + 1) % n
			return true
		})
	})
}

func TestDedupeRemembersTheLastKeys(t *testing.T) {
	unique := dedupe(source.Of(1, 2, 1, 3, 1, 2), 2, func(v int) int { return v })
	for range 2 {
		got, err := unique.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{1, 2, 3, 1, 2}, got)
	}
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		questions, send := source.Of(1, 2, 3), func(q int) observable.Observable[int] { return source.Of(-q) }
		began := time.Now()
		limiter := rate.NewLimiter(rate.Every(100*time.Millisecond), 1)
		answers := operators.ConcatMap(operators.RateLimit(questions, limiter), send)
		got, err := answers.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{-1, -2, -3}, got)
		require.Equal(t, 200*time.Millisecond, time.Since(began))
	})
}

func TestTheLatestValueIsCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, runs := t.Context(), 0
		prices := source.Defer(func() observable.Observable[int] {
			runs++
			return operators.Delay(operators.StartWith(source.Never[int](), 100*runs), time.Second)
		})
		latest := operators.ShareReplay(prices, 1)

		price, err := latest.First(ctx)
		require.NoError(t, err)
		require.Equal(t, 100, price)
		warm := latest.Subscribe(ctx, observable.Observer[int]{})
		defer warm.Dispose()
		time.Sleep(2 * time.Second)
		price, err = latest.First(ctx)
		require.NoError(t, err)
		require.Equal(t, 200, price)
		require.Equal(t, 2, runs)
	})
}

func latestByKey(quotes observable.Observable[Quote]) observable.Observable[map[string]int] {
	return operators.Scan(quotes, nil, func(book map[string]int, q Quote) map[string]int {
		next := maps.Clone(book) // the map before may still be in use
		if next == nil {
			next = map[string]int{}
		}
		next[q.Symbol] = q.Cents
		return next
	})
}

func TestLatestByKey(t *testing.T) {
	books, err := latestByKey(source.Of(Quote{"OIL", 70}, Quote{"TIN", 30}, Quote{"OIL", 71})).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []map[string]int{{"OIL": 70}, {"OIL": 70, "TIN": 30}, {"OIL": 71, "TIN": 30}}, books)
}

func TestParallelWorkKeepsItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		urls, began := source.Of("a", "bb", "ccc"), time.Now()
		fetch := func(_ context.Context, url string) (string, error) {
			time.Sleep(time.Second / time.Duration(len(url)))
			return "page " + url, nil
		}
		pages := operators.ParallelMap(urls, 8, func(ctx context.Context, url string) (string, error) {
			return fetch(ctx, url)
		})
		got, err := pages.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"page a", "page bb", "page ccc"}, got)
		require.Equal(t, time.Second, time.Since(began))
	})
}

func fetchPart(name string) observable.Observable[string] {
	return operators.DelaySubscription(source.Of("part "+name), time.Second)
}

func TestSeveralAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		all := operators.ForkJoin(fetchPart("a"), fetchPart("b"), fetchPart("c")) // in parallel
		parts, err := operators.Timeout(all, 2*time.Second).First(ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"part a", "part b", "part c"}, parts)
	})
}
