package operators

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// StartWith emits the values, then the items of its source, which is run when emit has taken the last value.
func StartWith[T any](src observable.Observable[T], values ...T) observable.Observable[T] {
	must.NotNil("operators.StartWith", src)
	values = slices.Clone(values)
	return func(ctx context.Context, emit func(T) bool) error {
		if more, err := engine.SendAll(ctx, emit, values); !more {
			return err
		}
		return src(ctx, emit)
	}
}

// EndWith emits the items of its source and, when that is complete, the values. A source that fails has none.
func EndWith[T any](src observable.Observable[T], values ...T) observable.Observable[T] {
	must.NotNil("operators.EndWith", src)
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
