package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheProgram(t *testing.T) {
	var stdout bytes.Buffer
	arguments := "-every 1ms -pause 50ms -latency 10ms json nothing"
	require.NoError(t, run(t.Context(), strings.Fields(arguments), &stdout, io.Discard))
	require.Contains(t, stdout.String(), "typed \"js\"\n")
	require.Contains(t, stdout.String(), "\"json\": encoding/json\n")
	require.Contains(t, stdout.String(), "\"nothing\": nothing found\n")
	require.Contains(t, stdout.String(), "The server had ")
}

// The second word cancels the search for the first.
func TestTheProgramCancels(t *testing.T) {
	var stdout bytes.Buffer
	arguments := "-every 1ms -pause 100ms -latency 600ms js json"
	require.NoError(t, run(t.Context(), strings.Fields(arguments), &stdout, io.Discard))
	require.NotContains(t, stdout.String(), "\"js\": ")
	require.Contains(t, stdout.String(), "\"json\": encoding/json\n")
	require.NotContains(t, stdout.String(), "; 0 were canceled")
}

func TestCtrlC(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	require.ErrorIs(t, run(ctx, nil, io.Discard, io.Discard), context.Canceled)
}

func TestWrongArguments(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"-every", "0s"}, io.Discard, io.Discard), "must be positive")
	require.ErrorContains(t, run(t.Context(), []string{"-bogus"}, io.Discard, io.Discard), "-bogus")
}
