package operators

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// MergeDelayError is [Merge] except that a source that fails does not end the others. When all sources have ended, it
// fails with the failure, or with [errors.Join] of the failures in their order of time.
//
//	a:               --1--#
//	b:               ----x-y----z--|
//	MergeDelayError: --1-x-y----z--#
//
// MergeDelayError starts one goroutine per source and buffers up to 128 items per source.
func MergeDelayError[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.MergeDelayError", sources)
	type message struct {
		item    T
		failure error
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[message](ctx, engine.Capacity)
		defer h.Close(&err)
		for _, src := range sources {
			h.Start(func(ctx context.Context, emit func(message) bool) error {
				err := src(ctx, func(v T) bool { return emit(message{item: v}) })
				if err == nil || ctx.Err() != nil {
					return err
				}
				emit(message{failure: err})
				return nil
			})
		}
		var failures []error
		out := engine.Gate[T]{Emit: emit}
		err = h.Each(func(m message) bool {
			if m.failure != nil {
				failures = append(failures, m.failure)
				return true
			}
			return out.Send(m.item)
		})
		switch {
		case err != nil || out.Stopped:
			return err
		case len(failures) == 1:
			return failures[0]
		default:
			return errors.Join(failures...)
		}
	}
}
