package fluent

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

//go:generate go run ./internal/generate

// Stream is an [observable.Observable] that has the operators as methods. [From] makes one.
//
// The conversions Stream[T](o) and observable.Observable[T](s) cost nothing, and neither do From and
// [Stream.Observable].
type Stream[T any] observable.Observable[T]

// Source is the type of a further source: an [observable.Observable] or a [Stream]. Both can be assigned to it, and
// T is inferred from both.
type Source[T any] = func(ctx context.Context, emit func(T) bool) error

// lazy is the constraint of a type parameter that has no meaning: its only type argument is struct{}, which the
// compiler infers. It makes a method generic that has no type parameter of its own. See the package documentation.
type lazy interface{ struct{} }

// From returns src as a Stream.
func From[T any](src Source[T]) Stream[T] {
	if src == nil {
		panic("fluent.From: nil source")
	}
	return src
}

// Observable returns src as an Observable, for a function that takes one.
func (src Stream[T]) Observable[_ lazy]() observable.Observable[T] {
	return observable.Observable[T](src)
}

// Via returns the Stream that op makes of src. It is for operators that have no method, such as [operators.Distinct],
// and for functions of the program that make one stream of another. Both the parameter and the result of op may be an
// Observable or a Stream. The type arguments of op can be inferred:
//
//	words.Via(operators.Distinct)
func (src Stream[T]) Via[B any, S ~Source[T], R ~Source[B]](op func(S) R) Stream[B] {
	if op == nil {
		panic("fluent.Stream.Via: nil op")
	}
	return Stream[B](op(S(src)))
}

// observing returns f with Observables as its results.
func observing[A, B any, S ~Source[B]](f func(A) S) func(A) observable.Observable[B] {
	if f == nil {
		return nil // the operator panics, with its name
	}
	return func(v A) observable.Observable[B] { return observable.Observable[B](f(v)) }
}

// joined returns first and others as the sources of an operator that takes any number.
func joined[T any](first Stream[T], others []Source[T]) []observable.Observable[T] {
	sources := []observable.Observable[T]{observable.Observable[T](first)}
	for _, src := range others {
		sources = append(sources, src)
	}
	return sources
}
