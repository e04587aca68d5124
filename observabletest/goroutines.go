package observabletest

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"strings"
)

// labelKey is the key of the profiler label that the goroutine of a run has. Goroutines that it starts inherit it.
const labelKey = "observabletest.Check"

// labeled calls f with the label of a run.
func labeled(ctx context.Context, id string, f func(context.Context)) {
	pprof.Do(ctx, pprof.Labels(labelKey, id), f)
}

// labeledBy returns the stacks of the goroutines that have the label of a run.
func labeledBy(id string) []string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		panic(err) // A buffer accepts everything.
	}
	var stacks []string
	for entry := range strings.SplitSeq(profile.String(), "\n\n") {
		if strings.Contains(entry, fmt.Sprintf("%q:%q", labelKey, id)) {
			stacks = append(stacks, calls(entry))
		}
	}
	return stacks
}

// calls returns the functions, files and lines of an entry of the goroutine profile, without its addresses.
func calls(entry string) string {
	var lines []string
	for line := range strings.Lines(entry) {
		if fields := strings.Fields(line); len(fields) == 4 && fields[0] == "#" && strings.HasPrefix(fields[1], "0x") {
			lines = append(lines, fmt.Sprintf("\t%s at %s", fields[2], fields[3]))
		}
	}
	return strings.Join(lines, "\n")
}
