// Tail follows a growing file, such as a log, and posts its lines in batches to an HTTP server.
//
// Ctrl-C begins a graceful end: the program reads what the file still has, posts it, and then exits. It loses no line. A
// second Ctrl-C, or the end of the grace period, is the abrupt end.
//
// By default the program follows a file that it writes itself, and posts it to a server of its own.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
	"unicode"
)

type config struct {
	file, url   string
	lines       int
	every, wait time.Duration
	grace       time.Duration
}

func main() {
	shutdown, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(shutdown, stop) // a second Ctrl-C ends the process
	err := run(shutdown, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "tail:", printable(err.Error()))
		os.Exit(1)
	}
}

// errGrace is the cause of the abrupt end.
var errGrace = errors.New("the grace period is over; lines may be lost")

// run is the program. When shutdown is done it ends gracefully, and abruptly after the grace period.
func run(shutdown context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	shutdown, enough := context.WithCancel(shutdown)
	defer enough()
	ctx, abort := context.WithCancelCause(context.Background())
	defer abort(nil)
	context.AfterFunc(shutdown, func() { time.AfterFunc(config.grace, func() { abort(errGrace) }) })

	if config.url == "" {
		collector := newCollector()
		url, stop, err := collector.serve()
		if err != nil {
			return err
		}
		defer func() {
			stop()
			fmt.Fprintln(stdout, "The server has", collector)
		}()
		config.url = url
	}
	if config.file == "" {
		writer, err := startWriter(config.every, config.lines, enough)
		if err != nil {
			return err
		}
		defer writer.close()
		config.file = writer.path
	}
	lines := follow(config.file, config.wait/10, shutdown)
	return posted(lines, config.wait, poster(config.url)).ForEach(ctx, func(batch []string) {
		fmt.Fprintf(stdout, "posted %d lines, the last is %q\n", len(batch), batch[len(batch)-1])
	})
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("tail", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.file, "file", "", "follow this `file` instead of one that the program writes")
	flags.StringVar(&c.url, "url", "", "post to this `URL` instead of the embedded server")
	flags.IntVar(&c.lines, "lines", 0, "end gracefully after the program has written `N` lines; 0 means no limit")
	flags.DurationVar(&c.every, "every", 20*time.Millisecond, "the time between two lines that the program writes")
	flags.DurationVar(&c.wait, "wait", time.Second, "how long a line waits for others of its batch")
	flags.DurationVar(&c.grace, "grace", 10*time.Second, "how long the graceful end may take")
	err := flags.Parse(arguments)
	if min(c.every, c.wait, c.grace) <= 0 || c.lines < 0 {
		err = cmp.Or(err, errors.New("-every, -wait and -grace must be positive, -lines must not be negative"))
	}
	return c, err
}

// printable returns a text without the characters that a terminal obeys.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return -1
		}
		return c
	}, text)
}
