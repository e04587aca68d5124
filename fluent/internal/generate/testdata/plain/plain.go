// Package plain has functions of every kind that the generator has a rule for.
package plain

import (
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Pair is built from an item type.
type Pair[K comparable, V any] struct {
	Key K
	Val V
}

// Keep keeps the type of the items. It has a second sentence.
func Keep[T any](src observable.Observable[T], d time.Duration, keep func(T) bool) observable.Observable[T] {
	return nil
}

// Change is like [Keep] with another item type, [Pair.Key] of [observable.Observable].
func Change[A, B any](src observable.Observable[A], f func(A) B) observable.Observable[B] { return nil }

// Named uses the name of the type parameter of Stream for something else.
func Named[A, T any](src observable.Observable[A], f func(A) T) observable.Observable[T] { return nil }

// Built has items that are built from those of the source.
func Built[T any, R comparable](src observable.Observable[T], key func(T) R) observable.Observable[Pair[R, T]] {
	return nil
}

// Mapped has items that are built from other types alone.
func Mapped[T any, K comparable](src observable.Observable[T], key func(T) K) observable.Observable[map[K]int] {
	return nil
}

// Joined takes one further source, and
// several values.
func Joined[A, B any](a observable.Observable[A], b observable.Observable[B], values ...A) observable.Observable[B] {
	return nil
}

// Several takes any number of sources.
func Several[T any](sources ...observable.Observable[T]) observable.Observable[[]T] { return nil }

// Inner takes a function that makes a stream.
func Inner[S any](src observable.Observable[S], f func(S) observable.Observable[S]) observable.Observable[S] {
	return nil
}

// Split returns two streams and an error.
func Split[T any](src observable.Observable[T]) (yes, no observable.Observable[T], err error) { return }

// Handle returns no stream.
func Handle[T any](src observable.Observable[T]) *Pair[string, T] { return nil }

// Comparable needs more of T.
func Comparable[T comparable](src observable.Observable[T]) observable.Observable[T] { return nil }

// Slices needs slices.
func Slices[L ~[]T, T any](src observable.Observable[L]) observable.Observable[T] { return nil }

// Nested needs streams.
func Nested[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	return nil
}

// All has the name of another method.
func All[T any](src observable.Observable[T]) observable.Observable[bool] { return nil }

// Of has no source.
func Of[T any](v T) observable.Observable[T] { return nil }

// None has no parameter.
func None[T any]() observable.Observable[T] { return nil }
