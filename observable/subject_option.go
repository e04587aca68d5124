package observable

import (
	"fmt"
	"log/slog"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/queue"
)

// SubjectOption sets how a subject treats slow observers.
type SubjectOption func(*subjectConfig)

type subjectConfig = queue.LogConfig

const defaultCapacity = 1024

// WithCapacity sets how many items may wait for an observer, besides those that it has taken already and those that
// the subject replays: 1 or more, by default 1,024. The memory for them is used only as an observer falls behind.
func WithCapacity(items int) SubjectOption {
	must.Positive("observable.WithCapacity", "items", items)
	return func(c *subjectConfig) { c.Capacity = items }
}

// WithOverflow sets what happens when an observer for which the capacity is used up is sent another item:
//   - [Block], the default: Next waits;
//   - [DropOldest]: this observer misses the oldest item that waits for it;
//   - [DropNewest]: no observer gets the item;
//   - [Fail]: this observer fails with [ErrOverflow], and what waits for it is dropped.
func WithOverflow(policy Overflow) SubjectOption {
	if policy < Block || policy > Fail {
		panic(fmt.Sprintf("observable.WithOverflow: policy is %d, which is none", policy))
	}
	return func(c *subjectConfig) { c.Overflow = policy }
}

// WithOnDrop sets what is told of items that were dropped: under [DropOldest] how many an observer has missed, on its
// goroutine and before the item that follows; under [DropNewest] each one, on the goroutine that called Next. It may
// be called by several goroutines at once. Without it, every report is a warning logged with [slog.Default].
func WithOnDrop(report func(items int)) SubjectOption {
	must.NotNil("observable.WithOnDrop", report)
	return func(c *subjectConfig) { c.Dropped = report }
}

func logDropped(items int) {
	slog.Default().Warn("rivulet: an observer of a subject is too slow and items were dropped", "items", items)
}
