package source

import (
	"cmp"
	"context"
	"net/http"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// clientFor returns the client for an attempt with the context ctx, and a function that closes the connections of that
// client after ctx is done. The client follows no redirect: see send.
func (s *settings) clientFor(ctx context.Context) (client *http.Client, closeConnections func()) {
	closeConnections = func() {}
	if s.client != nil {
		shared := *s.client
		client = &shared
		client.Timeout = 0
	} else {
		client = new(http.Client)
		client.Transport, closeConnections = connect.Transport(ctx)
	}
	client.Transport = wellFormed{cmp.Or(client.Transport, http.DefaultTransport)}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client, closeConnections
}
