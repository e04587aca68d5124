package guide_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func Example_cold() {
	ctx := context.Background()
	rate := source.FromFunc(func(context.Context) (float64, error) {
		fmt.Println("request")
		return 1.08, nil
	})
	rate.First(ctx) // request
	rate.First(ctx) // request
	// Output:
	// request
	// request
}

type Quote struct {
	Symbol string
	Cents  int
}

func TestShareIsOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		connections := 0
		connect := source.Defer(func() observable.Observable[Quote] {
			connections++
			quotes := source.Of(Quote{"OIL", 70}, Quote{"GOLD", 4000}, Quote{"TIN", 30})
			return operators.DelaySubscription(quotes, time.Second)
		})
		prices := operators.Share(connect) // one connection for both
		oil := operators.Filter(prices, func(p Quote) bool { return p.Symbol == "OIL" })
		gold := operators.Filter(prices, func(p Quote) bool { return p.Symbol == "GOLD" })
		both := operators.Merge(oil, gold)
		got, err := both.Collect(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []Quote{{"OIL", 70}, {"GOLD", 4000}}, got)
		require.Equal(t, 1, connections)
	})
}

func TestAutoConnectWaitsForBoth(t *testing.T) {
	shared := operators.Publish(source.Of(3, 1, 2)).AutoConnect(2)
	extremes := operators.Zip2(operators.Min(shared), operators.Max(shared), func(low, high int) string {
		return fmt.Sprint(low, " to ", high)
	})
	got, err := extremes.Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"1 to 3"}, got)
}

func Example_aCurrentValue() {
	ctx := context.Background()
	status := observable.NewBehaviorSubject("starting")
	status.Next("ready")

	fmt.Println(status.Value())                                     // ready
	now, err := operators.Take(status.Observable(), 1).Collect(ctx) // ready
	fmt.Println(now, err)
	// Output:
	// ready
	// [ready] <nil>
}

func TestSubscribeOfASubjectMissesNothing(t *testing.T) {
	var shown []string
	ctx, show := t.Context(), func(text string) { shown = append(shown, text) }
	subject := observable.NewSubject[string]()
	subscription := subject.Subscribe(ctx, observable.Observer[string]{Next: show})
	subject.Next("not missed")
	subject.Complete()
	err := subscription.Wait()
	require.NoError(t, err)
	require.Equal(t, []string{"not missed"}, shown)
}

func TestDeferIsStateOfARun(t *testing.T) {
	lines := source.Of("a", "b")
	numbered := source.Defer(func() observable.Observable[string] {
		n := 0 // a variable for each run
		return operators.Map(lines, func(line string) string {
			n++
			return fmt.Sprint(n, ": ", line)
		})
	})
	for range 2 {
		got, err := numbered.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"1: a", "2: b"}, got)
	}
}
