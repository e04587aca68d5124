package source

import "github.com/rivulet-go/rivulet/internal/connect"

// State is the state of a run of a source that connects: see [WithOnStateChange].
type State int

// The states of a run: Connecting, Open, Connecting, Open and so on, and Closed at the end.
const (
	Connecting = State(connect.Connecting) // an attempt, or the wait for the next one, is under way
	Open       = State(connect.Open)       // the run has a connection
	Closed     = State(connect.Closed)     // the run is over
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
