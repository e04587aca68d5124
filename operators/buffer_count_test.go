package operators_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// buffers is a simple model of BufferCount.
func buffers(items []int, size, every int) [][]int {
	var all [][]int
	for begin := 0; begin < len(items); begin += every {
		all = append(all, items[begin:min(begin+size, len(items))])
	}
	return all
}

func TestBufferCount(t *testing.T) {
	requireResult(t, operators.BufferCount(source.Of(1, 2, 3, 4, 5), 2, 2), nil, []int{1, 2}, []int{3, 4}, []int{5})
	items := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	for n := range items {
		for size := 1; size < 6; size++ {
			for every := 1; every < 8; every++ {
				got := operators.BufferCount(source.FromSlice(items[:n]), size, every)
				requireResult(t, got, nil, buffers(items[:n], size, every)...)
			}
		}
	}
}

func TestBufferCountEmitsWhenASliceIsFull(t *testing.T) {
	pending := operators.Concat(source.Of(1, 2, 3), source.Never[int]())
	requireResult(t, operators.Take(operators.BufferCount(pending, 3, 2), 1), nil, []int{1, 2, 3})
}

func TestBufferCountDiscardsUnfinishedSlicesOnFailure(t *testing.T) {
	requireResult(t, operators.BufferCount(failing(1, 2, 3), 2, 2), errSource, []int{1, 2})
	requireResult(t, operators.BufferCount(failing(1, 2), 3, 1), errSource)
}

// A receiver owns its slice: changing it does not change another one.
func TestBufferCountSharesNothing(t *testing.T) {
	var got [][]int
	err := operators.BufferCount(source.Of(1, 2, 3, 4), 3, 1).ForEach(t.Context(), func(buffer []int) {
		got = append(got, slices.Clone(buffer))
		clear(buffer)
		_ = append(buffer, 99)
	})
	require.NoError(t, err)
	require.Equal(t, [][]int{{1, 2, 3}, {2, 3, 4}, {3, 4}, {4}}, got)
}

func TestBufferCountAllocatesOnceForEachSlice(t *testing.T) {
	run := operators.BufferCount(source.Range(0, 10_000), 100, 100)
	allocations := testing.AllocsPerRun(5, func() { _ = run(t.Context(), func([]int) bool { return true }) })
	require.InDelta(t, 100, allocations, 15) // the first slice grows as it fills
}

func TestBufferCountCanceledAtTheEnd(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	var got [][]int
	err := operators.BufferCount(source.Of(1, 2, 3), 3, 1).ForEach(ctx, func(buffer []int) {
		if got = append(got, buffer); len(buffer) == 2 {
			cancel(cause)
		}
	})
	require.Equal(t, cause, err)
	require.Equal(t, [][]int{{1, 2, 3}, {2, 3}}, got)
}

func TestBufferCountKeepsTheContract(t *testing.T) {
	for name, every := range map[string]int{"gapless": 3, "overlapping": 1, "with gaps": 4} {
		t.Run(name, func(t *testing.T) {
			checkAllocating(t, func(src numbers) observable.Observable[[]int] {
				return operators.BufferCount(src, 3, every)
			})
		})
	}
}

func TestBufferCountMisused(t *testing.T) {
	requirePanic(t, "operators.BufferCount: nil", func() { operators.BufferCount[int](nil, 1, 1) })
	requirePanic(t, "operators.BufferCount: size is 0,", func() { operators.BufferCount(source.Of(1), 0, 1) })
	requirePanic(t, "operators.BufferCount: every is 0,", func() { operators.BufferCount(source.Of(1), 1, 0) })
}
