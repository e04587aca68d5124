//go:build unix

// Command serve measures what it costs to serve Server-Sent Events: by Rivulet's sink, by the servers of go-sse,
// launchdarkly and r3labs, and by a handler written by hand. The server runs in a process of its own, on loopback; this
// process holds the clients, which count what they receive.
//
//	go run ./serve > serve.out              # in full: half an hour
//	go run ./serve -n 1000 -items 5 -full 1s -count 2 > serve.out
//	go run ./report serve.out               # writes SERVE.md and charts/
//
// It prints lines in the format of go test -bench, each with the load of the machine before the measurement:
//
//   - ServeSecond is the processor time of the server's process for each client and item, at one item a second, with the
//     resident bytes and goroutines that each client costs.
//   - ServeBurst is the same for 20 items at once, every second.
//   - ServeFull is the time for each event that a client has received, at full speed, by number of clients, and the
//     processor time of the server's process for it, which says more if the machine has other work. The
//     publisher is a few milliseconds' worth of events ahead of the slowest client, and never more than -window, for
//     every server alike.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/bench/internal/usage"
)

// config is what is measured.
type config struct {
	clients int           // of ServeSecond and ServeBurst
	items   int           // of each
	every   time.Duration // between two items
	burst   int
	full    []int         // numbers of clients of ServeFull
	flatOut time.Duration // how long ServeFull publishes
	window  int
}

func main() {
	log.SetFlags(0)
	var c config
	serve := flag.String("serve", "", "be the server of that name (the program starts itself so)")
	only := flag.String("only", "", "the servers to measure, by comma; all of them by default")
	count := flag.Int("count", 6, "how often each is measured, in alternation")
	flag.IntVar(&c.clients, "n", 9900, "clients at one item a second")
	flag.IntVar(&c.items, "items", 10, "items at one a second, and bursts")
	flag.DurationVar(&c.every, "every", time.Second, "the time between two items")
	flag.DurationVar(&c.flatOut, "full", 2*time.Second, "how long to publish at full speed; 0 for not at all")
	flag.IntVar(&c.window, "window", 4096, "events that the publisher may be ahead of the slowest client")
	flag.Parse()
	c.burst, c.full = 20, []int{1, 100, 1000}
	if err := usage.RaiseFileLimit(c.clients + 100); err != nil {
		log.Fatal(err)
	}
	if *serve != "" {
		log.Fatal(serveEvents(*serve, c.window))
	}
	names := contenders
	if *only != "" {
		names = strings.Split(*only, ",")
	}
	fmt.Printf("goos: %s\ngoarch: %s\ncpu: %s\n", runtime.GOOS, runtime.GOARCH, usage.Processor())
	for range *count {
		for _, name := range names {
			fmt.Printf("load: %.1f\n", usage.Load())
			if err := c.measure(name); err != nil {
				log.Fatalf("%s: %v", name, err)
			}
		}
	}
}

// measure prints the figures of one server. Each theme has a server process of its own.
func (c config) measure(name string) error {
	if !slices.Contains(contenders, name) {
		return fmt.Errorf("there is no such server; there are %s", strings.Join(contenders, ", "))
	}
	if c.items > 0 {
		if err := c.measureSlow(name); err != nil {
			return err
		}
	}
	for _, clients := range c.full {
		if c.flatOut == 0 {
			break
		}
		if err := c.measureFull(name, clients); err != nil {
			return err
		}
	}
	return nil
}

// measureSlow measures an item a second, the memory of a client that has received some, and bursts.
func (c config) measureSlow(name string) error {
	s, err := start(name, c.window)
	if err != nil {
		return err
	}
	defer s.stop()
	before, err := s.usage()
	if err != nil {
		return err
	}
	clients, err := connect(s.address, c.clients, 4<<10)
	if err != nil {
		return err
	}
	defer clients.close()
	second, err := c.paced(s, clients, 1)
	if err != nil {
		return err
	}
	held, err := s.usage()
	if err != nil {
		return err
	}
	burst, err := c.paced(s, clients, c.burst)
	if err != nil {
		return err
	}
	each := func(total int) float64 { return float64(total) / float64(c.clients) }
	report("ServeSecond", c.clients, name, second, fmt.Sprintf("%.0f B/client %.2f goroutines/client",
		each(held.Resident-before.Resident), each(held.Goroutines-before.Goroutines)))
	report("ServeBurst", c.clients, name, burst, "")
	return nil
}

// paced has the server publish bursts and returns its processor time for each client and item.
func (c config) paced(s *server, clients *clients, burst int) (time.Duration, error) {
	if _, err := s.usage(); err != nil { // which collects garbage
		return 0, err
	}
	before, err := s.cpu()
	if err != nil {
		return 0, err
	}
	n := c.items * burst
	begun := clients.least()
	s.pace(begun+n, burst, c.every)
	if err := clients.await(begun + n); err != nil {
		return 0, err
	}
	after, err := s.cpu()
	return (after - before) / time.Duration(n*c.clients), err
}

// measureFull measures full speed.
func (c config) measureFull(name string, n int) error {
	s, err := start(name, c.window)
	if err != nil {
		return err
	}
	defer s.stop()
	clients, err := connect(s.address, n, 64<<10)
	if err != nil {
		return err
	}
	defer clients.close()
	ahead := max(c.window/n, min(c.window, 512))                       // a few milliseconds' worth
	if _, err := flatOut(s, clients, ahead, c.flatOut/4); err != nil { // warms it up
		return err
	}
	before, err := s.cpu()
	if err != nil {
		return err
	}
	begin := time.Now()
	events, err := flatOut(s, clients, ahead, c.flatOut)
	if err != nil {
		return err
	}
	elapsed := time.Since(begin)
	after, err := s.cpu()
	if err != nil {
		return err
	}
	report("ServeFull", n, name, elapsed/time.Duration(events*n), fmt.Sprintf("%.0f events/s %d cpu-ns/event",
		float64(events*n)/elapsed.Seconds(), (after-before)/time.Duration(events*n)))
	return nil
}

// flatOut has the server publish as fast as the clients receive, for a while, and returns how many events each client
// has received.
func flatOut(s *server, clients *clients, ahead int, d time.Duration) (events int, err error) {
	begun := clients.least()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(500 * time.Microsecond) {
		s.allow(clients.least() + ahead)
		if err := clients.failure(); err != nil {
			return 0, err
		}
	}
	return s.allowed - begun, clients.await(s.allowed)
}

func report(theme string, clients int, name string, each time.Duration, more string) {
	unit := "ns/item"
	fmt.Fprintf(os.Stdout, "Benchmark%s/%d/%s-%d 1 %d %s %s\n", theme, clients, name, runtime.GOMAXPROCS(0), each, unit, more)
}
