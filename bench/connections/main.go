//go:build unix

// Command connections holds many Server-Sent Events subscriptions open in one process, against a server in another
// process on loopback, and reports what they cost: goroutines and resident bytes per connection, the time to connect
// them all, events per second, and whether closing them gives everything back.
//
//	go run ./connections -client rivulet -n 10000
//
// -client takes rivulet, launchdarkly or go-sse; all three use the same http.Client, with its own defaults.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/bench/internal/usage"
)

// connecting is how many connections are being made at once.
const connecting = 128

func main() {
	log.SetFlags(0)
	serve := flag.Bool("serve", false, "be the server (the program starts itself so)")
	client := flag.String("client", "rivulet", "rivulet, launchdarkly or go-sse")
	n := flag.Int("n", 10_000, "number of connections")
	events := flag.Int("events", 50, "number of events sent to every connection")
	flag.Parse()
	if err := usage.RaiseFileLimit(*n + 100); err != nil {
		log.Fatal(err)
	}
	if *serve {
		log.Fatal(serveEvents(*n, *events))
	}
	subscribe, ok := clients[*client]
	if !ok {
		log.Fatalf("-client is %q, it must be rivulet, launchdarkly or go-sse", *client)
	}
	if err := measure(subscribe, *client, *n, *events); err != nil {
		log.Fatal(err)
	}
}

// measure holds n subscriptions, has the server send events to each, closes them, and prints the figures.
func measure(subscribe subscribe, name string, n, events int) error {
	server, err := startServer(n, events)
	if err != nil {
		return err
	}
	defer server.stop()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	p := &program{client: &http.Client{Transport: transport}, url: server.url + "/events"}
	before := usage.Take()
	start := time.Now()
	if err := p.open(subscribe, n); err != nil {
		return err
	}
	connected := time.Since(start)
	held := usage.Take()

	start = time.Now()
	cpu := usage.CPU()
	if err := server.send(); err != nil {
		return err
	}
	if err := p.await(int64(n*events), 2*time.Minute); err != nil {
		return err
	}
	flowed := time.Since(start)
	cpu = usage.CPU() - cpu
	busy := usage.Take()

	start = time.Now()
	p.close()
	transport.CloseIdleConnections()
	after := usage.Settle(before.Goroutines, 10*time.Second)
	closed := time.Since(start)

	// The runtime keeps the descriptors of goroutines that have ended: another round must add nothing to them.
	if err := p.open(subscribe, n); err != nil {
		return err
	}
	p.close()
	transport.CloseIdleConnections()
	again := usage.Settle(before.Goroutines, 10*time.Second)

	fmt.Printf("%s, %d connections (%s, GOMAXPROCS=%d)\n", name, n, runtime.Version(), runtime.GOMAXPROCS(0))
	fmt.Printf("  goroutines per connection        %.2f\n", per(held.Goroutines-before.Goroutines, n))
	fmt.Printf("  resident bytes per connection    %.0f when open, %.0f after %d events each\n",
		per(held.Resident-before.Resident, n), per(busy.Resident-before.Resident, n), events)
	fmt.Printf("  heap and stack per connection    %.0f bytes when open, %.0f after\n",
		per(held.InUse-before.InUse, n), per(busy.InUse-before.InUse, n))
	fmt.Printf("  time to connect all              %v\n", connected.Round(time.Millisecond))
	fmt.Printf("  events per second                %.0f, with %.2f µs of CPU each in this process\n",
		float64(n*events)/flowed.Seconds(), float64(cpu.Nanoseconds())/1e3/float64(n*events))
	fmt.Printf("  closed within                    %v\n", closed.Round(time.Millisecond))
	fmt.Println("                    before      open    closed    closed after a second round")
	for _, row := range []struct {
		name string
		of   func(usage.Usage) int
	}{
		{"goroutines", func(u usage.Usage) int { return u.Goroutines }},
		{"resident KiB", func(u usage.Usage) int { return u.Resident >> 10 }},
		{"heap+stack KiB", func(u usage.Usage) int { return u.InUse >> 10 }},
	} {
		fmt.Printf("  %-16s %7d %9d %9d %9d\n", row.name, row.of(before), row.of(held), row.of(after), row.of(again))
	}
	return nil
}

func per(total, n int) float64 { return float64(total) / float64(n) }

// program is the set of subscriptions.
type program struct {
	client   *http.Client
	url      string
	received atomic.Int64
	failed   chan error
	stops    []func()
}

// open makes n subscriptions and returns when the server has answered all of them.
func (p *program) open(subscribe subscribe, n int) error {
	p.failed = make(chan error, 1)
	slots := make(chan struct{}, connecting)
	var opened sync.WaitGroup
	opened.Add(n)
	for range n {
		slots <- struct{}{}
		once := sync.OnceFunc(func() {
			<-slots
			opened.Done()
		})
		p.stops = append(p.stops, subscribe(subscription{
			url: p.url, client: p.client, opened: once,
			event: func() { p.received.Add(1) },
			failed: func(err error) {
				select {
				case p.failed <- err:
				default:
				}
			},
		}))
	}
	all := make(chan struct{})
	go func() {
		opened.Wait()
		close(all)
	}()
	select {
	case <-all:
		return nil
	case err := <-p.failed:
		return fmt.Errorf("a subscription failed: %w", err)
	}
}

// await returns when that many events have been received.
func (p *program) await(events int64, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for p.received.Load() < events {
		select {
		case <-tick.C:
		case err := <-p.failed:
			return fmt.Errorf("a subscription failed: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("%d of %d events after %v", p.received.Load(), events, limit)
		}
	}
	return nil
}

func (p *program) close() {
	var closing sync.WaitGroup
	for _, stop := range p.stops {
		closing.Go(stop)
	}
	closing.Wait()
	p.stops = nil
}
