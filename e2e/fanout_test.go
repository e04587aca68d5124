package e2e_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
)

// A subject gives 100,000 items to each of 1,000 subscribers, in order.
func TestAThousandSubscribers(t *testing.T) {
	const subscribers, items = 1000, 100_000
	subject := observable.NewSubject[int]()
	var inOrder atomic.Int64
	subscriptions := make([]*observable.Subscription, subscribers)
	for i := range subscriptions {
		next := 0
		subscriptions[i] = subject.Subscribe(context.Background(), observable.Observer[int]{
			Next: func(v int) {
				if v == next {
					next++
				}
			},
			Complete: func() { inOrder.Add(int64(next)) },
		})
	}
	for i := range items {
		subject.Next(i)
	}
	subject.Complete()
	for _, s := range subscriptions {
		require.NoError(t, s.Wait())
	}
	require.EqualValues(t, subscribers*items, inOrder.Load())
	require.Zero(t, subject.Observers())
}
