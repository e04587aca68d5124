// Package goroutines lets tests look at the goroutines of a process.
package goroutines

import (
	"runtime"
	"strings"
)

// ID returns the number of the calling goroutine. Go has it only in the header of a stack trace.
func ID() string { return numberAfter("goroutine ", own()) }

// Bubble returns the number of the synctest bubble of the calling goroutine, or "" if it is in none.
func Bubble() string { return numberAfter(inBubble, own()) }

// InBubble returns the stacks of the goroutines in the bubble of the calling goroutine, its own first. It stops the
// whole process for a moment.
func InBubble() (stacks []string) {
	bubble := Bubble()
	if bubble == "" {
		return nil
	}
	for stack := range strings.SplitSeq(allStacks(1<<20), "\n\n") {
		if numberAfter(inBubble, stack) == bubble {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}

// inBubble precedes the number of a bubble in a header like "goroutine 21 [running, synctest bubble 3]:".
const inBubble = ", synctest bubble "

// own returns the start of the stack trace of the calling goroutine, which has its header.
func own() string {
	buffer := make([]byte, 128)
	return string(buffer[:runtime.Stack(buffer, false)])
}

// allStacks returns the stack traces of all goroutines. It begins with a buffer of size bytes and doubles it until they fit.
func allStacks(size int) string {
	for {
		buffer := make([]byte, size)
		if n := runtime.Stack(buffer, true); n < size {
			return string(buffer[:n])
		}
		size *= 2
	}
}

// numberAfter returns the number that follows text in the first line of a stack trace, or "".
func numberAfter(text, stack string) string {
	header, _, _ := strings.Cut(stack, "\n")
	_, rest, _ := strings.Cut(header, text)
	return rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
}
