package sink

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Admission decides which events a client gets, and until when. The zero Admission is all events, without a limit.
type Admission[T any] struct {
	// Filter reports whether the client gets an item. It is called for each client and item, on the goroutine of the
	// request; all clients share the item. It does not apply to the Greeting. Default: nil, all items.
	Filter func(T) bool
	// Until is the time at which the response ends, such as the expiry of a token. The client can then reconnect, and
	// Admit is called again. The response also ends when the context of the request does. Default: the zero time, no
	// limit.
	Until time.Time
}

// AdmitError is an error of [Config.Admit] that sets the status of the response.
type AdmitError struct {
	Status int   // 400 to 599
	Err    error // the reason, which the client does not get; may be nil
}

func (e *AdmitError) Error() string {
	text := fmt.Sprintf("rivulet: the request was refused with the status %d", e.Status)
	if e.Err == nil {
		return text
	}
	return text + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *AdmitError) Unwrap() error { return e.Err }

// admit returns what a client may get, or the status with which it is refused.
func (s *settings[T]) admit(r *http.Request) (admission Admission[T], status int) {
	admission, err := s.Admit(r)
	var refused *AdmitError
	switch {
	case errors.As(err, &refused) && refused.Status >= 400 && refused.Status <= 599:
		status = refused.Status
	case err != nil || !admission.Until.IsZero() && !time.Now().Before(admission.Until):
		status = http.StatusForbidden
	}
	return admission, cmp.Or(status, http.StatusOK)
}

// limitTo applies an admission to the client. The function that it returns must be called when the response ends.
func (c *client[T]) limitTo(admission Admission[T]) (stop func() bool) {
	if filter := admission.Filter; filter != nil {
		c.wants = func(f *frame[T]) bool { return filter(f.value) }
	}
	if admission.Until.IsZero() {
		return func() bool { return true }
	}
	return time.AfterFunc(time.Until(admission.Until), func() { c.end(ending) }).Stop
}
