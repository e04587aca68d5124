package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Each question is paired with its answer. The one that arrives first waits for the other.
func ExampleZip2() {
	questions, answers := source.Of("2 + 2", "3 * 3"), source.Of(4, 9)
	cards := operators.Zip2(questions, answers, func(q string, a int) string { return fmt.Sprint(q, " = ", a) })
	fmt.Println(cards.Collect(context.Background()))
	// Output: [2 + 2 = 4 3 * 3 = 9] <nil>
}

func ExampleZip3() {
	type visitor struct {
		country, page string
		new           bool
	}
	countries, pages, news := source.Of("gb", "fr"), source.Of("/", "/about"), source.Of(true, false)
	visitors := operators.Zip3(countries, pages, news, func(country, page string, isNew bool) visitor {
		return visitor{country, page, isNew}
	})
	fmt.Println(visitors.Collect(context.Background()))
	// Output: [{gb / true} {fr /about false}] <nil>
}

func ExampleZip4() {
	north, east, south, west := source.Of(1, 2), source.Of(3, 4), source.Of(5, 6), source.Of(7, 8)
	totals := operators.Zip4(north, east, south, west, func(n, e, s, w int) int { return n + e + s + w })
	fmt.Println(totals.Collect(context.Background()))
	// Output: [16 20] <nil>
}

// The first readings of all sensors, then their second ones, and so on.
func ExampleZipAll() {
	readings := operators.ZipAll(source.Of(20.1, 20.2), source.Of(18.4, 18.5), source.Of(22.0, 22.1))
	fmt.Println(readings.Collect(context.Background()))
	// Output: [[20.1 18.4 22] [20.2 18.5 22.1]] <nil>
}
