// Package demotest helps the tests of the example programs.
package demotest

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Output is what a program has printed, to be read while it runs.
type Output struct {
	mu   sync.Mutex
	text bytes.Buffer
	seen int // how much of it was awaited
}

// Write is for the program.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// String returns the text that was printed so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// Lines are the lines of [Output.String].
func (o *Output) Lines() []string { return strings.Split(strings.TrimSpace(o.String()), "\n") }

// Awaits waits until the program has printed text, after what was awaited before.
func (o *Output) Awaits(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return o.find(text) }, 10*time.Second, time.Millisecond, "%q does not come", text)
}

func (o *Output) find(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, after, found := bytes.Cut(o.text.Bytes()[o.seen:], []byte(text))
	if found {
		o.seen = o.text.Len() - len(after)
	}
	return found
}
