package retry_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/retry"
)

// A loop of one's own that connects until it has succeeded or has failed three times.
func ExampleNewSchedule() {
	connect := func() error { return errors.New("connection refused") }

	schedule := retry.NewSchedule(retry.Policy{InitialDelay: time.Millisecond, Jitter: -1, MaxAttempts: 3})
	for {
		err := connect()
		if err == nil {
			schedule.Succeeded()
			return
		}
		delay, err := schedule.Failed(err)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("retrying in", delay)
		time.Sleep(delay)
	}
	// Output:
	// retrying in 1ms
	// retrying in 2ms
	// rivulet: giving up after 3 attempts: connection refused
}

func ExampleError() {
	schedule := retry.NewSchedule(retry.Policy{MaxAttempts: 1})
	_, err := schedule.Failed(errors.New("connection refused"))
	if gaveUp, ok := errors.AsType[*retry.Error](err); ok {
		fmt.Println(gaveUp.Attempts, "attempt, the last:", gaveUp.Err)
	}
	// Output: 1 attempt, the last: connection refused
}
