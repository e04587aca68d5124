package source

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/redact"
	"github.com/rivulet-go/rivulet/internal/retry"
	"github.com/rivulet-go/rivulet/internal/sse"
)

// eventSourceRun is a run of FromEventSource, but for the type of the data. All of it happens on one goroutine.
type eventSourceRun struct {
	*settings
	url     string
	deliver func(*sse.Event) (more bool, err error) // err: the data does not decode

	decoder  *sse.Decoder // knows the last event ID and the reconnection time, from one connection to the next
	schedule *retry.Schedule
	state    State
	opened   time.Time // when the latest connection was opened
}

// errEnd is how an attempt returns after which the run is over, and has not failed.
var errEnd = errors.New("rivulet: event source: the end")

func runEventSource(
	ctx context.Context, url string, s *settings, deliver func(*sse.Event) (more bool, err error),
) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r := &eventSourceRun{settings: s, url: url, deliver: deliver, state: notSet}
	r.schedule = retry.New(retry.Policy(s.retry))
	r.decoder = sse.NewDecoder(s.maxEventBytes, r.commentHook())
	r.decoder.SetLastEventID(s.position.begin(s.lastEventID))
	if t, ok := s.position.reconnectionTime(); ok {
		r.schedule.SetFirst(t)
	}
	defer func() { s.position.setReconnectionTime(r.decoder.Retry()) }()

	r.setState(Connecting)
	defer r.setState(Closed)
	for {
		err := r.attempt(ctx)
		switch {
		case err == errEnd:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !s.retry.mayRetry(err):
			return err
		}
		delay, again := r.lost(err)
		if !again {
			return err
		}
		if err := clock.Sleep(ctx, delay); err != nil {
			return err
		}
	}
}

// lost takes note that an attempt has ended with err, and returns the delay until the next one, if there is to be one.
func (r *eventSourceRun) lost(err error) (delay time.Duration, again bool) {
	if t, ok := r.decoder.Retry(); ok {
		r.schedule.SetFirst(t)
	}
	wasOpen := r.state == Open
	var up time.Duration
	if wasOpen {
		up = time.Since(r.opened)
	}
	failed, delay, again := r.schedule.Failed(up)
	if !again {
		return 0, false
	}
	delay = max(delay, retryAfter(err))
	r.setState(Connecting)
	r.warn(err, wasOpen || failed == 1, failed, delay)
	for _, hook := range r.onRetry {
		hook(err, failed, delay)
	}
	return delay, true
}

func (r *eventSourceRun) setState(state State) {
	if r.state == state {
		return
	}
	r.state = state
	for _, hook := range r.onState {
		hook(state)
	}
}

// commentHook calls all hooks for comments. It is nil when there is none, so that no text is made for it.
func (r *eventSourceRun) commentHook() func(string) {
	if len(r.onComment) == 0 {
		return nil
	}
	return func(text string) {
		for _, hook := range r.onComment {
			hook(text)
		}
	}
}

// warn logs that a connection was lost.
func (r *eventSourceRun) warn(err error, news bool, failed int, delay time.Duration) {
	logger, level := r.logger, slog.LevelDebug
	if logger == nil {
		logger = slog.Default()
	}
	if news {
		level = slog.LevelWarn
	}
	logger.Log(context.Background(), level, "rivulet: event source: the connection is lost and will be made anew",
		"url", redact.URL(r.url), "error", redact.Error(err), "attempt", failed, "delay", delay)
}
