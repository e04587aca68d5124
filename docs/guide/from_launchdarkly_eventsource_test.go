package guide_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/launchdarkly/eventsource"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

func followBefore(ctx context.Context, url, last string, handle func(string)) error {
	// before, with launchdarkly/eventsource
	stream, err := eventsource.SubscribeWithURL(url,
		eventsource.StreamOptionLastEventID(last),
		eventsource.StreamOptionUseBackoff(30*time.Second),
		eventsource.StreamOptionUseJitter(0.5),
		eventsource.StreamOptionErrorHandler(func(err error) eventsource.StreamErrorHandlerResult {
			failed, ok := err.(eventsource.SubscriptionError)
			return eventsource.StreamErrorHandlerResult{CloseNow: ok && failed.Code == 401}
		}))
	if err != nil {
		return err
	}
	defer stream.Close()
	for {
		select {
		case event := <-stream.Events:
			handle(event.Data())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func followAfter(ctx context.Context, url, last string, handle func(string)) error {
	// after
	events := source.FromEventSource[string](url, source.WithLastEventID(last))
	return events.ForEach(ctx, func(e source.Event[string]) { handle(e.Data) })
}

func TestBothClientsFollow(t *testing.T) {
	handler := sink.EventSource(source.Interval(time.Millisecond), sink.Config[int]{Replay: 3})
	server := httptest.NewServer(handler)
	defer server.Close()
	defer handler.Close() // first: launchdarkly/eventsource may keep its connection after Close, and read it no more
	errEnough := errors.New("enough")
	for _, follow := range []func(context.Context, string, string, func(string)) error{followBefore, followAfter} {
		ctx, cancel := context.WithCancelCause(t.Context())
		err := follow(ctx, server.URL, "", func(data string) {
			if data != "" { // launchdarkly/eventsource has an event for an id line without data
				cancel(errEnough)
			}
		})
		require.Error(t, err)
		require.Equal(t, errEnough, context.Cause(ctx))
	}
}
