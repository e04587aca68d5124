package telemetry_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
)

// reset is the error of a connection that was reset.
var reset = map[bool]syscall.Errno{true: 10054, false: syscall.ECONNRESET}[runtime.GOOS == "windows"]

type ownError struct{}

func (ownError) Error() string { return "own" }

func TestErrorType(t *testing.T) {
	lost := func(err error) error { return &source.ConnectionError{URL: "https://secret", Err: err} }
	for _, row := range []struct {
		want string
		err  error
	}{
		{"503", &retry.Error{Attempts: 3, Err: &source.StatusError{URL: "https://secret", Code: 503}}},
		{"idle_timeout", lost(source.ErrIdleTimeout)},
		{"connect_timeout", lost(source.ErrConnectTimeout)},
		{"canceled", context.Canceled},
		{"timeout", lost(context.DeadlineExceeded)},
		{"timeout", lost(&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded})},
		{"connection_reset", lost(&net.OpError{Op: "read", Err: os.NewSyscallError("read", reset)})},
		{"eof", lost(io.EOF)},
		{"unexpected_eof", lost(io.ErrUnexpectedEOF)},
		{"host_not_found", lost(&net.DNSError{Name: "secret"})},
		{"certificate_invalid", lost(&tls.CertificateVerificationError{Err: ownError{}})},
		{"source.ConnectionError", lost(errors.New("secret"))},
		{"source.ParseError", fmt.Errorf("secret: %w", &source.ParseError{Err: errors.New("secret")})},
		{"telemetry_test.ownError", errors.Join(ownError{}, io.ErrClosedPipe)},
		{"telemetry_test.ownError", fmt.Errorf("%w and %w", ownError{}, io.ErrClosedPipe)},
		{"_OTHER", errors.New("secret")},
		{"_OTHER", fmt.Errorf("secret: %w", errors.New("secret"))},
	} {
		require.Equal(t, row.want, telemetry.ErrorType(row.err), "%T", row.err)
	}
}

// The errors of the operating system, whatever that is.
func TestErrorTypeOfARefusedConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	_, err = source.FromEventSource[int]("http://"+listener.Addr().String(),
		source.WithRetry(retry.Policy{MaxAttempts: 1})).Collect(t.Context())
	require.Equal(t, "connection_refused", telemetry.ErrorType(err))
}

func TestErrorTypeOfNil(t *testing.T) {
	requirePanic(t, "telemetry.ErrorType: nil error", func() { telemetry.ErrorType(nil) })
}
