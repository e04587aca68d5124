// Package demo is what the example programs have around themselves: Ctrl-C and the exit status, flags, a server.
package demo

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Main runs a program with the arguments of the command line, until it ends or Ctrl-C, and exits with 1 if it failed.
// A second Ctrl-C ends a program that hangs, for example in a write to a pipe without a reader.
func Main(name string, run func(ctx context.Context, arguments []string, stdout, stderr io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "%s: %s\n", name, Printable(err.Error(), "\n\t"))
		os.Exit(1)
	}
}

// Flags returns the flags of a program, to be defined and then parsed with [Parse].
func Flags(name string, stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	return flags
}

// Parse reads the arguments, which must all be flags.
func Parse(flags *flag.FlagSet, arguments []string) error {
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return nil
}

// Positive returns an error if the value of a flag is not.
func Positive[N int | time.Duration](name string, value N) error {
	if value <= 0 {
		return fmt.Errorf("-%s is %v, it must be positive", name, value)
	}
	return nil
}

// NotNegative returns an error if the value of a flag is.
func NotNegative[N int | time.Duration](name string, value N) error {
	if value < 0 {
		return fmt.Errorf("-%s is %v, it must not be negative", name, value)
	}
	return nil
}
