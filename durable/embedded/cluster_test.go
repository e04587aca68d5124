package embedded

import (
	"net"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// Another program may take a port between the look for a free one and the start of the server.
func TestStartClusterLooksForOtherPorts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	calls := 0
	routes := func(n int) ([]*url.URL, error) {
		free, err := freeRoutes(n)
		if calls++; calls == 1 && err == nil {
			free[1].Host = taken.Addr().String()
		}
		return free, err
	}
	cluster, err := startCluster(3, newSettings("", nil), routes)
	require.NoError(t, err)
	require.NoError(t, cluster.Close())
	require.Equal(t, 2, calls)

	_, err = startCluster(3, newSettings("", nil), func(n int) ([]*url.URL, error) {
		free, err := freeRoutes(n)
		if err == nil {
			free[1].Host = taken.Addr().String()
		}
		return free, err
	})
	require.ErrorContains(t, err, "router port")
}
