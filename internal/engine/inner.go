package engine

import "github.com/rivulet-go/rivulet/observable"

// Inner returns a stream that a function of the user has returned. It panics in the name of the operator if that is nil.
func Inner[T any](operator string, o observable.Observable[T]) observable.Observable[T] {
	if o == nil {
		panic(operator + ": the function has returned a nil Observable")
	}
	return o
}
