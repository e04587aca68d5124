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

// A batch is at most maxBatch items, and one precision-th of the items since the last collection. Samples are as far apart
// by maxGap and gapPrecision, and each is the last item of a batch.
const (
	maxBatch     = 256
	precision    = 128
	maxGap       = 512
	gapPrecision = 16
)

// run is one run of an instrumented stream. All of it happens on the goroutine of the run.
//
// The items of an unfinished batch show only when the run itself adds them to the counter: no other goroutine may read
// left. A run cannot know that an item is its last one for a while, and to store each item where another goroutine may
// read it would cost three nanoseconds. So a batch is a small share of what the counter shows already, and that of a slow
// run is a single item.
type run struct {
	*settings
	stream   *stream
	messages *messages // nil: none
	began    time.Duration

	left        int64          // items until the end of the batch
	collection  uint32         // the last one that the run has noticed
	collections *atomic.Uint32 // of the registry
	batch       int64          // items of the batch
	since       int64          // items since the collection, without those of the batch
	sample      int64          // the next item since the collection to be sampled
	stopped     bool
}

// flush adds the batch to the counter and begins the next one. It reports whether the last item is to be sampled.
func (r *run) flush() bool {
	if collection := r.collections.Load(); collection != r.collection {
		r.collection, r.since, r.sample = collection, 0, 0
	}
	r.since += r.add()
	r.batch = min(r.since/precision, maxBatch)
	if r.batch == maxBatch {
		r.batch -= rand.Int64N(maxBatch / 4) // so that the samples do not keep step with batches downstream
	}
	r.left = r.batch
	if r.since < r.sample {
		return false
	}
	r.sample = r.since + min(r.since/gapPrecision, maxGap) + 1
	r.stream.last.Store(int64(r.stream.now()))
	return true
}

// add adds the items of the batch so far to the counter and returns how many they are.
func (r *run) add() int64 {
	n := r.batch - r.left
	r.left = r.batch
	r.stream.items.Add(n)
	if r.messages != nil {
		r.messages.count.Add(n)
	}
	return n
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
		attributes = []attribute.KeyValue{outcomeKey.String("failed"), panicked}
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
