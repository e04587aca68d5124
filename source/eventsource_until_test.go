package source_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// A stream that cannot be resumed is retried before its first event, and not after it.
func TestWithRetryUntilFirstEvent(t *testing.T) {
	isEOF := func(err error) bool { return errors.Is(err, io.EOF) }
	isCut := func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }
	isStatus := func(err error) bool { return errors.As(err, new(*source.StatusError)) }
	isComplete := func(err error) bool { return err == nil }
	isDone := source.WithDone(func(e source.Event[[]byte]) bool { return string(e.Data) == "done" })
	a := []string{"message|a|"}
	for name, row := range map[string]struct {
		answers  []http.HandlerFunc
		opts     []source.Option
		got      []string
		fits     func(error) bool
		requests int
	}{
		"ended before": {[]http.HandlerFunc{body(), body("data: a\n\n")}, nil, a, isEOF, 2},
		"cut before":   {[]http.HandlerFunc{cut(), cut("data: x"), cut("data: a\n\n")}, nil, a, isCut, 3},
		"busy before":  {[]http.HandlerFunc{status(429), body("data: a\n\n")}, nil, a, isEOF, 2},
		"cut after":    {[]http.HandlerFunc{cut("data: a\n\n: b\n\ndata: c")}, nil, a, isCut, 1},
		"a comment is no event": {
			[]http.HandlerFunc{cut(": a\n\n"), cut("data: a\n\n")}, nil, a, isCut, 2},
		"nor is one that is dropped": {
			[]http.HandlerFunc{cut("event: x\ndata: x\n\n"), cut("data: a\n\n")},
			[]source.Option{source.WithEvents("message")}, a, isCut, 2},
		"complete": {
			[]http.HandlerFunc{cut(), body("data: a\n\ndata: done\n\n")}, []source.Option{isDone}, a, isComplete, 2},
		"the policy goes first": {[]http.HandlerFunc{status(404)}, nil, nil, isStatus, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, row.answers...)
				r := l.start(t, append(row.opts, source.WithRetryUntilFirstEvent())...)
				r.wait(t)
				require.True(t, row.fits(r.err), "%v", r.err)
				require.Equal(t, row.got, r.got)
				require.Len(t, l.requests(), row.requests)
				require.False(t, errors.As(r.err, new(*retry.Error)), "it was not given up, there was nothing to retry")
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, cut(), cut("data: a\n\n"))
		events := l.events(source.WithRetryUntilFirstEvent())
		for range 2 { // each run counts for itself
			r := startRun(t, events)
			r.wait(t)
			require.Equal(t, []string{"message|a|"}, r.got)
		}
		require.Len(t, l.requests(), 3)
	})
}

// A server that was never there is given up soon, and one that was is not.
func TestFirstAttempts(t *testing.T) {
	policy := source.WithRetry(retry.Policy{FirstAttempts: 2})
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, status(503))
		r := l.start(t, policy)
		r.wait(t)
		require.EqualError(t, r.err, "rivulet: giving up after 2 attempts: event source http://events.test/stream: "+
			"the server answered 503 Service Unavailable")
		require.Len(t, l.requests(), 2)
	})
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, status(503), body("data: a\n\n"), status(503), status(503), status(503), status(204))
		r := l.start(t, policy)
		r.wait(t)
		require.NoError(t, r.err)
	})
}

// A dead server does not look like a quiet one: there is a warning at once, and one in every minute.
func TestADeadServerIsWarnedOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		l := newLab(t, status(503))
		run := startRun(t, source.FromEventSource[string](secretURL, source.WithHTTPClient(l.Client)))
		time.Sleep(time.Hour)
		run.stop()
		warnings := strings.Count(log.String(), `"level":"WARN"`)
		require.GreaterOrEqual(t, warnings, 40)
		require.LessOrEqual(t, warnings, 60)
		require.NotContains(t, log.String(), "lost")
		require.NotContains(t, log.String(), secret)
		require.Contains(t, log.String(), `"url":"http://events.test/stream"`)
	})
}
