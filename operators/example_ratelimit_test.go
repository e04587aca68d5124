package operators_test

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Send a request at most every 10 ms.
func ExampleRateLimit() {
	begin := time.Now()
	requests := operators.RateLimit(source.Of("gb", "fr", "no"), rate.NewLimiter(rate.Every(10*time.Millisecond), 1))
	_ = requests.ForEach(context.Background(), func(country string) { fmt.Println(country) })
	fmt.Println(time.Since(begin) >= 20*time.Millisecond)
	// Output:
	// gb
	// fr
	// no
	// true
}
