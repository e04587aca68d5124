// Package rivulet is the front door of a library for reactive streams: it follows a live feed with callbacks.
//
// A [Listener] connects to a Server-Sent Events endpoint, calls handlers for what happens there, and is started and
// stopped at will. It is made of the same parts that a program composes by itself:
//
//   - package source has where streams start: Server-Sent Events, channels, slices, iterators, timers
//   - package operators has what happens on the way: Map, Scan, History, Merge, Debounce, Retry, Share, ...
//   - package observable has the type of a stream, the contract that every stream keeps, and the subjects
//   - package sink serves a stream to browsers, as Server-Sent Events
//   - package rxbridge converts to and from github.com/reactivex/rxgo/v2
//   - package observabletest checks operators of your own, and draws timed tests as marbles
package rivulet
