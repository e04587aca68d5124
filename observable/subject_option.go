package observable

import (
	"fmt"
	"log/slog"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/queue"
)

// SubjectOption is an option of a subject.
type SubjectOption func(*subjectConfig)

type subjectConfig = queue.LogConfig

const defaultCapacity = 1024

// WithCapacity sets how many items may wait for an observer, in addition to those that it has fetched already and those that
// the subject replays. items must be positive. Default: 1,024. The subject uses memory for them only while an observer is
// that far behind.
func WithCapacity(items int) SubjectOption {
	must.Positive("observable.WithCapacity", "items", items)
	return func(c *subjectConfig) { c.Capacity = items }
}

// WithOverflow sets what happens to an item if the capacity of an observer is used up:
//   - [Block]: Next waits.
//   - [DropOldest]: this observer misses the oldest item that waits for it.
//   - [DropNewest]: the item is dropped for all observers.
//   - [Fail]: this observer fails with [ErrOverflow], and the items that wait for it are dropped.
//
// Default: Block.
func WithOverflow(policy Overflow) SubjectOption {
	if policy < Block || policy > Fail {
		panic(fmt.Sprintf("observable.WithOverflow: policy is %d, which is none", policy))
	}
	return func(c *subjectConfig) { c.Overflow = policy }
}

// WithOnDrop sets a function that is called with a number of dropped items: under [DropOldest] with the number that an
// observer has missed, on its goroutine and before the next item; under [DropNewest] for each item, on the goroutine that
// calls Next. Several goroutines may call it at the same time. Default: a warning is logged with [slog.Default].
func WithOnDrop(report func(items int)) SubjectOption {
	if report == nil {
		panic("observable.WithOnDrop: nil function")
	}
	return func(c *subjectConfig) { c.Dropped = report }
}

func logDropped(items int) {
	slog.Default().Warn("rivulet: an observer of a subject is too slow and items were dropped", "items", items)
}
