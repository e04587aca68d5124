// Package rivulet provides [Listener], a client for Server-Sent Events with callbacks. A program starts and stops it at any
// time.
//
// Listener is composed of the packages that programs use directly:
//
//   - package source provides streams of Server-Sent Events, channels, slices, iterators, timers and callbacks
//   - package operators transforms and combines streams: Map, Scan, History, Merge, Debounce, Retry, Share, ...
//   - package observable defines the type of a stream, its contract, and the subjects
//   - package sink serves a stream over HTTP as Server-Sent Events
//   - package retry decides when a lost connection or a failed stream is tried again
//   - package rxbridge converts to and from github.com/reactivex/rxgo/v2
//   - package observabletest checks operators of your own, and compares streams with marble pictures
//
// # When to use this, and when not
//
// Use Listener in code that is built on callbacks, or that starts and stops listening by a switch. Use
// source.FromEventSource if you want to filter, combine or fold the events: it is one expression, and its end is a return.
package rivulet
