package observabletest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// rule is one of the five rules of the contract.
type rule int

const (
	lazyAndCold rule = iota + 1
	serial
	stopping
	canceling
	structured
)

var ruleNames = [...]string{
	lazyAndCold: "lazy and cold", serial: "serial", stopping: "stop", canceling: "cancel", structured: "structured",
}

func (r rule) String() string { return fmt.Sprintf("rule %d (%s)", int(r), ruleNames[r]) }

// violation says how a rule is broken.
type violation struct {
	rule rule
	how  string
}

func (v violation) String() string { return fmt.Sprintf("%v is broken: %s", v.rule, v.how) }

// journal collects the first violation of each rule. Further ones mostly have the same reason.
type journal struct {
	mu    sync.Mutex
	found []violation
	hung  atomic.Bool // A run, or a goroutine of it, has not ended. Further trials would each take as long.

	progress atomic.Int64
	step     step
}

// step is a part of a Check.
type step struct {
	report     func(problem string) // records a problem of the world as a whole that occurs during the step
	leftBehind func() []string      // returns the goroutines of runs of the step that have returned
}

// begin records that a step begins.
func (j *journal) begin(s step) {
	j.progress.Add(1)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.step = s
}

func (j *journal) current() step {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.step
}

// leftBehind returns the goroutines of runs of the current step that have returned.
func (j *journal) leftBehind() []string {
	if s := j.current(); s.leftBehind != nil {
		return s.leftBehind()
	}
	return nil
}

func (j *journal) note(v violation) {
	j.mu.Lock()
	defer j.mu.Unlock()
	sameRule := func(earlier violation) bool { return earlier.rule == v.rule }
	if !slices.ContainsFunc(j.found, sameRule) {
		j.found = append(j.found, v)
	}
}

func (j *journal) all() []violation {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.found)
}
