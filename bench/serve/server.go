//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/rivulet-go/rivulet/bench/internal/usage"
)

// price is an item. Its JSON has one brace at its start.
type price struct {
	Symbol string `json:"symbol"`
	Number int    `json:"number"`
	Cents  int    `json:"cents"`
}

// serveEvents is the server's process: it prints its address and carries out the commands on its standard input until that ends.
func serveEvents(name string, window int) error {
	p := &publisher{}
	p.changed.L = &p.mu
	handler := newContender(name, window, p.next)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(listener, handler) }()
	fmt.Println(listener.Addr())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		p.obey(lines.Text())
	}
	os.Exit(0)
	return nil
}

// publisher says what a server publishes, and when.
type publisher struct {
	mu      sync.Mutex
	changed sync.Cond
	items   int // that may be published: the number of the next but the last one

	published int // by the goroutine of the server that publishes
}

// next returns the next item when it is due.
func (p *publisher) next() price {
	p.mu.Lock()
	for p.published >= p.items {
		p.changed.Wait()
	}
	p.mu.Unlock()
	p.published++
	return price{"RVLT", p.published, 4200 + p.published%100}
}

func (p *publisher) allow(items int) {
	p.mu.Lock()
	p.items = max(p.items, items)
	p.mu.Unlock()
	p.changed.Signal()
}

func (p *publisher) obey(line string) {
	var command string
	var items, burst, every int
	_, _ = fmt.Sscan(line, &command, &items, &burst, &every)
	switch command {
	case "usage":
		u := usage.Take()
		fmt.Println(u.Goroutines, u.Resident, u.InUse)
	case "cpu":
		fmt.Println(int64(usage.CPU()))
	case "allow":
		p.allow(items)
	case "pace":
		go p.pace(items, burst, time.Duration(every))
	}
}

// pace allows bursts, up to a number of items.
func (p *publisher) pace(items, burst int, every time.Duration) {
	for n := p.items; n < items; {
		time.Sleep(every)
		n = min(n+burst, items)
		p.allow(n)
	}
}
