package source

import (
	"errors"
	"net/http"
	"slices"

	"github.com/rivulet-go/rivulet/retry"
)

// passing are the statuses of a server that is busy or restarts.
var passing = []int{
	http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// Retryable is the Retryable of the policy of [FromEventSource] by default. A policy of your own can call it for the
// errors about which it does not decide itself. Retryable returns true for a [*ConnectionError] and for a
// [*StatusError] with the status 408, 425, 429, 500, 502, 503 or 504. It returns false for another status, a
// [*ContentTypeError] and a [*RedirectError]. A redirect to a malformed URL is a ConnectionError, as in the Fetch
// standard.
func Retryable(err error) bool {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return slices.Contains(passing, status.Code)
	}
	_, isContentType := errors.AsType[*ContentTypeError](err)
	_, isRedirect := errors.AsType[*RedirectError](err)
	return !isContentType && !isRedirect
}

// RetryStandard returns the policy of the WHATWG HTML standard, for [WithRetry]. It is the default policy, except that
// a [*StatusError] is never retried.
func RetryStandard() retry.Policy {
	return retry.Policy{Retryable: func(err error) bool {
		_, isStatus := errors.AsType[*StatusError](err)
		return !isStatus && Retryable(err)
	}}
}

// mayRetry is the Retryable of a run. It leaves to the policy what another attempt could change.
func (r *eventSourceRun) mayRetry(err error) bool {
	switch err.(type) {
	case *ParseError, *EventTooLargeError, *RequestError:
		return false
	}
	switch {
	case r.untilFirstEvent && r.emitted:
		return false
	case r.connection.Policy.Retryable != nil:
		return r.connection.Policy.Retryable(err)
	default:
		return Retryable(err)
	}
}
