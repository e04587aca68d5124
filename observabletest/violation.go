package observabletest

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// rule is one of the five of the contract.
type rule int

const (
	lazyAndCold rule = iota + 1
	serial
	stopping
	cancelling
	structured
)

var ruleNames = [...]string{
	lazyAndCold: "lazy and cold", serial: "serial", stopping: "stop", cancelling: "cancel", structured: "structured",
}

func (r rule) String() string { return fmt.Sprintf("rule %d (%s)", int(r), ruleNames[r]) }

// violation says how a rule was broken.
type violation struct {
	rule rule
	how  string
}

func (v violation) String() string { return fmt.Sprintf("%v is broken: %s", v.rule, v.how) }

// journal collects the first violation of each rule; those that follow mostly have the same reason.
type journal struct {
	mu    sync.Mutex
	found []violation
	hung  atomic.Bool // a run is not over: further trials would each take as long

	progress atomic.Int64
	suspect  func(problem string)
}

// begin says that something begins, and how to note what may go wrong meanwhile with the world as a whole.
func (j *journal) begin(suspect func(problem string)) {
	j.progress.Add(1)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.suspect = suspect
}

// blame notes what went wrong with the world as a whole.
func (j *journal) blame(problem string) {
	j.mu.Lock()
	suspect := j.suspect
	j.mu.Unlock()
	suspect(problem)
}

func (j *journal) note(v violation) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, earlier := range j.found {
		if earlier.rule == v.rule {
			return
		}
	}
	j.found = append(j.found, v)
}

func (j *journal) all() []violation {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]violation(nil), j.found...)
}
