// Package observable is the core of Rivulet: the type [Observable], the methods that consume one, and the subjects.
//
// # One function type
//
// ReactiveX has three signals: next, error and complete. Here, the stream calls emit for each item and returns when it ends,
// so it ends exactly once. To stop it, return false from emit or cancel the context. A consumer applies backpressure by
// blocking in emit. An operator is a function that calls its source with an emit function of its own; it needs no goroutine,
// channel, lock or allocation per item.
//
// # The contract
//
// Every [Observable] keeps these five rules. Package observabletest checks them.
//
//  1. Lazy and cold. Nothing happens before the call. Each call is an independent run with its own state. The value may be
//     called many times and concurrently. Hot streams, which share one run, say so in their documentation.
//  2. Serial, on one goroutine. emit is called only on the goroutine that called the Observable, never concurrently and
//     never after the return. So a variable that one stage uses needs no lock. A variable that two stages share needs none
//     only if no concurrent operator stands between them or runs one of them. Concurrent operators hand items over to that goroutine.
//  3. Stop. After emit has returned false, the run emits nothing more and returns promptly: nil, or the error from stopping
//     if that failed. It stops its own sources at that item, not at the next one.
//  4. Cancel. When ctx is done, the run stops promptly and returns context.Cause(ctx), also from an endless synchronous
//     source. If it then fails to clean up, it returns errors.Join(context.Cause(ctx), err). A source that stops because an
//     operator canceled it is never the operator's failure. If emit has returned false, rule 3 applies. Errors speak for
//     themselves: what counts is decided by the value that a run returns, never by how it uses its context.
//  5. Structured. When the run returns, every goroutine, timer, connection and file that it opened is gone. An operator
//     that starts a goroutine waits for it. The exception is a name lookup that is under way when the run is canceled.
//     Go's resolver does not end a query before it times out, after 5 seconds unless resolv.conf says otherwise; the
//     resolver of the system ends it when it has an answer.
//
// Errors are never dropped: the first one is the result, and where several count, it is [errors.Join] of them. A failure
// that a source reports after the operator has ended does not count. Panics in user-supplied functions are not recovered.
//
// # When to use this, and when not
//
// Use Observable for items that arrive over time and are transformed, combined, retried or shared. A function that returns
// all of its values at once should return a slice or an iter.Seq. Goroutines that exchange messages in both directions
// should use channels; source.FromChannel and [Observable.Observe] connect the two.
//
// Use a subject only where a program pushes items, such as in a handler of requests. A stream that can be written as a
// function should be one: it is cold, and has backpressure and an end by itself.
package observable
