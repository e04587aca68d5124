package fluent_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/fluent"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// Each chain is shown twice: with methods, and with functions.

type Country struct{ Name, Code string }

// visitors is a server that sends a few visitors and then ends the stream.
func visitors() *httptest.Server {
	countries := source.Of(Country{"Ghana", "GH"}, Country{"nowhere", ""}, Country{"Peru", "PE"}, Country{"Chad", "TD"})
	return httptest.NewServer(sink.EventSource(countries, sink.Config[Country]{
		Type: func(Country) string { return "visitor" },
	}))
}

// The last visitors, the newest first.
func Example_visitors() {
	server := visitors()
	defer server.Close()
	url, ctx := server.URL, context.Background()

	recent := fluent.From(source.FromEventSource[Country](url, source.WithEvents("visitor"))).
		Map(source.Data[Country]).
		Filter(func(c Country) bool { return c.Code != "" }).
		History(2).
		Take(3)

	for history, err := range recent.All(ctx) {
		fmt.Println(history, err)
	}
	// Output:
	// [{Ghana GH}] <nil>
	// [{Peru PE} {Ghana GH}] <nil>
	// [{Chad TD} {Peru PE}] <nil>
}

func Example_visitorsWithFunctions() {
	server := visitors()
	defer server.Close()
	url, ctx := server.URL, context.Background()

	events := source.FromEventSource[Country](url, source.WithEvents("visitor"))
	countries := operators.Map(events, source.Data[Country])
	known := operators.Filter(countries, func(c Country) bool { return c.Code != "" })
	recent := operators.Take(operators.History(known, 2), 3)

	for history, err := range recent.All(ctx) {
		fmt.Println(history, err)
	}
	// Output:
	// [{Ghana GH}] <nil>
	// [{Peru PE} {Ghana GH}] <nil>
	// [{Chad TD} {Peru PE}] <nil>
}

type Price struct {
	Symbol string
	Cents  int
}

var prices = source.Of(Price{"OIL", 7000}, Price{"TEA", 310}, Price{"OIL", 7000}, Price{"TEA", 300}, Price{"OIL", 7350})

// By how much the price of oil changes.
func Example_prices() {
	changes := fluent.From(prices).
		Filter(func(p Price) bool { return p.Symbol == "OIL" }).
		DistinctUntilChangedBy(func(p Price) int { return p.Cents }).
		Pairwise().
		Map(func(p [2]Price) int { return p[1].Cents - p[0].Cents })

	fmt.Println(changes.Collect(context.Background()))
	// Output: [350] <nil>
}

func Example_pricesWithFunctions() {
	oil := operators.Filter(prices, func(p Price) bool { return p.Symbol == "OIL" })
	moves := operators.DistinctUntilChangedBy(oil, func(p Price) int { return p.Cents })
	changes := operators.Map(operators.Pairwise(moves), func(p [2]Price) int { return p[1].Cents - p[0].Cents })

	fmt.Println(changes.Collect(context.Background()))
	// Output: [350] <nil>
}

// search is a request that takes a while.
func search(words string) observable.Observable[string] {
	return operators.DelaySubscription(source.Of("results for "+words), 10*time.Millisecond)
}

// A search begins when the visitor has stopped typing, and replaces the one that runs.
func Example_searchAsYouType() {
	typed := source.Of("g", "go", "gopher ")

	results := fluent.From(typed).
		Debounce(50 * time.Millisecond).
		Map(strings.TrimSpace).
		Via(operators.DistinctUntilChanged).
		SwitchMap(search)

	fmt.Println(results.Collect(context.Background()))
	// Output: [results for gopher] <nil>
}

func Example_searchAsYouTypeWithFunctions() {
	typed := source.Of("g", "go", "gopher ")

	settled := operators.Debounce(typed, 50*time.Millisecond)
	words := operators.DistinctUntilChanged(operators.Map(settled, strings.TrimSpace))
	results := operators.SwitchMap(words, search)

	fmt.Println(results.Collect(context.Background()))
	// Output: [results for gopher] <nil>
}

// store is a database that takes several rows at once and returns how many it has stored.
func store(_ context.Context, rows []int) (int, error) { return len(rows), nil }

// Rows are stored by four, or once a second.
func Example_batching() {
	rows := source.Range(1, 10)

	stored := fluent.From(rows).
		BufferTimeOrCount(time.Second, 4).
		TryMap(store).
		Scan(0, func(total, n int) int { return total + n })

	fmt.Println(stored.Collect(context.Background()))
	// Output: [4 8 10] <nil>
}

func Example_batchingWithFunctions() {
	rows := source.Range(1, 10)

	batches := operators.BufferTimeOrCount(rows, time.Second, 4)
	counts := operators.TryMap(batches, store)
	stored := operators.Scan(counts, 0, func(total, n int) int { return total + n })

	fmt.Println(stored.Collect(context.Background()))
	// Output: [4 8 10] <nil>
}

var errOffline = errors.New("offline")

// The request is made three times, then the answer is the one that was kept.
func Example_retryWithFallback() {
	request := source.Throw[string](errOffline)
	patience := retry.Policy{InitialDelay: time.Millisecond, MaxAttempts: 3}

	answer := fluent.From(request).
		Retry(patience).
		MapError(errors.Unwrap).
		Catch(func(err error) fluent.Stream[string] {
			return fluent.From(source.Of("yesterday's news")).StartWith(err.Error())
		})

	fmt.Println(answer.Collect(context.Background()))
	// Output: [offline yesterday's news] <nil>
}

func Example_retryWithFallbackWithFunctions() {
	request := source.Throw[string](errOffline)
	patience := retry.Policy{InitialDelay: time.Millisecond, MaxAttempts: 3}

	retried := operators.MapError(operators.Retry(request, patience), errors.Unwrap)
	answer := operators.Catch(retried, func(err error) observable.Observable[string] {
		return operators.StartWith(source.Of("yesterday's news"), err.Error())
	})

	fmt.Println(answer.Collect(context.Background()))
	// Output: [offline yesterday's news] <nil>
}

// fetch is a request for a page.
func fetch(_ context.Context, path string) (string, error) { return "page " + path, nil }

// Pages are fetched four at a time and stay in order.
func Example_parallelRequests() {
	paths := source.Of("/a", "/b", "/c")

	pages := fluent.From(paths).
		ParallelMap(4, fetch).
		Timeout(time.Minute).
		Enumerate().
		Map(func(page operators.Indexed[string]) string { return fmt.Sprint(page.Index, ": ", page.Value) })

	fmt.Println(pages.Collect(context.Background()))
	// Output: [0: page /a 1: page /b 2: page /c] <nil>
}

func Example_parallelRequestsWithFunctions() {
	paths := source.Of("/a", "/b", "/c")

	fetched := operators.Timeout(operators.ParallelMap(paths, 4, fetch), time.Minute)
	pages := operators.Map(operators.Enumerate(fetched), func(page operators.Indexed[string]) string {
		return fmt.Sprint(page.Index, ": ", page.Value)
	})

	fmt.Println(pages.Collect(context.Background()))
	// Output: [0: page /a 1: page /b 2: page /c] <nil>
}

// An order is charged at the price that holds when it comes.
func Example_latestOfAnother() {
	price := source.Of(9.99, 8.99)
	orders := operators.DelaySubscription(source.Of("ann", "bob"), 50*time.Millisecond)

	charged := fluent.From(orders).
		WithLatestFrom(price, func(name string, price float64) string { return fmt.Sprint(name, " pays ", price) }).
		EndWith("closed")

	fmt.Println(charged.Collect(context.Background()))
	// Output: [ann pays 8.99 bob pays 8.99 closed] <nil>
}

func Example_latestOfAnotherWithFunctions() {
	price := source.Of(9.99, 8.99)
	orders := operators.DelaySubscription(source.Of("ann", "bob"), 50*time.Millisecond)

	charges := operators.WithLatestFrom(orders, price, func(name string, price float64) string {
		return fmt.Sprint(name, " pays ", price)
	})
	charged := operators.EndWith(charges, "closed")

	fmt.Println(charged.Collect(context.Background()))
	// Output: [ann pays 8.99 bob pays 8.99 closed] <nil>
}

// sorted returns the words in order.
func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }

func count(total int, _ string) int { return total + 1 }

// How often each word comes.
func Example_wordCount() {
	lines := source.Of("a rose is a rose", "is a rose")

	counts := fluent.From(lines).
		Map(strings.Fields).
		Via(operators.Flatten).
		GroupBy(func(word string) string { return word }).
		FlatMap(8, func(words operators.Group[string, string]) fluent.Stream[string] {
			return fluent.From(words.Items).
				Reduce(0, count).
				Map(func(n int) string { return fmt.Sprint(words.Key, " ", n) })
		}).
		ToSlice().
		Map(sorted)

	fmt.Println(counts.First(context.Background()))
	// Output: [a 3 is 2 rose 3] <nil>
}

func Example_wordCountWithFunctions() {
	lines := source.Of("a rose is a rose", "is a rose")

	words := operators.Flatten(operators.Map(lines, strings.Fields))
	groups := operators.GroupBy(words, func(word string) string { return word })
	counted := operators.FlatMap(groups, 8, func(words operators.Group[string, string]) observable.Observable[string] {
		counts := operators.Reduce(words.Items, 0, count)
		return operators.Map(counts, func(n int) string { return fmt.Sprint(words.Key, " ", n) })
	})
	counts := operators.Map(operators.ToSlice(counted), sorted)

	fmt.Println(counts.First(context.Background()))
	// Output: [a 3 is 2 rose 3] <nil>
}

// The sums of three items each, until the program is stopped.
func Example_windows() {
	stop := source.Timer(time.Minute)

	sums := fluent.From(source.Range(1, 8)).
		TakeUntil(stop).
		WindowCount(3).
		ConcatMap(operators.Sum[int])

	fmt.Println(sums.Collect(context.Background()))
	// Output: [6 15 15] <nil>
}

func Example_windowsWithFunctions() {
	stop := source.Timer(time.Minute)

	windows := operators.WindowCount(operators.TakeUntil(source.Range(1, 8), stop), 3)
	sums := operators.ConcatMap(windows, operators.Sum[int])

	fmt.Println(sums.Collect(context.Background()))
	// Output: [6 15 15] <nil>
}

// job is a job on a server: status returns its state, which is another at every second call.
type job struct{ calls int }

func (j *job) status(context.Context) (string, error) {
	states := []string{"queued", "running", "done"}
	state := states[min(j.calls/2, 2)]
	j.calls++
	return state, nil
}

// A job is polled until it is done.
func Example_polling() {
	var job job

	states := fluent.From(source.Interval(time.Millisecond)).
		ExhaustMap(func(int) observable.Observable[string] { return source.FromFunc(job.status) }).
		Via(operators.DistinctUntilChanged).
		TakeThrough(func(state string) bool { return state != "done" })

	fmt.Println(states.Collect(context.Background()))
	// Output: [queued running done] <nil>
}

func Example_pollingWithFunctions() {
	var job job

	answers := operators.ExhaustMap(source.Interval(time.Millisecond), func(int) observable.Observable[string] {
		return source.FromFunc(job.status)
	})
	changes := operators.DistinctUntilChanged(answers)
	states := operators.TakeThrough(changes, func(state string) bool { return state != "done" })

	fmt.Println(states.Collect(context.Background()))
	// Output: [queued running done] <nil>
}
