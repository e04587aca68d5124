package rxbridge_test

import (
	"context"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

var sharing = []comparison{
	{"Connect", "two observers", "1 2 1 2", "",
		func(with rxgo.Option) rxgo.Iterable {
			connectable := rxgo.Just(1, 2)(rxgo.WithPublishStrategy(), rxgo.WithBufferedChannel(2))
			first, second := rxgo.FromChannel(connectable.Observe(with)), rxgo.FromChannel(connectable.Observe(with))
			connectable.Connect(context.Background())
			return rxgo.Concat(both(first, second), with)
		},
		func() string {
			connectable := operators.Publish(source.Of(1, 2))
			first, second := observabletest.NewRecorder[int](), observabletest.NewRecorder[int]()
			observers := []interface{ Wait() error }{
				connectable.Subscribe(context.Background(), first.Observer()),
				connectable.Subscribe(context.Background(), second.Observer()),
				connectable.Connect(context.Background()),
			}
			for _, o := range observers {
				_ = o.Wait()
			}
			return drawn(source.FromSlice(append(first.Values(), second.Values()...)))()
		}},
}
