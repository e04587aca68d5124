package operators_test

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A service that allows a request every 10 ms is asked no faster than that.
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
