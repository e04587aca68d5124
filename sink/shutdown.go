package sink

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"weak"
)

// shutdowns has, for each server whose requests we serve, a context that is done when the server is shut down. It is
// one for all handlers because a server forgets nobody who asks to be told: handlers that come and go, one for each
// request say, would pile up there.
var shutdowns sync.Map // from weak.Pointer[http.Server] to context.Context

// shutdownOf is done when the server of a request is shut down, which would else wait for its clients to go.
//
// A server cannot be asked whether it is being shut down. So the first request of a server that comes in the midst of
// that is served as long as the client stays, or until the server is closed.
func shutdownOf(r *http.Request) context.Context {
	server, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok {
		return context.Background()
	}
	key := weak.Make(server)
	if known, ok := shutdowns.Load(key); ok {
		return known.(context.Context)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if known, ok := shutdowns.LoadOrStore(key, ctx); ok {
		cancel()
		return known.(context.Context)
	}
	server.RegisterOnShutdown(cancel)
	runtime.AddCleanup(server, func(key weak.Pointer[http.Server]) { shutdowns.Delete(key) }, key)
	return ctx
}
