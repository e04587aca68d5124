// Package fluent provides [Stream], an Observable whose operators are methods, so that a pipeline reads from left to
// right:
//
//	recent := fluent.From(source.FromEventSource[Country](url, source.WithEvents("visitor"))).
//		Map(source.Data[Country]).
//		Filter(func(c Country) bool { return c.Code != "" }).
//		History(20)
//	for history, err := range recent.All(ctx) { … }
//
// It needs Go 1.27, in which a method can have type parameters.
//
// A Stream has a method for each operator of package operators, with the same name and the same further arguments. It
// also has the methods of [observable.Observable], which run it. Each method calls the function or method that its
// doc comment links to, which documents the behavior in full. All methods are generated from those.
//
// # Operators without a method
//
// A method cannot ask more of T than Stream does. So an operator that needs comparable or ordered items, numbers, or
// streams of slices or of streams has no method. Neither have the operators All, First and Last, because Observable has
// methods of these names. [Stream.Via] takes them all:
//
//	words.Via(operators.Distinct).Map(length).Via(operators.Sum)
//
// Via also takes a stage that the program defines, a function from one stream to another.
//
// # Further sources
//
// A method that takes further sources, such as [Stream.Merge] and [Stream.TakeUntil], takes Observables and Streams
// alike, also mixed, because both can be assigned to [Source]. A function that returns a stream, such as the one for
// [Stream.SwitchMap], may return either.
//
// # Type parameters
//
// All type arguments are inferred in a call. Two kinds of type parameter have no counterpart in package operators:
//
//   - In Filter[_ lazy] the parameter has no meaning. It makes the method generic, and the compiler compiles a generic
//     method only where it is called. It would compile a plain method for every type of item that a program uses,
//     called or not: 38 plain methods cost about a second and 3 MB for each.
//   - In History[R []T] the parameter R is []T. A method of Stream[T] cannot have the result Stream[[]T]: its methods
//     would include one with the result Stream[[][]T], and so on without end. The compiler rejects that as an
//     instantiation cycle.
//
// Only a method value needs them: f := s.Take[struct{}].
//
// # Methods or functions
//
// Both compile to the same code: a chain that is written in one place is inlined into one loop in either form.
// If a stage that builds its items from T, such as History, is the last one in a function of its own that the compiler
// does not inline, each item costs one more call.
//
// Methods suit a pipeline that is read from its source to its end. Functions with a named stream for each stage suit a
// pipeline that branches, or whose stages deserve names. They also find one more mistake: a stage that is skipped by
// mistake is a variable that is not used, which does not compile. In a chain, nothing shows that a stage is missing.
//
// # When to use this, and when not
//
// Use it if a pipeline reads better from left to right and your module requires Go 1.27. Libraries that also support older
// versions of Go use the functions of package operators; every method here calls one.
package fluent
