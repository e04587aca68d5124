package operators_test

import (
	"context"
	"strconv"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

// identity returns v.
func identity[T any](v T) T { return v }

// double returns twice v.
func double(v int) int { return 2 * v }

// tryDouble is double for the operators that take a context and return an error.
func tryDouble(_ context.Context, v int) (int, error) { return double(v), nil }

// square returns v times v, which two numbers may have in common.
func square(v int) int { return v * v }

// add returns the sum of two numbers, and folds.
func add(acc, v int) int { return acc + v }

// tryAdd is add for the operators that take a context and return an error.
func tryAdd(_ context.Context, acc, v int) (int, error) { return add(acc, v), nil }

// add3 returns the sum of three numbers.
func add3(a, b, c int) int { return a + b + c }

// add4 returns the sum of four numbers.
func add4(a, b, c, d int) int { return a + b + c + d }

// join shows the order of the arguments and of the calls.
func join(acc string, v int) string { return acc + strconv.Itoa(v) }

// remainder returns -1, 0 or 1.
func remainder(v int) int { return v % 2 }

// even reports whether v is even.
func even(v int) bool { return v%2 == 0 }

// tryEven is even for the operators that take a context and return an error.
func tryEven(_ context.Context, v int) (bool, error) { return even(v), nil }

// odd reports whether v is odd and positive.
func odd(v int) bool { return v%2 == 1 }

// negative reports whether v is below 0.
func negative(v int) bool { return v < 0 }

// natural reports whether v is not negative.
func natural(v int) bool { return v >= 0 }

// small reports whether v is below 3.
func small(v int) bool { return v < 3 }

// big reports whether v is not small.
func big(v int) bool { return v >= 3 }

// always returns inner for every item.
func always(inner numbers) func(int) numbers { return func(int) numbers { return inner } }

// one returns what a stream of one item emits.
func one[T any](v T) []T { return []T{v} }

// group is a group of numbers by a number.
type group = operators.Group[int, int]

// itemsOf returns the stream of a group.
func itemsOf(g group) numbers { return g.Items }

// window is a stream of numbers that an operator emits.
type window = observable.Observable[int]
