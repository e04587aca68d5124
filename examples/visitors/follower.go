package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// follower follows a stream of visitors and knows the model at any time.
type follower struct {
	url      string
	stderr   io.Writer
	listener *rivulet.Listener[json.RawMessage]
	messages chan message
	models   *observable.BehaviorSubject[Model]
	states   *observable.BehaviorSubject[source.State]

	ctx    context.Context
	cancel context.CancelCauseFunc
}

// newFollower returns a follower of the stream at url, which has not begun. It ends with ctx.
func newFollower(ctx context.Context, url string, stderr io.Writer) *follower {
	f := &follower{
		url: url, stderr: stderr,
		messages: make(chan message),
		models:   observable.NewBehaviorSubject(Model{}),
		states:   observable.NewBehaviorSubject(source.Closed),
	}
	f.ctx, f.cancel = context.WithCancelCause(ctx)
	f.listener = rivulet.NewListener(url, rivulet.Handlers[json.RawMessage]{
		OnMessage:    f.onMessage,
		OnParseError: f.onParseError,
		OnRetry:      f.onRetry,
		OnError:      f.onError,
	},
		source.WithEvents("connected", "visitor"),
		source.WithOnStateChange(f.states.Next),
		source.WithRetry(retry.Policy{FirstAttempts: 1}), // a server that was never there is most often a mistyped URL
		source.WithLogger(slog.New(slog.DiscardHandler)), // onRetry reports it
	)
	return f
}

// start and stop are what the buttons of the page do.
func (f *follower) start() error { return f.listener.StartListening(f.ctx) }
func (f *follower) stop()        { f.listener.StopListening() }

// follow prints each change of the model until there were limit visitors, if that is not 0, or the program ends.
func (f *follower) follow(limit int, stdout io.Writer) error {
	defer func() {
		f.cancel(nil)
		_ = f.listener.Wait() // what it failed with was reported when it did
	}()
	if err := f.start(); err != nil {
		return err
	}
	models := operators.Scan(source.FromChannel(f.messages), Model{}, fold)
	if limit > 0 {
		models = operators.TakeThrough(models, func(m Model) bool { return m.Visits < limit })
	}
	var last Model
	for model, err := range models.All(f.ctx) {
		if err != nil {
			return err
		}
		last = model
		f.models.Next(model)
		fmt.Fprintln(stdout, model)
	}
	_, err := fmt.Fprintln(stdout, "history:", last.flags())
	return err
}

func (f *follower) onMessage(event source.Event[json.RawMessage]) {
	msg, err := decode(event)
	if err != nil {
		f.onParseError(err)
		return
	}
	select {
	case f.messages <- msg:
	case <-f.ctx.Done():
	}
}

// onParseError reports an event that is no JSON, or not that of a country. The next ones may be better.
func (f *follower) onParseError(err *source.ParseError) {
	fmt.Fprintf(f.stderr, "visitors: skipped a %q event that cannot be read: %q: %v\n", err.Type, err.Data, err.Err)
}

func (f *follower) onRetry(err error, _ int, delay time.Duration) {
	fmt.Fprintf(f.stderr, "visitors: connecting again in %v: %v\n", delay.Round(time.Millisecond), err)
}

// onError ends the program, unless that is what has ended the listener.
func (f *follower) onError(err error) {
	if f.ctx.Err() == nil {
		f.cancel(fmt.Errorf("cannot follow the visitors: %w", err))
	}
}
