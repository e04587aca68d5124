package operators

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// MergeDelayError is [Merge], but a source that fails does not end the others: their items come first, and then the
// failure, or [errors.Join] of the failures, in their order of time.
//
//	a:               --1--#
//	b:               ----x-y----z--|
//	MergeDelayError: --1-x-y----z--#
func MergeDelayError[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.MergeDelayError", sources)
	type message struct {
		item    T
		failure error
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHub[message](ctx)
		defer h.close(&err)
		for _, src := range sources {
			h.start(func(ctx context.Context, emit func(message) bool) error {
				failure, told := attend(ctx, src, func(v T) bool { return emit(message{item: v}) })
				if told {
					return failure
				}
				if failure != nil {
					emit(message{failure: failure})
				}
				return nil
			})
		}
		var delayed []error
		out := engine.Gate[T]{Emit: emit}
		err = h.each(func(m message) bool {
			if m.failure != nil {
				delayed = append(delayed, m.failure)
				return true
			}
			return out.Send(m.item)
		})
		switch {
		case err != nil || out.Stopped:
			return err
		case len(delayed) == 1:
			return delayed[0]
		default:
			return errors.Join(delayed...)
		}
	}
}
