package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stdout bytes.Buffer
		require.NoError(t, run(t.Context(), strings.Fields("-events 6 -every 1s"), &stdout, io.Discard))
		doors := []string{}
		for line := range strings.Lines(stdout.String()) {
			require.Regexp(t, `^wired \d\.\d °C of \d+ readings, radio .+, door (open|closed)\n|^radio: the signal`, line)
			if _, door, isReport := strings.Cut(strings.TrimSpace(line), ", door "); isReport {
				doors = append(doors, door)
			}
		}
		require.Equal(t, []string{"closed", "open", "open", "closed", "open", "open"}, doors, "it moves every 15 s")
		require.Contains(t, stdout.String(), "radio: the signal is lost, trying again\n")
	})
}

func TestReport(t *testing.T) {
	r := newReport([]reading{{"wired", 4}, {"wired", 5}}, open)
	require.Equal(t, "wired 4.5 °C of 2 readings, radio silent, door open", r.String())
}

func TestCtrlC(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithTimeout(t.Context(), 55*time.Second)
		defer interrupt()
		var stdout bytes.Buffer
		require.NoError(t, run(ctx, strings.Fields("-every 1s"), &stdout, io.Discard))
		require.Equal(t, 5, strings.Count(stdout.String(), "wired "))
		require.NotContains(t, stdout.String(), context.DeadlineExceeded.Error())
	})
}
