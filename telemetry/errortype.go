package telemetry

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"reflect"
	"strconv"
	"strings"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/rivulet-go/rivulet/source"
)

// other is the error.type of an error that has no type of its own.
const other = "_OTHER"

// panicked is the error.type of a function that has panicked.
var panicked = semconv.ErrorTypeKey.String("panic")

// known are the errors that have a name. The first one that an error wraps counts.
var known = []struct {
	err  error
	name string
}{
	{source.ErrIdleTimeout, "idle_timeout"},
	{source.ErrConnectTimeout, "connect_timeout"},
	{context.Canceled, "canceled"},
	{context.DeadlineExceeded, "timeout"},
	{refused, "connection_refused"},
	{reset, "connection_reset"},
	{io.ErrUnexpectedEOF, "unexpected_eof"},
	{io.EOF, "eof"},
}

// ErrorType returns the attribute error.type of an error: a text with few different values, without any part of the
// error's message.
//
// It is the status, such as "503", of a [*source.StatusError]; one of "idle_timeout", "connect_timeout", "canceled",
// "timeout", "connection_refused", "connection_reset", "unexpected_eof", "eof", "host_not_found" and
// "certificate_invalid" if err wraps such an error; or else the first type in the chain of errors that is not one of the
// packages errors, fmt and retry, such as "source.ParseError". If there is none, it is "_OTHER". ErrorType panics if err
// is nil.
func ErrorType(err error) string {
	if err == nil {
		panic("telemetry.ErrorType: nil error")
	}
	if status, ok := errors.AsType[*source.StatusError](err); ok {
		return strconv.Itoa(status.Code)
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			return k.name
		}
	}
	_, isDNS := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	network, isNetwork := errors.AsType[net.Error](err)
	switch {
	case isNetwork && network.Timeout():
		return "timeout"
	case isDNS:
		return "host_not_found"
	case isCertificate:
		return "certificate_invalid"
	}
	return typeName(err)
}

// typeName returns the name of the first type that says what an error is.
func typeName(err error) string {
	for err != nil {
		name := strings.TrimPrefix(reflect.TypeOf(err).String(), "*")
		if pkg, _, _ := strings.Cut(name, "."); pkg != "errors" && pkg != "fmt" && pkg != "retry" {
			return name
		}
		err = wrapped(err)
	}
	return other
}

// wrapped returns the error that err wraps, the first one if there are several.
func wrapped(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) > 0 {
		return joined.Unwrap()[0]
	}
	return errors.Unwrap(err)
}
