package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A display shows the latest price, at most every 10 ms.
func ExampleAudit() {
	prices := source.Of(10.1, 10.2, 10.3)
	shown := operators.Audit(prices, 10*time.Millisecond)
	_ = shown.ForEach(context.Background(), func(price float64) { fmt.Println(price) })
	// Output: 10.3
}
