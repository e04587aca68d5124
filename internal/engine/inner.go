package engine

import "github.com/rivulet-go/rivulet/observable"

// Inner returns o, a stream that a function of the program has made for an operator. It panics if o is nil. The
// message starts with origin, such as "operators.FlatMap: f returned".
func Inner[T any](origin string, o observable.Observable[T]) observable.Observable[T] {
	if o == nil {
		panic(origin + " a nil Observable")
	}
	return o
}
