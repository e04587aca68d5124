package durable

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/sink"
)

// History returns a function for the field History of [sink.Config]. It returns the messages that follow the one with a
// cursor, and then each new one, like [From] with [WithCursor]. The sink must use [Message.Cursor] as the ID of each
// event. Each client that reads a History uses a consumer on the server, like a run of From.
//
// If the stream does not reach back to the cursor, or the ID is not a cursor, the run fails with an error that is
// [sink.ErrHistoryGone] and wraps the [*GapError] or the [*CursorError].
func History[T any](
	nc *nats.Conn, stream string, opts ...FromOption,
) func(ctx context.Context, lastEventID string) observable.Observable[Message[T]] {
	From[T](nc, stream, opts...) // panics if an argument is a mistake
	return func(_ context.Context, lastEventID string) observable.Observable[Message[T]] {
		messages := From[T](nc, stream, append(slices.Clip(opts), WithCursor(lastEventID))...)
		return func(ctx context.Context, emit func(Message[T]) bool) error {
			return gone(messages(ctx, emit))
		}
	}
}

// gone returns err, as an error that is sink.ErrHistoryGone if the stream does not reach back.
func gone(err error) error {
	_, isGap := errors.AsType[*GapError](err)
	_, isCursor := errors.AsType[*CursorError](err)
	if isGap || isCursor {
		return fmt.Errorf("%w: %w", sink.ErrHistoryGone, err)
	}
	return err
}
