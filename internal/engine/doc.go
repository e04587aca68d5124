// Package engine runs the sources of operators that need more than one source or more than one goroutine. A synchronous
// operator needs none of it except [Gate], [SendAll] and [Try].
//
// # How an operator is built
//
// An operator is a function that returns an Observable. When the Observable is run, it creates one of the following, defers
// its Close, starts its sources, and handles what they emit on its own goroutine, as the contract demands:
//
//   - [Hub] hands over the items of all sources in order of arrival. Merge, FlatMap, Debounce and most others use it.
//   - [Lanes] keeps the items of each source apart, so that the operator chooses what to take. Zip and ConcatMapEager.
//   - [Split] is for operators whose items are streams: windows and groups. It is a hub with an inbox for each stream.
//   - [Multicast] shares one run of a source among subscribers. Share and Publish.
//   - [Group] alone is for operators that run their source on their own goroutine: TakeUntil, Timeout.
//
// All of them contain a Group, which owns the goroutines and the context of the sources. Merge shows the pattern:
//
//	func(ctx context.Context, emit func(T) bool) (err error) {
//		h := engine.NewHub[T](ctx, engine.Capacity)
//		defer h.Close(&err)
//		for _, src := range sources {
//			h.Start(src)
//		}
//		return h.Each(emit)
//	}
//
// # How a run ends
//
// A run ends in one of four ways: its sources complete; one of them fails, see [Group.Fail]; downstream stops, when emit
// returns false; or the context of the operator is done. In each case Close cancels the context of the sources, waits for
// their goroutines, and only then does the run return.
//
// [Run] decides whether the error of a source counts, and nothing else does. An error that only says that the context is
// done never counts. An error from stopping, which a source joins to that, is kept and becomes part of the result. Any
// other error is a failure; it is the result if it comes before the run has ended, and is dropped if it comes later. Only
// the error itself decides: a source may use its context in any way.
//
// # How items change goroutine
//
// Items move through an [queue.Inbox], in batches and without a lock. Each source waits when [Capacity] of its items wait.
// The sources of a hub share one inbox, those of lanes have one each. See package queue for how it works.
package engine
