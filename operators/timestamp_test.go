package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
)

func TestTimestamp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type stamped = operators.Timestamped[int]
		second, fifth := time.Now().Add(2*time.Second), time.Now().Add(5*time.Second)
		stream := operators.Timestamp(after(2, 0, 3))
		requireResult(t, stream, nil, stamped{2, second}, stamped{0, second}, stamped{3, fifth})
	})
}

func TestTimeInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type timed = operators.Timed[int]
		stream := operators.TimeInterval(after(2, 0, 3))
		want := []timed{{2, 2 * time.Second}, {0, 0}, {3, 3 * time.Second}}
		requireResult(t, stream, nil, want...)
		time.Sleep(time.Hour)
		requireResult(t, stream, nil, want...)
	})
}

func TestTimestampKeepsTheContract(t *testing.T) {
	t.Run("Timestamp", func(t *testing.T) {
		op := func(src numbers) observable.Observable[operators.Timestamped[int]] { return operators.Timestamp(src) }
		checkSynchronous(t, op, observabletest.Varying())
	})
	t.Run("TimeInterval", func(t *testing.T) {
		checkSynchronous(t, func(src numbers) observable.Observable[operators.Timed[int]] {
			return operators.TimeInterval(src)
		})
	})
}

func TestTimestampMisused(t *testing.T) {
	requirePanic(t, "operators.Timestamp: nil", func() { operators.Timestamp[int](nil) })
	requirePanic(t, "operators.TimeInterval: nil", func() { operators.TimeInterval[int](nil) })
}
