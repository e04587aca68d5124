package embedded

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	startTimeout  = 30 * time.Second
	reconnectWait = 100 * time.Millisecond
)

// ErrStopped is the error of a connection attempt while the server is stopped.
var ErrStopped = errors.New("rivulet: embedded: the server is stopped")

// Server is a NATS server in this process. Its methods may be called from any goroutine.
type Server struct {
	settings settings
	dir      string
	removes  bool // dir is temporary and removed by Close
	empties  bool // dir is emptied by Resume

	changing sync.Mutex // held by Restart, Stop, Resume and Close, which take turns

	mu      sync.Mutex
	running *server.Server // nil while the server is stopped
	addr    string         // of the latest start, "" without TCP
	closed  bool
}

// Start starts a server and returns when it accepts connections and JetStream is ready, or fails after 30s.
// The caller must call Close.
func Start(opts ...Option) (*Server, error) {
	s, err := prepare(newSettings("embedded.Start", opts))
	if err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// prepare returns a server that has its folder and does not run.
func prepare(settings settings) (*Server, error) {
	temporary := settings.dir == ""
	s := &Server{settings: settings, dir: settings.dir, removes: temporary, empties: temporary}
	var err error
	if temporary {
		s.dir, err = os.MkdirTemp("", "rivulet-embedded-")
	} else {
		err = os.MkdirAll(s.dir, 0o755)
	}
	if err != nil {
		return nil, fmt.Errorf("rivulet: embedded: making the folder of the store: %w", err)
	}
	return s, nil
}

func (s *Server) start() error {
	options := s.options()
	ns, err := server.NewServer(options)
	if err != nil {
		return fmt.Errorf("rivulet: embedded: configuring the server: %w", err)
	}
	log := &logger{to: s.settings.logger}
	ns.SetLogger(log, false, false)
	ns.Start()
	if err := ready(ns, log); err != nil {
		stop(ns)
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = ns
	if s.settings.listens {
		s.addr = ns.Addr().String()
		s.settings.port = ns.Addr().(*net.TCPAddr).Port // a restart listens on the same port
	}
	return nil
}

// ready waits until ns accepts connections.
func ready(ns *server.Server, log *logger) error {
	for begin := time.Now(); !ns.ReadyForConnections(50 * time.Millisecond); {
		if err := log.fatal(); err != nil {
			return fmt.Errorf("rivulet: embedded: starting the server: %w", err)
		}
		if time.Since(begin) > startTimeout {
			return fmt.Errorf("rivulet: embedded: the server was not ready within %v", startTimeout)
		}
	}
	return nil
}

func (s *Server) options() *server.Options {
	options := &server.Options{
		ServerName: "embedded",
		Host:       s.settings.host,
		Port:       s.settings.port,
		DontListen: !s.settings.listens,
		JetStream:  true,
		StoreDir:   s.dir,
		NoSigs:     true,
	}
	for _, adjust := range s.settings.adjust {
		adjust(options)
	}
	return options
}

// stop shuts ns down and waits until its goroutines have ended.
func stop(ns *server.Server) {
	ns.Shutdown()
	ns.WaitForShutdown()
}

// URL returns the address for TCP clients, such as "nats://127.0.0.1:4222". Without TCP it returns "".
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.addr == "" {
		return ""
	}
	return "nats://" + s.addr
}

// Connect opens a connection in the process, without TCP. The connection reconnects after a restart of the server,
// indefinitely and every 100ms. opts may change that. The caller must close the connection.
func (s *Server) Connect(opts ...nats.Option) (*nats.Conn, error) {
	nc, err := nats.Connect("", append([]nats.Option{nats.InProcessServer(s), Reconnecting()}, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("rivulet: embedded: connecting in the process: %w", err)
	}
	return nc, nil
}

// Reconnecting returns an option for nats.Connect that makes a connection reconnect indefinitely, every 100ms.
// The client's own default is to close the connection after 60 attempts of 2s.
func Reconnecting() nats.Option {
	return func(o *nats.Options) error {
		o.MaxReconnect = -1
		o.ReconnectWait = reconnectWait
		o.ReconnectJitter = reconnectWait / 10
		return nil
	}
}

// InProcessConn implements [nats.InProcessConnProvider]. It returns a connection to the server that runs at the time,
// or [ErrStopped].
func (s *Server) InProcessConn() (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil, ErrStopped
	}
	return s.running.InProcessConn()
}

// NATS returns the server that runs at the time, for monitoring. It returns nil while the server is stopped.
func (s *Server) NATS() *server.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// Stop shuts the server down gracefully and returns when its goroutines have ended. [Server.Resume] starts it again.
func (s *Server) Stop() {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.stop()
}

func (s *Server) stop() {
	s.mu.Lock()
	ns := s.running
	s.running = nil
	s.mu.Unlock()
	if ns != nil {
		stop(ns)
	}
}

// Resume starts a stopped server again, on the same port and with the same folder. A temporary folder is emptied
// first. Resume does nothing if the server runs. It fails with [ErrStopped] after Close.
func (s *Server) Resume() error {
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.resume()
}

func (s *Server) resume() error {
	s.mu.Lock()
	closed, runs := s.closed, s.running != nil
	s.mu.Unlock()
	switch {
	case closed:
		return ErrStopped
	case runs:
		return nil
	}
	if s.empties {
		if err := empty(s.dir); err != nil {
			return fmt.Errorf("rivulet: embedded: emptying the folder of the store: %w", err)
		}
	}
	return s.start()
}

// Restart stops the server gracefully and starts it again.
func (s *Server) Restart() error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.stop()
	return s.resume()
}

// Close stops the server for good and removes a temporary folder. It returns when the server's goroutines have ended.
// Calls after the first do nothing.
func (s *Server) Close() error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.stop()
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed || !s.removes {
		return nil
	}
	if err := os.RemoveAll(s.dir); err != nil {
		return fmt.Errorf("rivulet: embedded: removing the folder of the store: %w", err)
	}
	return nil
}

// empty removes what a folder holds.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
	}
	return err
}
