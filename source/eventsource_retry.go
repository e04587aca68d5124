package source

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/rivulet-go/rivulet/internal/retry"
)

// RetryPolicy says when a lost connection is made anew, and after which delay. A field that is zero has its default.
//
// The delay after the first failure in a row is InitialDelay, or what the server has set with a retry field; it
// doubles with every further failure up to MaxDelay. A share of it, Jitter, is random: the delay is shortened by up to
// that share. It is never shorter than the server has set with a retry field or, for this one, with a Retry-After
// header. After a retry field of 0 the first delay is 0, and those after it grow from InitialDelay.
// No delay is longer than 24 hours.
type RetryPolicy struct {
	InitialDelay time.Duration // default 3 s
	MaxDelay     time.Duration // default 30 s
	Jitter       float64       // 0 to 1, default 0.5; negative for none
	MaxAttempts  int           // attempts that may fail in a row, the first included; default no limit
	HealthyAfter time.Duration // a connection that was open for so long begins a new row; default 5 s

	// Retryable decides for every error but a ParseError, an EventTooLargeError and a RequestError. The default is the
	// function Retryable.
	Retryable func(error) bool
}

// RetryStandard is the policy of the WHATWG HTML standard: as the default, but every status other than 200 ends the
// stream.
var RetryStandard = RetryPolicy{Retryable: func(err error) bool {
	_, isStatus := errors.AsType[*StatusError](err)
	return !isStatus && Retryable(err)
}}

func (p RetryPolicy) check(function string) { retry.Policy(p).Check(function) }

// passing are the statuses that are expected to pass by themselves.
var passing = []int{
	http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// Retryable is the default of a [RetryPolicy], for one that decides differently about a few errors only. It is true for
// errors of the network, the end of the body (errors.Is io.EOF) and the statuses 408, 425, 429, 500, 502, 503 and 504,
// and false for other statuses, a [*ContentTypeError] and a [*RedirectError]. A redirect to what is no URL counts as an
// error of the network, as in the Fetch standard.
func Retryable(err error) bool {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return slices.Contains(passing, status.Code)
	}
	_, isContentType := errors.AsType[*ContentTypeError](err)
	_, isRedirect := errors.AsType[*RedirectError](err)
	return !isContentType && !isRedirect
}

// mayRetry asks the policy, for the errors that it may decide about.
func (p RetryPolicy) mayRetry(err error) bool {
	_, isParse := errors.AsType[*ParseError](err)
	_, isSize := errors.AsType[*EventTooLargeError](err)
	_, isRequest := errors.AsType[*RequestError](err)
	switch {
	case isParse || isSize || isRequest:
		return false
	case p.Retryable != nil:
		return p.Retryable(err)
	default:
		return Retryable(err)
	}
}
