// Pipeline watches a cold store and prints a report a second. Two thermometers, one of them behind a bad radio, become
// one stream, and the contact of the door another:
//
//	wired thermometer ──────────┐
//	radio thermometer ── Retry ─┴─ Merge ── BufferTime ─┐
//	door contact ── Debounce ── StartWith ──────────────┴─ WithLatestFrom ── reports
package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"time"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
)

type config struct {
	events int
	every  time.Duration
}

func main() { demo.Main("pipeline", run) }

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	logger := log.New(stdout, "", 0) // two goroutines print: that of the reports and that of the radio
	reports := newReports(config.every, logger)
	if config.events > 0 {
		reports = operators.Take(reports, config.events)
	}
	err = reports.ForEach(ctx, func(r report) { logger.Println(r) })
	if ctx.Err() != nil {
		return nil // Ctrl-C
	}
	return err
}

// newReports is a report for every ten readings of a thermometer.
func newReports(every time.Duration, logger *log.Logger) observable.Observable[report] {
	radio := operators.Tap(radioThermometer(every), observable.Observer[reading]{
		Error: func(err error) {
			if errors.Is(err, errRadio) { // not Ctrl-C
				logger.Println("radio:", err)
			}
		},
	})
	readings := operators.Merge(
		wiredThermometer(every),
		operators.Retry(radio, retry.Policy{InitialDelay: 2 * every, HealthyAfter: every}),
	)
	door := operators.StartWith(operators.Debounce(doorContact(every), every/2), closed)
	return operators.WithLatestFrom(operators.BufferTime(readings, 10*every), door, newReport)
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := demo.Flags("pipeline", stderr)
	flags.IntVar(&c.events, "events", 0, "end after `N` reports; 0 continues until Ctrl-C")
	flags.DurationVar(&c.every, "every", 100*time.Millisecond, "how often a thermometer is read; a report has ten")
	err := demo.Parse(flags, arguments)
	return c, cmp.Or(err, demo.NotNegative("events", c.events), demo.Positive("every", c.every))
}
