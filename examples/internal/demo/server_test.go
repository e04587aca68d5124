package demo_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

func TestCloseEndsWhatIsOpen(t *testing.T) {
	server, err := demo.Serve("localhost:0", sink.EventSource(source.Never[int](), sink.Config[int]{Greeting: []int{1}}))
	require.NoError(t, err)
	unused, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	require.NoError(t, err)
	defer unused.Close()
	response, err := http.Get(server.URL)
	require.NoError(t, err)
	defer response.Body.Close()
	server.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, "data: 1\n\n", string(body))
	_, err = unused.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
}

func TestServeOnAPortInUse(t *testing.T) {
	server, err := demo.Serve("localhost:0", nil)
	require.NoError(t, err)
	defer server.Close()
	addr := strings.TrimPrefix(server.URL, "http://")
	_, err = demo.Serve(addr, nil)
	require.ErrorContains(t, err, "cannot serve on "+addr+": listen tcp")
}
