package embedded

import (
	"fmt"
	"log/slog"
	"sync"
)

// logger passes the warnings and errors of a server to slog and keeps the first fatal one.
type logger struct {
	to *slog.Logger

	mu  sync.Mutex
	err error
}

func (l *logger) Noticef(string, ...any) {}
func (l *logger) Debugf(string, ...any)  {}
func (l *logger) Tracef(string, ...any)  {}

func (l *logger) Warnf(format string, args ...any) {
	l.to.Warn("rivulet: embedded: the server warns", "text", fmt.Sprintf(format, args...))
}

func (l *logger) Errorf(format string, args ...any) {
	l.to.Error("rivulet: embedded: the server reports an error", "text", fmt.Sprintf(format, args...))
}

// Fatalf does not end the program: the start of the server fails instead.
func (l *logger) Fatalf(format string, args ...any) {
	l.Errorf(format, args...)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = newFatalError(format, args)
	}
}

// fatalError has the text of a line of the server, and wraps the errors in it.
type fatalError struct {
	text   string
	causes []error
}

func newFatalError(format string, args []any) *fatalError {
	e := &fatalError{text: fmt.Sprintf(format, args...)}
	for _, arg := range args {
		if cause, ok := arg.(error); ok {
			e.causes = append(e.causes, cause)
		}
	}
	return e
}

func (e *fatalError) Error() string   { return e.text }
func (e *fatalError) Unwrap() []error { return e.causes }

func (l *logger) fatal() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
