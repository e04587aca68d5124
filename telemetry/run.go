package telemetry

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// A batch is at most maxBatch items, and at most one precision-th of the items since the last collection.
const (
	maxBatch  = 256
	precision = 128
)

// run is one run of an instrumented stream. All of it happens on the goroutine of the run.
//
// Nobody else may read pending, so the items of an unfinished batch show only when the run flushes them. The run cannot
// know that an item is its last for a while, and a store that another goroutine may read costs several nanoseconds. So a
// batch is a small share of what the counter shows already, and a slow run has batches of one item.
type run struct {
	*settings
	stream   *stream
	messages *messages // nil: none
	began    time.Duration

	left        int64          // until the flush of the batch
	collection  uint32         // the last one that the run has noticed
	collections *atomic.Uint32 // of the registry
	batch       int64          // how many items the batch has
	since       int64          // items since the collection
	stopped     bool
}

// flush adds the items of the batch to the counter and decides how many the next one has.
func (r *run) flush() {
	if collection := r.collections.Load(); collection != r.collection {
		r.collection, r.since = collection, 0
	}
	r.stream.last.Store(int64(r.stream.now()))
	r.since += r.batch - r.left
	r.add()
	r.batch = min(r.since/precision, maxBatch)
	if r.batch > 8 {
		r.batch -= rand.Int64N(r.batch / 4) // so that samples do not always meet the same item of a batch downstream
	}
	r.left = r.batch
}

// add adds the items of the batch so far to the counter.
func (r *run) add() {
	n := r.batch - r.left
	r.left = r.batch
	r.stream.items.Add(n)
	if r.messages != nil {
		r.messages.count.Add(n)
	}
}

// stop notes that emit has returned false, and returns false.
func (r *run) stop() bool {
	r.stopped = true
	return false
}

// end records how the run has ended. It has panicked if it has not returned.
func (r *run) end(ctx context.Context, err error, returned bool) {
	r.add()
	r.stream.runs.Add(-1)
	attributes := r.outcome(ctx, err)
	if !returned {
		attributes = []attribute.KeyValue{outcomeKey.String("failed"), semconv.ErrorTypeKey.String("panic")}
	}
	duration := (r.stream.now() - r.began).Seconds()
	r.stream.instruments.runDuration.Record(context.WithoutCancel(ctx), duration, r.stream.with(attributes...))
}

// outcome returns the attributes of a run that has returned err.
func (r *run) outcome(ctx context.Context, err error) []attribute.KeyValue {
	switch cause := context.Cause(ctx); {
	case err == nil && r.stopped:
		return []attribute.KeyValue{outcomeKey.String("stopped")}
	case err == nil:
		return []attribute.KeyValue{outcomeKey.String("completed")}
	case cause != nil && errors.Is(err, cause):
		return append([]attribute.KeyValue{outcomeKey.String("canceled")}, r.cleanUp(err, cause)...)
	default:
		return []attribute.KeyValue{outcomeKey.String("failed"), semconv.ErrorTypeKey.String(r.errorType(err))}
	}
}

// cleanUp returns the attributes of the first error that is joined to the cause of a canceled run.
func (r *run) cleanUp(err, cause error) []attribute.KeyValue {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	for _, err := range joined.Unwrap() {
		if !errors.Is(err, cause) {
			return []attribute.KeyValue{semconv.ErrorTypeKey.String(r.errorType(err))}
		}
	}
	return nil
}
