package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

type visitor struct {
	country string
	seconds int
}

var visitors = source.Of(visitor{"gb", 40}, visitor{"fr", 10}, visitor{"de", 70})

func duration(v visitor) int { return v.seconds }

func ExampleCount() {
	fmt.Println(operators.Count(visitors).First(context.Background()))
	// Output: 3 <nil>
}

func ExampleSum() {
	fmt.Println(operators.Sum(operators.Map(visitors, duration)).First(context.Background()))
	// Output: 120 <nil>
}

func ExampleAverage() {
	fmt.Println(operators.Average(operators.Map(visitors, duration)).First(context.Background()))
	// Output: 40 <nil>
}

func ExampleMin() {
	fmt.Println(operators.Min(operators.Map(visitors, duration)).First(context.Background()))
	// Output: 10 <nil>
}

func ExampleMax() {
	fmt.Println(operators.Max(operators.Map(visitors, duration)).First(context.Background()))
	// Output: 70 <nil>
}

func ExampleMinBy() {
	fmt.Println(operators.MinBy(visitors, duration).First(context.Background()))
	// Output: {fr 10} <nil>
}

func ExampleMaxBy() {
	fmt.Println(operators.MaxBy(visitors, duration).First(context.Background()))
	// Output: {de 70} <nil>
}
