package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// maxEventBytes limits an event. One of a country has about 100 bytes.
const maxEventBytes = 4 << 10

// follower follows a stream of visitors while listening is true.
type follower struct {
	listening *observable.BehaviorSubject[bool]
	states    *observable.BehaviorSubject[source.State]
	models    observable.Observable[Model] // one run of the stream, for the terminal and the page
}

// newFollower returns a follower of the stream at url. It connects when as many readers as given observe its models, so
// that none of them misses a visitor.
func newFollower(url string, readers int, stderr io.Writer) *follower {
	f := &follower{
		listening: observable.NewBehaviorSubject(true),
		states:    observable.NewBehaviorSubject(source.Closed),
	}
	countries := operators.SwitchMap(operators.DistinctUntilChanged(f.listening.Observable()),
		func(on bool) observable.Observable[Country] {
			if !on {
				return source.Empty[Country]()
			}
			return operators.Concat(f.connect(url, stderr), source.Throw[Country](errEnded))
		})
	models := operators.Scan(operators.History(countries, historyLength), Model{}, fold)
	f.models = operators.Publish(operators.StartWith(models, Model{})).AutoConnect(readers)
	return f
}

// errEnded is the failure of the program if the server has nothing more to send.
var errEnded = fmt.Errorf("the server has ended the stream: %w", io.EOF)

// connect returns the visitors of one connection, and of those that replace it when it is lost. It reports events that
// cannot be read and continues.
func (f *follower) connect(url string, stderr io.Writer) observable.Observable[Country] {
	events := source.FromEventSource[Country](url,
		source.WithEvents("visitor"),
		source.WithMaxEventBytes(maxEventBytes),
		source.WithOnStateChange(f.states.Next),
		source.WithRetry(retry.Policy{FirstAttempts: 1}), // a server that was never there is most often a mistyped URL
		source.WithLogger(slog.New(slog.DiscardHandler)), // the hooks below report it
		source.WithOnParseError(func(err *source.ParseError) {
			fmt.Fprintf(stderr, "visitors: skipped a %q event that cannot be read: %q: %v\n", err.Type, err.Data, err.Err)
		}),
		source.WithOnRetry(func(err error, _ int, delay time.Duration) {
			fmt.Fprintf(stderr, "visitors: connecting again in %v: %s\n", delay.Round(time.Millisecond),
				demo.Printable(err.Error(), ""))
		}),
	)
	return operators.Map(events, func(event source.Event[Country]) Country { return printable(event.Data) })
}

// printable returns a visitor whose texts can be shown on a terminal.
func printable(visitor Country) Country {
	visitor.Name, visitor.Flag = demo.Printable(visitor.Name, ""), demo.Printable(visitor.Flag, "")
	return visitor
}

// follow prints each change of the model until there were limit visitors, if that is not 0.
func (f *follower) follow(ctx context.Context, limit int, stdout io.Writer) error {
	models := f.models
	if limit > 0 {
		models = operators.TakeThrough(models, func(m Model) bool { return m.Visits < limit })
	}
	var last Model
	for model, err := range models.All(ctx) {
		if err != nil {
			return fmt.Errorf("cannot follow the visitors: %w", err)
		}
		last = model
		fmt.Fprintln(stdout, model)
	}
	_, err := fmt.Fprintln(stdout, "history:", last.flags())
	return err
}
