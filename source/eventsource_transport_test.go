package source_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

// The program may have replaced the default transport by one that dials in the way of net/http.
func TestADefaultTransportWithoutADial(t *testing.T) {
	server := httptest.NewServer(held("data: 1\n\n"))
	defer server.Close()
	withTransport(t, &http.Transport{})
	event, err := source.FromEventSource[int](server.URL).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, event.Data)
}

// Or in a way that net/http has deprecated, and still heeds.
func TestADefaultTransportWithTheDeprecatedDial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, held("data: 1\n\n"))
		//lint:ignore SA1019 that is what is tested
		withTransport(t, &http.Transport{Dial: func(network, address string) (net.Conn, error) {
			return s.Dial(context.Background(), network, address)
		}})
		event, err := source.FromEventSource[int](s.URL).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, event.Data)
		synctest.Wait()
		require.EqualValues(t, 1, s.Closed.Load())
	})
}

// Or by one that dials TLS by itself. Those connections end with the run, too.
func TestADefaultTransportThatDialsTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, held("data: 1\n\n"))
		withTransport(t, &http.Transport{DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return s.Dial(ctx, network, "") // as if it were encrypted
		}})
		event, err := source.FromEventSource[int]("https://events.test/stream").First(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, event.Data)
		synctest.Wait()
		require.EqualValues(t, 1, s.Closed.Load())
	})
}

// Whether a redirect leaves the origin depends on the port, also where the URL does not name it.
func TestRedirectsFromHTTPS(t *testing.T) {
	for location, same := range map[string]bool{
		"https://events.test:443/new":  true,
		"https://EVENTS.test/new":      true,
		"https://events.test:8443/new": false,
		"http://events.test:443/new":   false,
		"http://events.test/new":       false,
	} {
		kept := ""
		client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			answer := &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: r}
			if !strings.HasSuffix(r.URL.Path, "/new") {
				answer.StatusCode, answer.Header = http.StatusTemporaryRedirect, http.Header{"Location": {location}}
			}
			kept = r.Header.Get("X-Key")
			return answer, nil
		})}
		_, err := source.FromEventSource[string]("https://events.test/", source.WithHTTPClient(client),
			source.WithHeader("X-Key", "k")).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, same, kept != "", location)
	}
}
