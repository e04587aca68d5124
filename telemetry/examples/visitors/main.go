// Visitors follows the visitors of a site and shows how to watch such a program: it serves its metrics to Prometheus, and
// dashboard.json and alerts.yml in this folder show them in Grafana and say when something is wrong.
//
// It brings a feed of its own, which makes visitors up and cuts every connection after a while. The follower reconnects
// and misses no visitor.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"

	"github.com/rivulet-go/rivulet/telemetry"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "visitors:", err)
		os.Exit(1)
	}
}

type config struct {
	addr   string
	groups int
	size   int
	every  time.Duration
	cut    time.Duration
}

func parse(arguments []string, stderr io.Writer) (c config, err error) {
	flags := flag.NewFlagSet("visitors", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.addr, "addr", "localhost:8080", "serve the feed and the metrics on this `address`")
	flags.IntVar(&c.groups, "groups", 0, "end after `N` groups of visitors; 0 continues until Ctrl-C")
	flags.IntVar(&c.size, "size", 100, "the `number` of visitors in a group")
	flags.DurationVar(&c.every, "every", 200*time.Millisecond, "the `time` between two visitors")
	flags.DurationVar(&c.cut, "cut", 7*time.Second, "how long a connection of the feed lasts")
	if err := flags.Parse(arguments); err != nil {
		return c, err
	}
	if c.groups < 0 || c.size <= 0 || c.every <= 0 || c.cut <= 0 || flags.NArg() > 0 {
		return c, errors.New("-size, -every and -cut must be positive, -groups must not be negative, and there are no arguments")
	}
	return c, nil
}

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry))
	if err != nil {
		return err
	}
	meters := metric.NewMeterProvider(metric.WithReader(exporter))
	defer func() { _ = meters.Shutdown(context.WithoutCancel(ctx)) }() // nothing is pushed: there is nothing to lose
	provider := telemetry.WithMeterProvider(meters)

	feed := newFeed(config.every, provider)
	defer feed.Close()
	mux := http.NewServeMux()
	mux.Handle("GET /visitors", cutting(feed, config.cut))
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	url, closeServer, err := serve(config.addr, mux)
	if err != nil {
		return err
	}
	defer closeServer()
	fmt.Fprintf(stdout, "The metrics are at %s/metrics\n", url)

	err = follow(ctx, url+"/visitors", config, provider, stdout, stderr)
	if ctx.Err() != nil {
		return nil // Ctrl-C
	}
	return err
}

// serve serves a handler in the background. stop ends it and its responses.
func serve(addr string, handler http.Handler) (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // returns when it is closed
	}()
	return "http://" + listener.Addr().String(), func() {
		_ = server.Close() // the responses are given up
		<-done
	}, nil
}
