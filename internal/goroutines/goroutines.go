// Package goroutines identifies goroutines by the headers of their stack traces. Go has no other way.
package goroutines

import (
	"runtime"
	"strings"
)

// ID returns the number of the calling goroutine, which is never 0. It takes some microseconds.
func ID() (id uint64) {
	var header [64]byte // like "goroutine 17 [running]:"
	for _, c := range header[len("goroutine "):runtime.Stack(header[:], false)] {
		if c < '0' || c > '9' {
			break
		}
		id = 10*id + uint64(c-'0')
	}
	return id
}

// Bubble returns the number of the synctest bubble of the calling goroutine, or "" if it is in none.
func Bubble() string {
	buffer := make([]byte, 128)
	return bubbleOf(string(buffer[:runtime.Stack(buffer, false)]))
}

// InBubble returns the stacks of the goroutines in the bubble of the calling goroutine, its own first. It stops the
// whole process for a moment.
func InBubble() (stacks []string) {
	bubble := Bubble()
	if bubble == "" {
		return nil
	}
	for stack := range strings.SplitSeq(allStacks(1<<20), "\n\n") {
		if bubbleOf(stack) == bubble {
			stacks = append(stacks, stack)
		}
	}
	return stacks
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

// bubbleOf returns the number of the bubble in a stack trace, whose header is like
// "goroutine 21 [running, synctest bubble 3]:", or "".
func bubbleOf(stack string) string {
	header, _, _ := strings.Cut(stack, "\n")
	_, rest, _ := strings.Cut(header, ", synctest bubble ")
	return rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
}
