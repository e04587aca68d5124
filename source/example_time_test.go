package source_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/source"
)

func ExampleInterval() {
	for i := range source.Interval(time.Millisecond).All(context.Background()) {
		fmt.Println("poll", i)
		if i == 1 {
			break
		}
	}
	// Output:
	// poll 0
	// poll 1
}

func ExampleTimer() {
	begin := time.Now()
	fired, err := source.Timer(time.Millisecond).First(context.Background())
	fmt.Println(fired.Sub(begin) >= time.Millisecond, err)
	// Output: true <nil>
}
