// Package observabletest is for tests of Observables, those of this module and those that a program writes itself.
//
// [Check] tries an Observable against the contract that package observable states. [Recorder] notes what comes out of
// a stream, and when. [Marbles] and [ExpectMarbles] draw what goes in and what is to come out.
//
// # Marble notation
//
// A picture is a line of places, each of which stands for a [Frame] of 10 ms:
//
//	a      an item: the value for the letter a, or the letter itself
//	-      nothing happens
//	|      the stream is complete
//	#      the stream fails
//	(ab|)  all of this happens in one frame, in this order
//
// Spaces count for nothing; they align pictures that stand below one another, where one of them has a group:
//
//	--a--b   ---|
//	--a--(bb)---|
//
// The first place is the moment of the subscription. A picture that does not end in | or # shows a stream that goes
// on. Any letter or sign but these six is an item.
package observabletest
