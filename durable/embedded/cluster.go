package embedded

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Cluster is several servers in this process that form one JetStream cluster, for tests of what happens when one of
// them is stopped.
type Cluster struct {
	servers []*Server
}

// StartCluster starts n servers, at least 3, and returns when they have elected a leader, or fails after 30s. The
// options hold for each server, except that WithDir and WithAddr are not allowed: each server has a temporary folder,
// which it keeps when it is stopped and resumed, and a free port. The caller must call Close.
func StartCluster(n int, opts ...Option) (*Cluster, error) {
	if n < 3 {
		panic(fmt.Sprintf("embedded.StartCluster: n is %d, it must be at least 3", n))
	}
	settings := newSettings("embedded.StartCluster", opts)
	if settings.dir != "" || settings.port != server.RANDOM_PORT || !settings.listens {
		panic("embedded.StartCluster: WithDir and WithAddr are not allowed")
	}
	return startCluster(n, settings, freeRoutes)
}

// startAttempts is how often StartCluster looks for free ports: another program may take one before the server does.
const startAttempts = 3

func startCluster(n int, settings settings, find func(n int) ([]*url.URL, error)) (c *Cluster, err error) {
	for range startAttempts {
		c, err = tryCluster(n, settings, find)
		if !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return c, err
}

func tryCluster(n int, settings settings, find func(n int) ([]*url.URL, error)) (*Cluster, error) {
	routes, err := find(n)
	if err != nil {
		return nil, err
	}
	c := &Cluster{}
	for i := range n {
		member := settings
		member.adjust = append([]func(*server.Options){func(o *server.Options) {
			o.ServerName = fmt.Sprintf("embedded-%d", i)
			o.Cluster = server.ClusterOpts{Name: "embedded", Host: "127.0.0.1", Port: port(routes[i])}
			o.Routes = routes
		}}, settings.adjust...)
		s, err := prepare(member)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		s.empties = false // a member that resumes needs what it has stored
		c.servers = append(c.servers, s)
	}
	if err := c.start(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Cluster) start() error {
	for _, s := range c.servers {
		if err := s.start(); err != nil {
			return err
		}
	}
	return c.await("a leader", func() bool {
		for _, s := range c.servers {
			if ns := s.NATS(); ns != nil && ns.JetStreamIsLeader() && len(ns.JetStreamClusterPeers()) == len(c.servers) {
				return true
			}
		}
		return false
	})
}

// await polls until done, as the server has no event for it.
func (c *Cluster) await(what string, done func() bool) error {
	for begin := time.Now(); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Since(begin) > startTimeout {
			return fmt.Errorf("rivulet: embedded: the cluster had no %s within %v", what, startTimeout)
		}
	}
	return nil
}

// URL returns the addresses of all servers, separated by commas, for nats.Connect.
func (c *Cluster) URL() string {
	var urls []string
	for _, s := range c.servers {
		urls = append(urls, s.URL())
	}
	return strings.Join(urls, ",")
}

// Servers returns the servers of the cluster. Stopping and resuming them is what the cluster is for.
func (c *Cluster) Servers() []*Server { return append([]*Server(nil), c.servers...) }

// Leader returns the server that leads a stream of the default account, or nil if there is none at the time.
func (c *Cluster) Leader(stream string) *Server {
	for _, s := range c.servers {
		if ns := s.NATS(); ns != nil && ns.JetStreamIsStreamLeader(server.DEFAULT_GLOBAL_ACCOUNT, stream) {
			return s
		}
	}
	return nil
}

// Close stops all servers for good and removes their folders.
func (c *Cluster) Close() (err error) {
	for _, s := range c.servers {
		err = errors.Join(err, s.Close())
	}
	return err
}

// freeRoutes returns n addresses for the traffic among servers, on ports that were free just now.
func freeRoutes(n int) (routes []*url.URL, err error) {
	for range n {
		listener, listenErr := net.Listen("tcp", "127.0.0.1:0")
		if listenErr != nil {
			return nil, fmt.Errorf("rivulet: embedded: looking for a free port: %w", listenErr)
		}
		defer func() { err = errors.Join(err, listener.Close()) }()
		routes = append(routes, &url.URL{Scheme: "nats", Host: listener.Addr().String()})
	}
	return routes, nil
}

func port(route *url.URL) int {
	addr, err := net.ResolveTCPAddr("tcp", route.Host)
	if err != nil {
		panic(err) // it was made from such an address
	}
	return addr.Port
}
