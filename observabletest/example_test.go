package observabletest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
)

// inCents is a stage that a program has written.
func inCents(prices observable.Observable[int]) observable.Observable[int] {
	return operators.Map(prices, func(euros int) int { return 100 * euros })
}

// A test of a stage that a program has written.
func ExampleCheck() {
	TestInCents := func(t *testing.T) {
		prices := observabletest.Marbles[int]("-1--5-(23)-|", nil)
		observabletest.Check(t, inCents(prices))
	}
	_ = TestInCents // go test calls it
}

func ExampleExpectMarbles() {
	TestInCents := func(t *testing.T) {
		prices := observabletest.Marbles[int]("-1--5-(23)-|", nil)
		_ = observabletest.ExpectMarbles(t, "-a--b-(cd)-|", inCents(prices), map[rune]int{
			'a': 100, 'b': 500, 'c': 200, 'd': 300,
		})
	}
	_ = TestInCents // go test calls it
}

// A picture of a stream that takes minutes has frames of a second, and times where nothing happens.
func ExampleWithFrame() {
	TestReminder := func(t *testing.T) {
		seconds := observabletest.WithFrame(time.Second)
		typing := observabletest.Marbles[string]("ab- 5m c-|", nil, seconds)
		idle := operators.Debounce(typing, time.Minute)
		_ = observabletest.ExpectMarbles(t, "1m1s b 4m3s (c|)", idle, nil, seconds)
	}
	_ = TestReminder // go test calls it
}

func ExampleMarbles() {
	countries := map[rune]string{'g': "GB", 'f': "FR"}
	visitors := observabletest.Marbles("g--f(gg)#", countries)
	fmt.Println(visitors.Collect(context.Background()))
	// Output: [GB FR GB GB] observabletest: the # of a marble picture
}

func ExampleRecorder() {
	recorder := observabletest.NewRecorder[int]()
	prices := observabletest.Marbles[int]("1-2-3|", nil)
	_ = inCents(prices).Subscribe(context.Background(), recorder.Observer()).Wait()
	for _, note := range recorder.Notes() {
		fmt.Println(note.Value, note.End)
	}
	// Output:
	// 100 false
	// 200 false
	// 300 false
	// 0 true
}
