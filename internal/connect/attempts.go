// Package connect holds what all sources that keep a connection have in common: the loop of attempts under a retry
// policy, the states and hooks of a run, its log lines, the position at which the next run resumes, and texts of errors
// without secrets. A source is the function that makes one attempt.
package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/retry"
)

// State is the state of a run.
type State int

// The states of a run: Connecting, Open, Connecting, Open and so on, and Closed at the end.
const (
	Connecting State = iota
	Open
	Closed
)

// Config is what the options of a source set. Its hooks are called in order on the goroutine of the run, which waits
// for them.
type Config struct {
	Policy  retry.Policy
	Logger  *slog.Logger // nil: slog.Default() at the time of the log line
	OnState []func(State)
	OnRetry []func(err error, attempt int, delay time.Duration)
}

// Attempts is one run of a source. All of it happens on the goroutine of the run.
type Attempts struct {
	config   Config
	kind     string // of the source, such as "event source"
	url      string // without secrets
	schedule *retry.Schedule

	onAttempt func(context.Context) (attempt context.Context, ended func(error)) // nil: none

	state State
	wait  time.Duration // the least delay before the next attempt
	quiet time.Time     // no failure in a row is a warning before this time
}

// New returns a run that has not begun. kind and url name the source in log lines; url is shown without secrets.
func New(kind, url string, config Config) *Attempts {
	return &Attempts{config: config, kind: kind, url: URL(url), schedule: retry.NewSchedule(config.Policy), state: Closed}
}

// Run calls attempt until the run is over. attempt connects, calls Opened, emits items, and returns nil if the stream
// is complete or was stopped, or the error with which the attempt has failed. If ctx is done, it returns the cause of
// ctx, joined with the error of cleaning up if that has failed.
//
// Run returns nil if attempt does. If ctx is done, Run returns its cause, with the error of cleaning up. Otherwise the
// policy decides whether there is another attempt. If not, Run fails with the error of the attempt, or with a
// [*retry.Error] if too many have failed.
func (a *Attempts) Run(ctx context.Context, attempt func(ctx context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	a.addHooks(ctx)
	a.setState(Connecting)
	defer a.setState(Closed)
	for {
		err := a.observed(ctx, attempt)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
			return cause.Of(ctx, err)
		case ctx.Err() != nil: // it has failed because of that, or by chance at that moment
			return context.Cause(ctx)
		}
		delay, err := a.failed(ctx, err)
		if err != nil {
			return err
		}
		if err := clock.Sleep(ctx, delay); err != nil {
			return err
		}
	}
}

// Opened records that the attempt under way has a connection.
func (a *Attempts) Opened() {
	a.schedule.Succeeded()
	a.setState(Open)
}

// SetInitialDelay replaces the initial delay of the policy, for the rest of the run: see
// [retry.Schedule.SetInitialDelay].
func (a *Attempts) SetInitialDelay(d time.Duration) { a.schedule.SetInitialDelay(d) }

// WaitAtLeast makes the next attempt begin d after the end of this one, or later if the policy says so.
func (a *Attempts) WaitAtLeast(d time.Duration) { a.wait = d }

// failed announces that an attempt has failed and returns the delay until the next one, or why there is none.
func (a *Attempts) failed(ctx context.Context, err error) (delay time.Duration, giveUp error) {
	wait, lost := a.wait, a.state == Open
	a.wait = 0
	delay, giveUp = a.schedule.Failed(err)
	if giveUp != nil {
		return 0, giveUp
	}
	delay = max(delay, wait)
	a.setState(Connecting)
	a.log(ctx, err, lost, delay)
	for _, hook := range a.config.OnRetry {
		hook(err, a.schedule.Failures(), delay)
	}
	return delay, nil
}

func (a *Attempts) setState(state State) {
	if a.state == state {
		return
	}
	a.state = state
	for _, hook := range a.config.OnState {
		hook(state)
	}
}

// warnAgain is how long failures in a row are logged for debugging only, before one is a warning again.
const warnAgain = time.Minute

// log warns of a lost connection, of the first failure, and of one in every minute in which attempts fail.
func (a *Attempts) log(ctx context.Context, err error, lost bool, delay time.Duration) {
	logger, level, message := a.config.Logger, slog.LevelDebug, ": connection failed; retrying"
	if logger == nil {
		logger = slog.Default()
	}
	if lost {
		message = ": connection lost; reconnecting"
	}
	if now := time.Now(); lost || !now.Before(a.quiet) {
		level, a.quiet = slog.LevelWarn, now.Add(warnAgain)
	}
	logger.Log(ctx, level, prefix+a.kind+message,
		"url", a.url, "error", err, "attempt", a.schedule.Failures(), "delay", delay)
}
