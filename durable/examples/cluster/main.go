// Cluster serves one stream of numbered visitors from several instances, which may come and go.
//
// One command starts a NATS server in the process, a feed that publishes visitors, three instances that serve them as
// Server-Sent Events, and a proxy that spreads clients over the instances. A client follows the visitors through the
// proxy and counts the numbers that are missing or doubled; so does the web page. With -kill, an instance is stopped
// every few seconds and started again; with -restart, so is the NATS server.
//
// With -nats URL the program joins a cluster instead. With -feed=false it only serves what another program publishes.
package main

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

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends a program that hangs
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

type config struct {
	nats      string
	replicas  int
	dir       string
	addr      string
	feed      bool
	every     time.Duration
	events    int
	instances int
	replay    int
	clients   int
	kill      time.Duration
	restart   time.Duration
}

func parse(arguments []string, stderr io.Writer) (c config, err error) {
	flags := flag.NewFlagSet("cluster", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.nats, "nats", "", "join the cluster at this `URL` instead of starting a server")
	flags.IntVar(&c.replicas, "replicas", 1, "how many servers of the cluster store each visitor")
	flags.StringVar(&c.dir, "dir", "", "keep the embedded server's files in this `folder`; \"\" is a temporary one")
	flags.StringVar(&c.addr, "addr", "localhost:8080", "serve the proxy and the page at this `address`")
	flags.BoolVar(&c.feed, "feed", true, "publish visitors; only one program of a cluster may")
	flags.DurationVar(&c.every, "every", 50*time.Millisecond, "how often there is a visitor")
	flags.IntVar(&c.events, "events", 0, "end after `N` visitors; 0 continues until Ctrl-C")
	flags.IntVar(&c.instances, "instances", 3, "how many instances serve the stream")
	flags.IntVar(&c.replay, "replay", 1000, "how many visitors an instance keeps; older ones come from the log")
	flags.IntVar(&c.clients, "clients", 1, "how many clients follow the stream")
	flags.DurationVar(&c.kill, "kill", 0, "stop an instance this often; 0 is never")
	flags.DurationVar(&c.restart, "restart", 0, "restart the embedded server this often; 0 is never")
	if err := flags.Parse(arguments); err != nil {
		return c, err
	}
	switch {
	case flags.NArg() > 0:
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case c.every <= 0 || c.replicas < 1 || c.instances < 1 || c.replay < 1 || c.clients < 1:
		return c, errors.New("-every, -replicas, -instances, -replay and -clients must be positive")
	case c.events < 0 || c.kill < 0 || c.restart < 0:
		return c, errors.New("-events, -kill and -restart must not be negative")
	case c.nats != "" && (c.restart > 0 || c.dir != ""):
		return c, errors.New("-restart and -dir are for the embedded server, not for -nats")
	default:
		return c, nil
	}
}
