package operators_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Count the current visitors as they arrive and leave.
func ExampleScan() {
	moves := source.Of(+1, +1, -1, +1)
	present := operators.Scan(moves, 0, func(present, move int) int { return present + move })
	fmt.Println(present.Collect(context.Background()))
	// Output: [1 2 1 2] <nil>
}

// Fail when an account would be overdrawn.
func ExampleTryScan() {
	book := func(_ context.Context, balance, amount int) (int, error) {
		if balance+amount < 0 {
			return 0, errors.New("the account is overdrawn")
		}
		return balance + amount, nil
	}
	balance := operators.TryScan(source.Of(50, -20, -40, 100), 0, book)
	fmt.Println(balance.Collect(context.Background()))
	// Output: [50 30] the account is overdrawn
}

// Add the daily visitors up to those of the week.
func ExampleReduce() {
	days := source.Of(12, 7, 9, 11, 30, 41, 18)
	week := operators.Reduce(days, 0, func(sum, visitors int) int { return sum + visitors })
	fmt.Println(week.Collect(context.Background()))
	// Output: [128] <nil>
}
