package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/examples/internal/demotest"
)

func TestOneConnectionServesAllClients(t *testing.T) {
	var stdout demotest.Output
	require.NoError(t, run(t.Context(), strings.Fields("-clients 30 -events 4 -every 10ms"), &stdout, io.Discard))
	lines := stdout.Lines()
	require.Regexp(t, `^RVLT #\d+: \d+\.\d\d to \d+ clients$`, lines[0])
	require.Equal(t, "30 clients received 120 events; the exchange had 1 connection(s), from the hub", lines[len(lines)-1])
}

func TestCtrlC(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout demotest.Output
	ended := make(chan error)
	go func() { ended <- run(ctx, strings.Fields("-clients 3 -events 0 -every 2ms"), &stdout, io.Discard) }()
	stdout.Awaits(t, "to 3 clients")
	interrupt()
	require.NoError(t, <-ended)
}

func TestWrongArguments(t *testing.T) {
	for line, want := range map[string]string{
		"-clients 0": "-clients is 0, it must be positive",
		"-events -1": "-events is -1, it must not be negative",
		"-every 0s":  "-every is 0s, it must be positive",
	} {
		require.ErrorContains(t, run(t.Context(), strings.Fields(line), io.Discard, io.Discard), want)
	}
}
