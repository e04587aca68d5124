package fluent_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/fluent"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleFrom() {
	squares := fluent.From(source.Range(1, 10)).
		Filter(func(v int) bool { return v%2 == 1 }).
		Map(func(v int) int { return v * v })
	fmt.Println(squares.Collect(context.Background()))
	// Output: [1 9 25 49 81] <nil>
}

// An operator that needs more of the items than Stream does has no method.
func ExampleStream_Via() {
	lengths := fluent.From(source.Of("to", "be", "or", "not", "to", "be")).
		Via(operators.Distinct).
		Map(func(word string) int { return len(word) }).
		Via(operators.Sum)
	fmt.Println(lengths.First(context.Background()))
	// Output: 9 <nil>
}

// A stage that is used more than once is a function.
func ExampleStream_Via_stage() {
	shout := func(words fluent.Stream[string]) fluent.Stream[string] {
		return words.Map(strings.ToUpper).Map(func(word string) string { return word + "!" })
	}
	loud := fluent.From(source.Of("help", "fire")).Via(shout).Merge(fluent.From(source.Empty[string]()).Via(shout))
	fmt.Println(loud.Collect(context.Background()))
	// Output: [HELP! FIRE!] <nil>
}

// A further source is a Stream or an Observable, and so is what a function returns.
func ExampleStream_Concat() {
	opening, talk, questions := source.Of("welcome"), fluent.From(source.Of("streams")), source.Of("why?", "how?")
	answer := func(question string) fluent.Stream[string] { return fluent.From(source.Of(question, "because")) }

	evening := fluent.From(opening).Concat(talk, fluent.From(questions).ConcatMap(answer), source.Of("goodbye"))

	fmt.Println(evening.Collect(context.Background()))
	// Output: [welcome streams why? because how? because goodbye] <nil>
}

// Functions that take an Observable take the stream as one.
func ExampleStream_Observable() {
	ticks := fluent.From(source.Interval(time.Millisecond)).Take(3)
	same := operators.SequenceEqual(ticks.Observable(), source.Of(0, 1, 2))
	fmt.Println(same.First(context.Background()))
	// Output: true <nil>
}
