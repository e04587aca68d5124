package source

// State is the state of a run of [FromEventSource], see [WithOnStateChange].
type State int

// The states of a run.
const (
	Connecting State = iota // not connected: an attempt, or the wait for the next one, is under way
	Open                    // connected
	Closed                  // at the end, for good
)

// String returns the name of the state.
func (s State) String() string {
	switch s {
	case Connecting:
		return "Connecting"
	case Open:
		return "Open"
	default:
		return "Closed"
	}
}
