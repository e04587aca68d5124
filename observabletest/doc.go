// Package observabletest provides utilities for testing Observables.
//
// [Check] tests an Observable against the contract that package observable states. [Recorder] records the signals of a
// stream and their times. [Marbles] turns a picture into a stream, and [ExpectMarbles] compares a stream with one.
//
// # Marble notation
//
// A picture is a sequence of places. Each place stands for one [Frame], 10 ms, unless [WithFrame] sets another. A time
// stands for itself:
//
//	a      an item: the value for the letter a, or the letter itself
//	-      nothing happens
//	|      the stream completes
//	#      the stream fails
//	(ab|)  all of this happens in one frame, in this order
//	250ms  nothing happens for this time
//
// The first place is the frame of the subscription. A picture without | and # shows a stream that does not end; nothing
// may follow | or #. A group contains only items and ends. Each character except - | # ( ) and the space is an item.
//
// A time is a word: it stands between two spaces, or between a space and the start or end of the picture. It begins with
// a digit, and [time.ParseDuration] accepts it, like 250ms, 2s, 500us or 1m30s. It must be a multiple of 100 µs. It is
// added to the frames of the places around it, as in RxJS:
//
//	a 250ms b   two items; b comes 260 ms after a
//	a250ms b    seven items
//
// Spaces have no other meaning. They can align pictures:
//
//	--a--b   ---|
//	--a--(bb)---|
//
// A picture can be 50,000 frames long.
//
// # Signals in the same frame
//
// In a bubble of [testing/synctest], the result of signals in the same frame does not depend on chance:
//
//   - A signal of a picture comes before an operator's timer that is due in the same frame. For example, it replaces the
//     item whose time is up in a Debounce.
//   - Signals of different pictures come in the order in which [Marbles] made the pictures. Signals of concurrent runs of
//     one picture come in the order in which the runs started.
//   - All effects of a signal that take no time occur before the next signal, on whatever goroutine.
//
// The order of several timers that are due at the same instant remains a matter of chance.
//
// # Implementation notes
//
// A picture runs fast by 1/100,000 of its time, and the signals of all pictures that are due in a frame come 1 ns apart.
// A frame of 10 ms thus has room for 100 signals before its timers. Operators see these times: an item three frames after
// another one comes 29,999,700 ns after it. Recorder and ExpectMarbles round the times to those that the pictures show.
//
// # When to use this, and when not
//
// Use Check for every source and operator that you write. Use pictures if the order in time matters. A pipeline without
// time needs neither: run it over source.FromSlice and compare the result of Collect.
package observabletest
