package websocket

import "github.com/rivulet-go/rivulet/source"

// State is the state of a run of [From], the same type as for source.FromEventSource: see [WithOnStateChange].
type State = source.State

// The states of a run: Connecting, Open, Connecting, Open and so on, and Closed at the end.
const (
	Connecting = source.Connecting // an attempt, or the wait for the next one, is under way
	Open       = source.Open       // the run has a connection
	Closed     = source.Closed     // the run is over
)
