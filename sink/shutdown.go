package sink

import (
	"net/http"
	"runtime"
	"sync"
	"weak"
)

// servers has the open responses of each http.Server. A function that was given to Server.RegisterOnShutdown cannot be
// removed, and a program may make a handler for each request. So one function is registered for each server, not for
// each handler.
var servers sync.Map // from weak.Pointer[http.Server] to *server

// server has the open responses of an http.Server. It is nil for a request that no http.Server serves.
type server struct {
	mu   sync.Mutex
	down bool
	open responses
}

// serverOf returns the server of a request.
//
// A server cannot be asked whether it is shutting down. So if the first request of a server arrives during its
// shutdown, its response ends only with the client or when the server is closed.
func serverOf(r *http.Request) *server {
	of, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok {
		return nil
	}
	key := weak.Make(of)
	if known, ok := servers.Load(key); ok {
		return known.(*server)
	}
	s := &server{}
	s.open.place = func(p *response) *int32 { return &p.inServer }
	if known, ok := servers.LoadOrStore(key, s); ok {
		return known.(*server)
	}
	of.RegisterOnShutdown(s.shutDown)
	runtime.AddCleanup(of, func(key weak.Pointer[http.Server]) { servers.Delete(key) }, key)
	return s
}

// enter adds a response, which ends when the server is shut down.
func (s *server) enter(p *response) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open.add(p)
	if s.down {
		p.end(shutDown)
	}
}

func (s *server) leave(p *response) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open.remove(p)
}

func (s *server) shutDown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = true
	for _, p := range s.open.all {
		p.end(shutDown)
	}
}
