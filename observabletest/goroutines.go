package observabletest

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
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

// goroutineID returns the number of the calling goroutine. Go has it only in the header of a stack trace.
func goroutineID() string { return numberAfter("goroutine ") }

// bubbleID returns the number of the bubble that the calling goroutine is in, or "" if it is in none.
func bubbleID() string { return numberAfter(", synctest bubble ") }

// numberAfter returns the number that follows text in the header of the caller's stack trace, which is like
// "goroutine 21 [running, synctest bubble 3]:".
func numberAfter(text string) string {
	buffer := make([]byte, 128)
	header, _, _ := strings.Cut(string(buffer[:runtime.Stack(buffer, false)]), "\n")
	_, rest, _ := strings.Cut(header, text)
	return rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
}
