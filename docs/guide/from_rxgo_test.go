package guide_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/reactivex/rxgo/v2"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/rxbridge"
	"github.com/rivulet-go/rivulet/source"
)

type Customer struct {
	Name string
	Age  int
}

func taxNumber(_ context.Context, c Customer) (string, error) { return "number of " + c.Name, nil }

func withRxGo() error {
	// before, with RxGo
	adults := rxgo.Just(Customer{"Ann", 34}, Customer{"Bob", 12})().
		Filter(func(item interface{}) bool { return item.(Customer).Age >= 18 }).
		Map(func(ctx context.Context, item interface{}) (interface{}, error) {
			return taxNumber(ctx, item.(Customer))
		})

	for item := range adults.Observe() {
		if item.Error() {
			return item.E
		}
		fmt.Println(item.V.(string))
	}
	return nil
}

func withRivulet(ctx context.Context) error {
	// after
	customers := source.Of(Customer{"Ann", 34}, Customer{"Bob", 12})
	adults := operators.Filter(customers, func(c Customer) bool { return c.Age >= 18 })
	numbers := operators.TryMap(adults, taxNumber)

	return numbers.ForEach(ctx, func(number string) { fmt.Println(number) })
}

func Example_beforeAndAfter() {
	fmt.Println(withRxGo())
	fmt.Println(withRivulet(context.Background()))
	// Output:
	// number of Ann
	// <nil>
	// number of Ann
	// <nil>
}

func TestBothWaysOverTheBridge(t *testing.T) {
	old := rxgo.Just(1, 2, 3)()
	doubled := operators.Map(rxbridge.From[int](old), func(n int) int { return 2 * n })
	again := rxbridge.To(doubled) // for code that has not moved yet
	got, err := again.ToSlice(0)
	require.NoError(t, err)
	require.Equal(t, []any{2, 4, 6}, got)
}
