package durable_test

import (
	"context"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable/embedded"
)

// proxy is a toxiproxy in front of a server.
type proxy struct {
	*toxiproxy.Proxy
	url string
}

func proxied(t testing.TB, s *embedded.Server) *proxy {
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &proxy{Proxy: toxiproxy.NewProxy(api, t.Name(), "127.0.0.1:0", strings.TrimPrefix(s.URL(), "nats://"))}
	require.NoError(t, p.Start())
	p.url = "nats://" + p.Listen
	t.Cleanup(p.Stop)
	return p
}

// toxic adds one, described as toxiproxy's API does.
func (p *proxy) toxic(t testing.TB, description string) {
	_, err := p.Toxics.AddToxicJson(strings.NewReader(description))
	require.NoError(t, err)
}

// heal removes all toxics.
func (p *proxy) heal() { p.Toxics.ResetToxics(context.Background()) }
