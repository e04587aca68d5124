package websocket_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/websocket"
)

// canned is a transport whose server answers the handshake and sends bytes, at once or one by one.
type canned struct {
	compressed bool
	bytes      []byte
	oneByOne   bool
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := &http.Response{
		StatusCode: http.StatusSwitchingProtocols, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{
			"Upgrade": {"websocket"}, "Connection": {"Upgrade"}, "Sec-Websocket-Accept": {acceptKey(r)},
		},
	}
	if c.compressed {
		answer.Header.Set("Sec-WebSocket-Extensions", "permessage-deflate")
	}
	var reader io.Reader = bytes.NewReader(c.bytes)
	if c.oneByOne {
		reader = iotest.OneByteReader(reader)
	}
	answer.Body = cannedConn{reader}
	return answer, nil
}

type cannedConn struct{ io.Reader }

func (cannedConn) Write(p []byte) (int, error) { return len(p), nil }
func (cannedConn) Close() error                { return nil }

// FuzzFrames reads what a hostile server sends. Nothing panics, no message exceeds the limit, a run ends with an error of
// the package, and the messages are the same however the bytes come.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{
		"", "\x81\x05hello", "\x82\x03\x00\x01\x02\x88\x02\x03\xe8", "\x01\x03hel\x80\x02lo", "\x01\x01a\x89\x00\x80\x01b",
		"\x89\x04ping\x81\x00", "\x81\x7e\x01\x00" + string(make([]byte, 256)), "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff",
		"\x88\x00", "\x88\x04\x0f\xa0no", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00", "\xc1\x01\x00\x81\x01a",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	const limit = 1 << 10
	f.Fuzz(func(t *testing.T, data []byte, compressed bool) {
		whole := readCanned(t, canned{compressed, data, false}, limit)
		require.Equal(t, whole, readCanned(t, canned{compressed, data, true}, limit))
		for _, m := range whole {
			require.LessOrEqual(t, len(m), limit)
		}
	})
}

func readCanned(t *testing.T, server canned, limit int) [][]byte {
	opts := []websocket.Option{
		websocket.WithHTTPClient(&http.Client{Transport: server}), websocket.WithMaxMessageBytes(limit),
		websocket.WithLogger(discard), websocket.WithRetry(retry.Policy{MaxAttempts: 1}), websocket.WithConnectTimeout(0),
	}
	if server.compressed {
		opts = append(opts, websocket.WithCompression())
	}
	var got [][]byte
	err := websocket.From[[]byte]("ws://feed.test/", opts...).ForEach(t.Context(), func(e websocket.Event[[]byte]) {
		got = append(got, e.Data)
	})
	require.Error(t, err, "the bytes end")
	require.Contains(t, err.Error(), "websocket ws://feed.test/: ")
	return got
}
