package rxbridge_test

import (
	"context"
	"fmt"
	"time"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
)

// marbles is a source of ours that is drawn, and anyMarbles the same source for RxGo.
func marbles(picture string) observable.Observable[int] {
	return observabletest.Marbles[int](picture, nil)
}

func anyMarbles(picture string) rxgo.Observable {
	return rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
		err := marbles(picture)(ctx, func(v int) bool { return rxgo.Of(v).SendContext(ctx, next) })
		if err != nil {
			rxgo.Error(err).SendContext(ctx, next)
		}
	}})
}

// frames is a duration for RxGo.
func frames(n int) rxgo.Duration { return rxgo.WithDuration(time.Duration(n) * observabletest.Frame) }

// utc draws a time. Signals of pictures come a little earlier than their frame.
func utc(t time.Time) string { return t.UTC().Round(time.Millisecond).Format("05.000") }

var timing = []comparison{
	{"TimeInterval", "", "20ms 0s 30ms", "",
		func(with rxgo.Option) rxgo.Iterable {
			return anyMarbles("--(12)--3|").TimeInterval(with).Map(func(_ context.Context, v any) (any, error) {
				return v.(time.Duration).Round(time.Millisecond), nil
			}, with)
		},
		drawn(operators.Map(operators.TimeInterval(marbles("--(12)--3|")), func(item operators.Timed[int]) string {
			return fmt.Sprint(item.Elapsed.Round(time.Millisecond))
		}))},
	{"Timestamp", "", "1@00.020 2@00.020 3@00.050", "",
		func(with rxgo.Option) rxgo.Iterable {
			return anyMarbles("--(12)--3|").Timestamp(with).Map(func(_ context.Context, v any) (any, error) {
				item := v.(rxgo.TimestampItem)
				return fmt.Sprintf("%v@%v", item.V, utc(item.Timestamp)), nil
			}, with)
		},
		drawn(operators.Map(operators.Timestamp(marbles("--(12)--3|")), func(item operators.Timestamped[int]) string {
			return fmt.Sprintf("%v@%v", item.Value, utc(item.Time))
		}))},
	{"Debounce", "", "2", "",
		func(with rxgo.Option) rxgo.Iterable { return anyMarbles("-12------|").Debounce(frames(3), with) },
		drawn(operators.Debounce(marbles("-12------|"), 3*observabletest.Frame))},
	{"Debounce", "of an item before the end", "2 3", "2",
		func(with rxgo.Option) rxgo.Iterable { return anyMarbles("-12------3|").Debounce(frames(3), with) },
		drawn(operators.Debounce(marbles("-12------3|"), 3*observabletest.Frame))},
}
