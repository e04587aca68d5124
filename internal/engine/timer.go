package engine

import "time"

// StoppedTimer returns a timer that does not run until Reset.
func StoppedTimer() *time.Timer {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return timer
}
