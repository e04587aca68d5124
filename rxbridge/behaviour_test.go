package rxbridge_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/reactivex/rxgo/v2"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// comparison gives the same input to an operator of RxGo and to its counterpart here, and compares their results.
type comparison struct {
	operator string // its name in RxGo, as in the first table of docs/parity.md
	input    string // what is special about this case
	want     string
	instead  string // what RxGo gives, if it is something else; then the table has to say so
	theirs   func(with rxgo.Option) rxgo.Iterable
	ours     func() string
}

// patience is how long, by the clock of the bubble, a stream is given to end.
const patience = time.Minute

// drawn draws a stream as the list of its items, or "nothing" if it has none. A failure is an item with a !, and ...
// stands for a stream that has not ended.
func drawn[T any](o observable.Observable[T]) func() string {
	return func() string {
		ctx, cancel := context.WithTimeoutCause(context.Background(), patience, errPatience)
		defer cancel()
		var signals []string
		err := o.ForEach(ctx, func(v T) { signals = append(signals, fmt.Sprint(v)) })
		switch {
		case err == errPatience:
			signals = append(signals, "...")
		case err != nil:
			signals = append(signals, "!"+err.Error())
		}
		return joined(signals)
	}
}

var errPatience = errors.New("not ended")

func joined(signals []string) string { return cmp.Or(strings.Join(signals, " "), "nothing") }

// drawnRxGo is drawn for RxGo, where a failure is an item among others.
func drawnRxGo(o rxgo.Iterable, with rxgo.Option) string {
	items := o.Observe(with)
	var signals []string
	for {
		select {
		case item, ok := <-items:
			switch {
			case !ok:
				return joined(signals)
			case item.Error():
				signals = append(signals, "!"+item.E.Error())
			default:
				signals = append(signals, fmt.Sprint(item.V))
			}
		case <-time.After(patience):
			return joined(append(signals, "..."))
		}
	}
}

// comparisons are those of all operators.
var comparisons = slices.Concat(
	transforming, filtering, averaging, folding, failingOver, making, using, timing, dividing, sharing, combining,
)

// TestRxGo makes the comparisons, in bubbles. RxGo gets a context that is canceled at the end: it needs that to let go
// of its goroutines.
func TestRxGo(t *testing.T) {
	for _, c := range comparisons {
		t.Run(c.operator+" "+c.input, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				require.Equal(t, c.want, c.ours(), "Rivulet")
			})
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				with := rxgo.WithContext(ctx)
				require.Equal(t, cmp.Or(c.instead, c.want), drawnRxGo(c.theirs(with), with), "RxGo")
			})
		})
	}
}

var errBroken = errors.New("broken")

// just is a source of RxGo; an item that is an error is a failure.
func just(items ...any) rxgo.Observable { return rxgo.Just(items...)() }

// failing is a source of ours that fails after its items.
func failing(items ...int) observable.Observable[int] {
	return operators.Concat(source.Of(items...), source.Throw[int](errBroken))
}
