package guide_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// EveryNth emits each n-th item of src.
func EveryNth[T any](src observable.Observable[T], n int) observable.Observable[T] {
	if src == nil || n < 1 {
		panic("EveryNth: nil source, or n less than 1")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		count := 0 // the state of one run
		return src(ctx, func(v T) bool {
			count++
			return count%n != 0 || emit(v)
		})
	}
}

// WithTotal emits the items of src and, when src completes, their sum.
func WithTotal(src observable.Observable[int]) observable.Observable[int] {
	return func(ctx context.Context, emit func(int) bool) error {
		total, more := 0, true
		err := src(ctx, func(v int) bool {
			total += v
			more = emit(v)
			return more
		})
		if err != nil || !more {
			return err
		}
		emit(total)
		return nil
	}
}

// Fibonacci emits the Fibonacci numbers.
func Fibonacci(ctx context.Context, emit func(uint64) bool) error {
	for a, b := uint64(0), uint64(1); ; a, b = b, a+b {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !emit(a) {
			return nil
		}
	}
}

// PerSecond emits the number of items that came in each second.
func PerSecond[T any](src observable.Observable[T]) observable.Observable[int] {
	spans := operators.BufferTime(src, time.Second)
	return operators.Map(spans, func(items []T) int { return len(items) })
}

func TestEveryNth(t *testing.T) {
	numbers := source.Range(1, 10)
	observabletest.Check(t, EveryNth(numbers, 3))
	got, err := EveryNth(numbers, 3).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{3, 6, 9}, got)
}

func TestOwnStreamsKeepTheContract(t *testing.T) {
	for name, src := range map[string]observable.Observable[int]{
		"some": source.Range(1, 10), "none": source.Empty[int](), "silent": source.Never[int](),
		"endless": source.Repeat(1), "failing": source.Throw[int](errors.New("failed")),
	} {
		t.Run(name, func(t *testing.T) {
			observabletest.Check(t, EveryNth(src, 2))
			observabletest.Check(t, WithTotal(src))
		})
	}
	observabletest.Check(t, Fibonacci)
}

func TestWithTotal(t *testing.T) {
	got, err := WithTotal(source.Of(1, 2, 3)).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 6}, got)
}

func TestPerSecond(t *testing.T) {
	src := observabletest.Marbles[string]("abc-- 1s d-|", nil)
	observabletest.ExpectMarbles(t, "1s 3 60ms (1|)", PerSecond(src), nil)
}
