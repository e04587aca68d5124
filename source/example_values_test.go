package source_test

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/rivulet-go/rivulet/source"
)

func ExampleOf() {
	_ = source.Of("gb", "fr").ForEach(context.Background(), func(code string) { fmt.Println(code) })
	// Output:
	// gb
	// fr
}

func ExampleFromSlice() {
	prices := []float64{9.99, 12.5}
	_ = source.FromSlice(prices).ForEach(context.Background(), func(price float64) { fmt.Println(price) })
	// Output:
	// 9.99
	// 12.5
}

func ExampleRange() {
	pages := source.Range(1, 3)
	_ = pages.ForEach(context.Background(), func(page int) { fmt.Printf("GET /visitors?page=%d\n", page) })
	// Output:
	// GET /visitors?page=1
	// GET /visitors?page=2
	// GET /visitors?page=3
}

func ExampleRepeat() {
	for ping := range source.Repeat("ping").All(context.Background()) {
		fmt.Println(ping)
		break // the stream never ends
	}
	// Output: ping
}

// The Fibonacci numbers need a state of two numbers. One of them is emitted.
func ExampleGenerate() {
	fibonacci := source.Generate([2]int{1, 1}, func(pair [2]int) (int, [2]int, bool) {
		return pair[0], [2]int{pair[1], pair[0] + pair[1]}, pair[0] < 10
	})
	fmt.Println(fibonacci.Collect(context.Background()))
	// Output: [1 1 2 3 5 8] <nil>
}

func ExampleFromSeq() {
	log := "GET /\nGET /map\n"
	_ = source.FromSeq(strings.Lines(log)).ForEach(context.Background(), func(line string) { fmt.Print(line) })
	// Output:
	// GET /
	// GET /map
}

// Parse numbers until one is invalid.
func ExampleFromSeq2() {
	parse := func(fields ...string) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for _, field := range fields {
				if n, err := strconv.Atoi(field); !yield(n, err) {
					return
				}
			}
		}
	}
	fmt.Println(source.FromSeq2(parse("1", "2", "three", "4")).Collect(context.Background()))
	// Output: [1 2] strconv.Atoi: parsing "three": invalid syntax
}

// Turn a function that fetches something into a stream, which can be retried, combined or timed out.
func ExampleFromFunc() {
	fetch := func(context.Context) (string, error) { return "3 visitors", nil }
	fmt.Println(source.FromFunc(fetch).First(context.Background()))
	// Output: 3 visitors <nil>
}
