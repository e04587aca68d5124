package embedded

import (
	"fmt"
	"log/slog"
	"net"
	"strconv"

	"github.com/nats-io/nats-server/v2/server"
)

// Option changes how [Start] or [StartCluster] sets up a server.
type Option func(*settings)

type settings struct {
	dir     string // "": a temporary folder, which is removed
	host    string
	port    int
	listens bool
	logger  *slog.Logger
	adjust  []func(*server.Options)
}

func newSettings(function string, opts []Option) settings {
	s := settings{host: "127.0.0.1", port: server.RANDOM_PORT, listens: true, logger: slog.Default()}
	for i, opt := range opts {
		if opt == nil {
			panic(fmt.Sprintf("%s: option %d is nil", function, i+1))
		}
		opt(&s)
	}
	return s
}

// WithDir keeps streams in files in this folder, which is created if it does not exist. Streams survive a restart of
// the server and of the process. Default: a temporary folder, which is emptied by [Server.Restart] and removed by
// [Server.Close], so that streams live as long as the server runs.
func WithDir(dir string) Option {
	if dir == "" {
		panic("embedded.WithDir: dir is empty")
	}
	return func(s *settings) { s.dir = dir }
}

// WithAddr sets the TCP address for clients, such as "127.0.0.1:4222". Port 0 means a free port, which the server
// keeps when it is restarted. An empty addr means no TCP: only [Server.Connect] connects. Default: "127.0.0.1:0".
func WithAddr(addr string) Option {
	if addr == "" {
		return func(s *settings) { s.listens = false }
	}
	host, text, err := net.SplitHostPort(addr)
	port, portErr := strconv.ParseUint(text, 10, 16)
	if err != nil || portErr != nil {
		panic(fmt.Sprintf("embedded.WithAddr: addr is %q, it must be host:port", addr))
	}
	return func(s *settings) {
		s.listens, s.host, s.port = true, host, int(port)
		if port == 0 {
			s.port = server.RANDOM_PORT
		}
	}
}

// WithLogger sets the logger for the server's warnings and errors. Default: [slog.Default] at the start.
func WithLogger(logger *slog.Logger) Option {
	if logger == nil {
		panic("embedded.WithLogger: nil logger")
	}
	return func(s *settings) { s.logger = logger }
}

// WithServerOptions calls adjust with the options of the server before every start, for settings such as limits,
// authorization and TLS. If the option is given more than once, the functions are called in order.
func WithServerOptions(adjust func(*server.Options)) Option {
	if adjust == nil {
		panic("embedded.WithServerOptions: nil adjust")
	}
	return func(s *settings) { s.adjust = append(s.adjust, adjust) }
}
