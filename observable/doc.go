// Package observable is the core of Rivulet: the type [Observable], how a program uses one, and the subjects.
//
// # One function type
//
// ReactiveX has three signals: next, error, complete. Here an item is a call of emit, and the terminal signal is the
// return of the function, so that it comes exactly once, by the language. To unsubscribe is to return false from
// emit, or to cancel the context. Backpressure is that emit blocks. An operator is a function that calls its source
// with an emit of its own: no goroutine, channel, lock or allocation per item.
//
// # The contract
//
// Every [Observable] keeps these five rules; observabletest.Check tries one against them.
//
//  1. Lazy and cold. Nothing happens before the call. Each call is an independent run with its own state, and the
//     value may be called many times and concurrently. Hot streams, which share one run, say so in their doc.
//  2. Serial, on one goroutine. emit is called only on the goroutine that called the Observable, never concurrently
//     and never after the return. Concurrent operators hand items over to that goroutine, so a callback downstream
//     of any operator may use plain local variables.
//  3. Stop. After emit has returned false the run emits nothing more and returns promptly: nil, or the error of
//     tearing down if that failed. It stops its own sources with the deciding item, not at the next one.
//  4. Cancel. When ctx is done the run stops promptly and returns context.Cause(ctx), in the midst of an endless
//     synchronous source too. A child that stops because its parent cancelled it never reports that as the
//     parent's error. When emit has returned false, rule 3 goes first.
//  5. Structured. When the run returns, every goroutine, timer, connection and file that it opened is gone.
//     Whoever starts a goroutine waits for it.
//
// Errors are never dropped: the first one is the result and, where several count, [errors.Join] of them.
// Panics of functions that the user gave are not recovered: a crash with its stack is the answer of Go.
package observable
