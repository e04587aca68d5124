package websocket

import (
	"errors"
	"net/http"
	"slices"

	ws "github.com/coder/websocket"
)

// passingStatuses are those of a server that is busy or restarts.
var passingStatuses = []int{
	http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// passingCodes are the close codes of a server that restarts, is busy, or ends a connection that has lasted long enough.
var passingCodes = []ws.StatusCode{
	ws.StatusNormalClosure, ws.StatusGoingAway, ws.StatusNoStatusRcvd, ws.StatusAbnormalClosure, ws.StatusInternalError,
	ws.StatusServiceRestart, ws.StatusTryAgainLater, ws.StatusBadGateway,
}

// Retryable is the Retryable of the policy of [From] by default. A policy of your own can call it for the errors about
// which it does not decide itself. Retryable returns true for a [*CloseError] with the code 1000, 1001, 1005, 1006 or
// 1011 to 1014, for a [*StatusError] with the status 408, 425, 429, 500, 502, 503 or 504, and for a [*ConnectionError]
// that has none of these errors as its reason. It returns false for every other code and status, and for a
// [*HandshakeError].
func Retryable(err error) bool {
	if closed, ok := errors.AsType[*CloseError](err); ok {
		return slices.Contains(passingCodes, ws.StatusCode(closed.Code))
	}
	if status, ok := errors.AsType[*StatusError](err); ok {
		return slices.Contains(passingStatuses, status.Code)
	}
	_, isHandshake := errors.AsType[*HandshakeError](err)
	return !isHandshake
}

// Permanent returns an error with which a function of [WithOnConnect] ends the stream: the run fails and does not
// connect again, whatever the policy. The text, errors.Is and errors.As are those of err. Permanent panics if err is nil.
func Permanent(err error) error {
	if err == nil {
		panic("websocket.Permanent: nil error")
	}
	return &permanentError{err}
}

type permanentError struct{ error }

func (e *permanentError) Unwrap() error { return e.error }

// mayRetry is the Retryable of a run. It leaves to the policy what another attempt could change.
func (s *settings) mayRetry(err error) bool {
	for _, isFinal := range []func(error) bool{
		is[*permanentError], is[*ParseError], is[*MessageTooLargeError], is[*RequestError], is[*CommandError],
	} {
		if isFinal(err) {
			return false
		}
	}
	if s.connection.Policy.Retryable != nil {
		return s.connection.Policy.Retryable(err)
	}
	return Retryable(err)
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
