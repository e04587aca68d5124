package memnet_test

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/memnet"
)

func TestListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		require.Equal(t, "memory", listener.Addr().String())
		go func() {
			conn, err := listener.Accept()
			require.NoError(t, err)
			_, err = io.WriteString(conn, "hello")
			require.NoError(t, err)
			require.NoError(t, conn.Close())
		}()
		conn, err := listener.Dial(t.Context(), "", "")
		require.NoError(t, err)
		got, err := io.ReadAll(conn)
		require.NoError(t, err)
		require.Equal(t, "hello", string(got))

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = listener.Dial(ctx, "", "")
		require.Equal(t, context.Canceled, err, "nobody accepts")
		require.NoError(t, listener.Close())
		require.NoError(t, listener.Close())
		_, err = listener.Accept()
		require.Equal(t, net.ErrClosed, err)
		_, err = listener.Dial(t.Context(), "", "")
		require.Equal(t, net.ErrClosed, err)
	})
}
