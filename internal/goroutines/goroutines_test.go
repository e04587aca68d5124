package goroutines_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/goroutines"
)

func TestOutsideOfABubble(t *testing.T) {
	require.NotZero(t, goroutines.ID())
	require.Empty(t, goroutines.Bubble())
	require.Empty(t, goroutines.InBubble())
}

func TestEveryGoroutineHasAnIDOfItsOwn(t *testing.T) {
	other := make(chan uint64)
	go func() { other <- goroutines.ID() }()
	here := goroutines.ID()
	require.NotEqual(t, here, <-other)
	require.Equal(t, here, func() uint64 { return goroutines.ID() }())
}

func TestInABubble(t *testing.T) {
	outside, end := make(chan struct{}), make(chan struct{})
	go func() { defer close(outside); <-end }()
	synctest.Test(t, func(t *testing.T) {
		require.Regexp(t, `^\d+$`, goroutines.Bubble())
		alone := goroutines.InBubble()
		require.Contains(t, alone[0], "TestInABubble")
		gate := make(chan struct{})
		for range 100 {
			go blocked(gate)
		}
		synctest.Wait()
		all := goroutines.InBubble()
		require.Len(t, all, len(alone)+100)
		require.Equal(t, 100, strings.Count(strings.Join(all, "\n"), "goroutines_test.blocked("))
		close(gate)
		synctest.Wait()
		require.Len(t, goroutines.InBubble(), len(alone))
	})
	close(end)
	<-outside
}

func blocked(gate chan struct{}) { <-gate }
