// Package odd has functions that the generator has no rule for.
package odd

import "github.com/rivulet-go/rivulet/observable"

// TwoArguments takes a function of two arguments that makes a stream.
func TwoArguments[T any](src observable.Observable[T], f func(T, int) observable.Observable[T]) observable.Observable[T] {
	return nil
}

// Stage takes a function of a stream.
func Stage[T any](src observable.Observable[T], f func(observable.Observable[T]) int) observable.Observable[T] {
	return nil
}

// Slice takes streams in a slice.
func Slice[T any](src observable.Observable[T], others []observable.Observable[T]) observable.Observable[T] {
	return nil
}

// SplitBuilt returns a stream of slices and one more.
func SplitBuilt[T any](src observable.Observable[T]) (observable.Observable[[]T], observable.Observable[T]) {
	return nil, nil
}

// Dependent has a type parameter that depends on the item type.
func Dependent[A any, S ~[]A](src observable.Observable[A], f func(S) A) observable.Observable[A] {
	return nil
}
