package guide_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func Example_aChannelAsAStream() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	readings := make(chan float64)
	go measure(ctx, readings)

	high := operators.Filter(source.FromChannel(readings), func(celsius float64) bool { return celsius > 30 })
	err := high.ForEach(ctx, func(celsius float64) { fmt.Println("too hot:", celsius) })
	fmt.Println(err)
	// Output:
	// too hot: 31
	// too hot: 33.5
	// <nil>
}

func measure(ctx context.Context, readings chan<- float64) {
	defer close(readings)
	for _, celsius := range []float64{21.5, 31, 29, 33.5} {
		select {
		case readings <- celsius:
		case <-ctx.Done():
			return
		}
	}
}

func trade(ctx context.Context, prices observable.Observable[int], orders <-chan Order) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the goroutine of Observe on every return
	items := prices.Observe(ctx, 16)
	price := 0
	for {
		select {
		case item, open := <-items:
			if !open || item.Err != nil {
				return item.Err
			}
			price = item.Value
		case order := <-orders:
			order.fill(price)
		}
	}
}

// Order is an order that is filled at the current price.
type Order struct{ fill func(price int) }

func TestAStreamInASelect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var filled []int
		orders := make(chan Order)
		go func() {
			for range 3 {
				time.Sleep(20 * time.Millisecond)
				orders <- Order{func(price int) { filled = append(filled, price) }}
			}
		}()
		prices := observabletest.Marbles("-a---b-#", map[rune]int{'a': 100, 'b': 101})
		require.ErrorIs(t, trade(t.Context(), prices, orders), observabletest.ErrMarbles)
		require.Equal(t, []int{100, 100, 101}, filled)
	})
}
