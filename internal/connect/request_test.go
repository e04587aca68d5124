package connect_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/connect"
)

func TestHasHost(t *testing.T) {
	for raw, want := range map[string]bool{
		"ws://host/": true, "http://host:1/": true, "http://[::1]:65535": true, "http://user@host": true, "http://host:": true,
		"": false, "ws:///path": false, "http://:80/": false, "http://host:65536/": false, "mailto:ann@host": false,
	} {
		u, err := url.Parse(raw)
		require.NoError(t, err)
		require.Equal(t, want, connect.HasHost(u), raw)
	}
}

func TestCheckHeader(t *testing.T) {
	require.NoError(t, connect.CheckHeader(nil))
	require.NoError(t, connect.CheckHeader(http.Header{"X-A": {"", "a b", "tab\there", "\xe9"}, "!#$%&'*+-.^_`|~09": {"1"}}))
	for name, header := range map[string]http.Header{
		"a space in a key": {"X A": {"1"}}, "no key": {"": {"1"}}, "a colon": {"X:": {"1"}},
		"a line end": {"X-A": {"1", "a\nb"}}, "a NUL": {"X-A": {"\x00"}}, "a DEL": {"X-A": {"\x7f"}},
	} {
		require.ErrorContains(t, connect.CheckHeader(header), "is not valid", name)
	}
}
