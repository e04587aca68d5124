// Package operators has what happens to a stream between its source and its end: Map, Filter, Scan, Merge and so on.
//
// An operator takes the source first, a function last and its settings between, and returns a new Observable, which
// does nothing until it is run. A stage that is used again is an ordinary function from Observable to Observable.
//
// # Classes
//
// A synchronous operator runs its source on its own goroutine, allocates nothing per item, buffers nothing beyond
// what its doc names, and stops its source at the deciding item. Where a doc says nothing else, the operator is one.
//
// A concurrent operator runs each of its sources in a goroutine of its own and hands what they emit, in batches and
// in order of arrival, to the goroutine that runs the operator; up to 128 items of each source wait there, beside as
// many that were fetched already, then the source waits. All functions given to such an operator are called on the
// goroutine that runs the operator, but for those of [ParallelMap], the key of [GroupBy] and the onDrop of
// [OnBackpressureBuffer]. It returns when all of its goroutines have ended.
//
// A hot operator, such as [Share], has one run of its source for all of its subscribers.
//
// # Failures
//
// An operator fails with the error of its source, unless its doc says otherwise. The first failure is the result; it
// cancels what still runs. What a source of a concurrent operator meets when it is told to end, such as an error of
// closing a connection, is joined to the result; its own failure, if that comes after the operator's end, is not.
//
// A mistake in building the pipeline, such as a nil function or a negative count, panics when the operator is called.
// A panic of a source or a function is not recovered: on a goroutine of an operator it ends the program, on that of
// the caller it goes on when the goroutines of the operator have ended.
package operators
