// Package source has where streams start: values, channels, iterators, timers, and Server-Sent Events.
//
// Every source runs on its subscriber's goroutine and keeps the contract of package observable. Where a doc says
// nothing else, it is cold, starts no goroutine and buffers nothing.
package source
