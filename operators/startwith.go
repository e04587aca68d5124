package operators

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// StartWith emits the values and then runs src and emits its items. It copies the slice of values.
func StartWith[T any](src observable.Observable[T], values ...T) observable.Observable[T] {
	if src == nil {
		panic("operators.StartWith: nil source")
	}
	values = slices.Clone(values)
	return func(ctx context.Context, emit func(T) bool) error {
		if more, err := engine.SendAll(ctx, emit, values); !more {
			return err
		}
		return src(ctx, emit)
	}
}

// EndWith emits the items of src and, when src completes, the values. If src fails, EndWith does not emit the values.
// It copies the slice of values.
func EndWith[T any](src observable.Observable[T], values ...T) observable.Observable[T] {
	if src == nil {
		panic("operators.EndWith: nil source")
	}
	values = slices.Clone(values)
	return func(ctx context.Context, emit func(T) bool) error {
		out := engine.Gate[T]{Emit: emit}
		err := src(ctx, out.Send)
		if err == nil && !out.Stopped {
			_, err = engine.SendAll(ctx, emit, values)
		}
		return err
	}
}
