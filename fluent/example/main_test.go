package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/fluent"
	"github.com/rivulet-go/rivulet/source"
)

func TestRunPrintsThatManyMoves(t *testing.T) {
	var stdout bytes.Buffer
	require.NoError(t, run(t.Context(), &stdout, 5, time.Millisecond))
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	require.Len(t, lines, 5)
	for _, line := range lines {
		require.Regexp(t, `^\d\d:\d\d:\d\d  (OIL|TEA|TIN) +\d+\.\d\d \([+-]\d+\.\d\d\)$`, line)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, run(ctx, new(bytes.Buffer), 0, time.Millisecond), context.DeadlineExceeded)
}

func TestMoves(t *testing.T) {
	prices := source.Of(Price{"TEA", 300}, Price{"TEA", 300}, Price{"TEA", 310}, Price{"TEA", 295})
	changes := fluent.From(prices).GroupBy(func(p Price) string { return p.Symbol }).FlatMap(1, moves)
	got, err := changes.Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"TEA    3.10 (+0.10)", "TEA    2.95 (-0.15)"}, got)
}
