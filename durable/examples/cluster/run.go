package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// program is one run of the example.
type program struct {
	config
	stdout   io.Writer
	backend  *backend
	balancer balancer
	counts   counts
	kills    atomic.Int64
	restarts atomic.Int64

	mu        sync.Mutex
	instances []*instance // nil for one that is stopped
	caughtUp  int64       // how often a client got visitors from the log, on instances that were stopped
}

// run is the program. It returns nil when ctx is done, and an error if a client has missed a visitor or got one twice.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) (err error) {
	c, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	p := &program{config: c, stdout: stdout, instances: make([]*instance, c.instances)}
	p.counts.highest = make([]atomic.Int64, c.clients)
	if p.backend, err = openBackend(ctx, c); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.backend.close()) }()
	defer func() { err = errors.Join(err, p.stopAll()) }()
	for i := range p.instances {
		if err := p.start(i); err != nil {
			return err
		}
	}
	web, err := serveWeb(c.addr, &p.balancer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, web.close()) }()
	fmt.Fprintln(stdout, "The page is at", web.url)
	if err := p.follow(ctx, web.url+"/events"); err != nil && ctx.Err() == nil {
		return err
	}
	p.report()
	return p.counts.check()
}

// start starts an instance.
func (p *program) start(i int) error {
	started, err := startInstance(p.backend, p.replay)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.instances[i] = started
	p.balancer.add(started.addr)
	return nil
}

// stop stops an instance, unless it is stopped.
func (p *program) stop(i int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	stopped := p.instances[i]
	if stopped == nil {
		return nil
	}
	p.balancer.remove(stopped.addr)
	err := stopped.stop()
	p.instances[i] = nil
	p.caughtUp += stopped.handler.Stats().CaughtUp
	return err
}

func (p *program) stopAll() (err error) {
	for i := range p.instances {
		err = errors.Join(err, p.stop(i))
	}
	return err
}

// errFinished is why everything else stops when all clients have seen the last visitor.
var errFinished = errors.New("all clients have finished")

// follow runs the clients, the feed and the faults until the clients have seen the last visitor, something fails, or ctx
// is done.
func (p *program) follow(ctx context.Context, url string) error {
	nc, err := p.backend.connect()
	if err != nil {
		return err
	}
	defer nc.Close()
	latest, err := newest(ctx, nc, p.feed)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start := func(group *sync.WaitGroup, f func() error) {
		group.Go(func() {
			if err := f(); err != nil {
				cancel(err)
			}
		})
	}
	var clients, others sync.WaitGroup
	for i := range p.clients {
		start(&clients, func() error { return p.counts.follow(ctx, url, i, latest, p.events) })
	}
	start(&others, func() error { return p.publish(ctx, nc, latest.Data.Number+1) })
	start(&others, func() error { return p.faults(ctx, p.kill-p.kill/2, p.killNext) })
	start(&others, func() error { return p.faults(ctx, p.restart, p.restartServer) })
	start(&others, func() error { return p.reportEverySecond(ctx) })
	clients.Wait()
	cancel(errFinished)
	others.Wait()
	if cause := context.Cause(ctx); cause != errFinished {
		return cause
	}
	return nil
}

func (p *program) publish(ctx context.Context, nc *nats.Conn, first int) error {
	if !p.feed {
		return nil
	}
	return feed(ctx, nc, first, p.events, p.every)
}

// faults injects a fault at every interval, but not before every client has seen a visitor that none had seen at the last
// fault. Otherwise, clients on a slow machine would spend their time on reconnections.
func (p *program) faults(ctx context.Context, interval time.Duration, fault func(context.Context) error) error {
	for interval > 0 {
		_, newest := p.counts.bounds()
		if err := sleep(ctx, interval); err != nil {
			return err
		}
		for slowest, _ := p.counts.bounds(); slowest <= newest; slowest, _ = p.counts.bounds() {
			if err := sleep(ctx, 10*time.Millisecond); err != nil {
				return err
			}
		}
		if err := fault(ctx); err != nil {
			return err
		}
	}
	return nil
}

// killNext stops the instance whose turn it is, and starts it again when half of the time until the next one is over.
func (p *program) killNext(ctx context.Context) error {
	i := int(p.kills.Load()) % len(p.instances)
	if err := p.stop(i); err != nil {
		return err
	}
	p.kills.Add(1)
	if err := sleep(ctx, p.kill/2); err != nil {
		return err
	}
	return p.start(i)
}

func (p *program) restartServer(context.Context) error {
	if err := p.backend.server.Restart(); err != nil {
		return err
	}
	p.restarts.Add(1)
	return nil
}

func (p *program) reportEverySecond(ctx context.Context) error {
	for {
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
		p.report()
	}
}

func (p *program) report() {
	p.mu.Lock()
	defer p.mu.Unlock()
	caughtUp := p.caughtUp
	for _, i := range p.instances {
		if i != nil {
			caughtUp += i.handler.Stats().CaughtUp
		}
	}
	fmt.Fprintf(p.stdout, "%v; caught up from the log %d times; instances stopped %d times, server restarted %d times\n",
		&p.counts, caughtUp, p.kills.Load(), p.restarts.Load())
}
