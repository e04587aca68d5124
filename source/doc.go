// Package source provides streams of values, channels, iterators, timers, callbacks and Server-Sent Events.
//
// Every source runs on its subscriber's goroutine and keeps the contract of package observable. Unless documented
// otherwise, a source is cold, starts no goroutine and buffers nothing.
//
// # When to use this, and when not
//
// Use a source where a stream starts: FromEventSource for a live feed over HTTP, FromCallback for an API that calls back,
// FromChannel for a program that has channels already. If none fits, write an Observable, which is a function. To run all
// operators on a body that you have read yourself, use FromEventStream rather than a source of your own.
//
// An endpoint that answers once, with a whole document, needs no source: call it in operators.TryMap or in Defer.
package source
