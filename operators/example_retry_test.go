package operators_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// The third attempt succeeds.
func ExampleRetry() {
	attempt := 0
	fetch := source.FromFunc(func(context.Context) (string, error) {
		if attempt++; attempt < 3 {
			return "", errors.New("connection refused")
		}
		return "3 visitors", nil
	})
	policy := retry.Policy{InitialDelay: time.Millisecond, MaxAttempts: 5}
	fmt.Println(operators.Retry(fetch, policy).First(context.Background()))
	// Output: 3 visitors <nil>
}

func ExampleRetry_givingUp() {
	policy := retry.Policy{InitialDelay: time.Millisecond, MaxAttempts: 3}
	_, err := operators.Retry(source.Throw[int](errOffline), policy).Collect(context.Background())
	if gaveUp, ok := errors.AsType[*retry.Error](err); ok {
		fmt.Println(gaveUp.Attempts, "attempts, the last:", gaveUp.Err)
	}
	// Output: 3 attempts, the last: offline
}
