// Package operators provides functions that transform and combine streams: Map, Filter, Scan, Merge and so on.
//
// An operator takes the source first, a function last and its settings between, and returns a new Observable, which does
// nothing until it is run. A stage that you want to reuse is an ordinary function from Observable to Observable.
//
// # Finding an operator
//
//   - Transform items: [Map], [Scan], [Reduce], [History], [Pairwise], [Enumerate], [OfType], [Flatten], [Materialize],
//     [Timestamp], [TimeInterval], [StartWith], [EndWith], [Repeat]. [TryMap], [TryScan] and [TryFilter] have a context
//     and can fail.
//   - Flatten streams of streams: [FlatMap] runs them at the same time, [ConcatMap] one after another, [SwitchMap] only the
//     latest, [ExhaustMap] only one and drops the others. [ConcatMapEager] and [ParallelMap] keep the order, [Expand]
//     recurs. [MergeAll], [ConcatAll], [SwitchAll] and [ExhaustAll] have no function.
//   - Combine streams: [Merge], [Concat], [Zip2], [CombineLatest2], [WithLatestFrom], [Join], [ForkJoin], [Race],
//     [SequenceEqual]. [Partition] divides one.
//   - Select items: [Filter], [Take], [TakeLast], [TakeWhile], [TakeThrough], [TakeUntil], [TakeUntilDone], [Skip],
//     [SkipLast], [SkipWhile], [SkipUntil], [First], [Last], [Single], [ElementAt], [Find], [Distinct],
//     [DistinctUntilChanged], [IgnoreElements].
//   - Limit the rate: [Debounce], [ThrottleFirst], [ThrottleLast], [ThrottleLatest], [Audit], [Sample], [RateLimit].
//   - Collect items: [BufferCount], [BufferTime], [BufferTimeOrCount], [BufferWhen], the windows of [WindowCount] and others,
//     [GroupBy], [ToSlice], [ToMap].
//   - Handle errors and silence: [Retry], [Catch], [OnErrorReturn], [OnErrorResumeNext], [MapError], [MergeDelayError],
//     [Timeout], [TimeoutWith], [DefaultIfEmpty], [SwitchIfEmpty], [ThrowIfEmpty], [Finally].
//   - Shift in time: [Delay], [DelaySubscription].
//   - Share one run: [Share], [ShareReplay], [Publish].
//   - Handle slow consumers: [ObserveOn], [SubscribeOn], [OnBackpressureBuffer], [OnBackpressureDrop],
//     [OnBackpressureLatest].
//   - Answer a question: [Count], [Sum], [Average], [Min], [Max], [All], [Any], [Contains], [IsEmpty].
//   - Observe: [Tap], [Log].
//
// The file docs/operators.md of the repository compares them by task. Its gallery has a marble diagram of each
// operator with several streams, or whose result depends on time.
//
// # When to use this, and when not
//
// Use operators if items arrive over time and several things happen to them: they are combined, limited, retried, shared or
// canceled together. Use a loop over [observable.Observable.All] if it says the same in one function. Use packages slices
// and maps if all values are there. Use channels for goroutines that exchange messages in both directions.
//
// # Synchronous, concurrent and hot operators
//
// Operators are synchronous unless documented otherwise. A synchronous operator runs its source on its own goroutine,
// allocates nothing per item, buffers only what its documentation names, and stops its source at the deciding item.
//
// A concurrent operator runs each of its sources in a goroutine of its own. It hands the items over, in batches and in order
// of arrival, to the goroutine that runs the operator. Where the documentation says that an operator buffers up to 128 items
// per source, each source can be up to 256 items ahead: 128 that wait and 128 that are being processed. Then it blocks.
// Functions passed to a concurrent operator are called on the goroutine that runs it, except for the function of
// [ParallelMap], the key of [GroupBy] and the onDrop of [OnBackpressureBuffer]. The operator returns when all of its
// goroutines have ended.
//
// A hot operator, such as [Share], has one run of its source for all of its subscribers.
//
// # Failures
//
// An operator fails with the error of its source, unless documented otherwise. The first failure is the result, and cancels
// the sources that still run. If a source fails while it is being stopped, such as with an error from closing a connection,
// it returns that error joined to the cause, and the error becomes part of the result. Any other failure that a source
// reports after the operator has ended is discarded.
//
// A mistake in building the pipeline, such as a nil function or a negative count, panics when the operator is called. Panics
// of sources and functions are not recovered. A panic on an operator's goroutine crashes the program. A panic on the
// caller's goroutine propagates after the operator's goroutines have ended.
package operators
