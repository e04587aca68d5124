package websocket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	ws "github.com/coder/websocket"

	"github.com/rivulet-go/rivulet/internal/connect"
)

const (
	// maxErrorBody is how much of the body of an answer is read that is no handshake, and errorBodyTimeout for how long.
	maxErrorBody     = 4 << 10
	errorBodyTimeout = 5 * time.Second
)

var (
	errBadURL        = errors.New("the URL must start with ws:// or wss:// and have a host and, if any, a valid port")
	errNoSubprotocol = errors.New("the server has chosen no subprotocol")
)

// dial makes the handshake. ctx is that of the attempt.
func (r *run) dial(ctx context.Context) (*ws.Conn, *handshake, error) {
	request, err := r.newRequest(ctx)
	if err != nil && ctx.Err() == nil {
		return nil, nil, &RequestError{URL: r.url, Err: connect.Clean(err)}
	}
	if err != nil {
		return nil, nil, r.failed(ctx, err)
	}
	client, closeConnections := r.clientFor(ctx)
	h := &handshake{transport: client.Transport}
	client.Transport = h
	conn, _, err := ws.Dial(ctx, request.URL.String(), &ws.DialOptions{
		HTTPClient:           client,
		HTTPHeader:           request.Header,
		Host:                 request.Host,
		Subprotocols:         r.subprotocols,
		CompressionMode:      r.compressionMode(),
		CompressionThreshold: math.MaxInt, // what the client sends is short, and a compressor takes 1.2 MB
	})
	if err != nil {
		closeConnections()
		return nil, nil, r.dialError(ctx, h, err)
	}
	h.socket.open = true
	conn.SetReadLimit(int64(r.maxMessageBytes))
	if r.subprotocols != nil && conn.Subprotocol() == "" {
		closeNow(conn)
		return nil, nil, &HandshakeError{URL: r.url, Err: errNoSubprotocol}
	}
	return conn, h, nil
}

func closeNow(conn *ws.Conn) { _ = conn.CloseNow() } // the failure has a reason already

func (r *run) compressionMode() ws.CompressionMode {
	if r.compression {
		return ws.CompressionContextTakeover
	}
	return ws.CompressionDisabled
}

// dialError returns the failure of an attempt whose handshake has failed with err.
func (r *run) dialError(ctx context.Context, h *handshake, err error) error {
	switch {
	case ctx.Err() != nil || h.answer == nil:
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e // what the library adds says nothing new
		}
		return r.failed(ctx, err)
	case h.answer.StatusCode != http.StatusSwitchingProtocols:
		r.attempts.WaitAtLeast(connect.RetryAfter(h.answer.Header))
		return &StatusError{URL: r.url, Code: h.answer.StatusCode, Header: h.answer.Header, Body: h.body}
	default:
		return &HandshakeError{URL: r.url, Err: connect.Clean(err)}
	}
}

// failed returns the failure of an attempt that met err. If the context of the attempt is done, because of a timeout or
// because the run is canceled, its cause is the reason.
func (r *run) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return &ConnectionError{URL: r.url, Err: connect.Clean(err)}
}

// newRequest returns the request of an attempt, without the headers of the handshake.
func (r *run) newRequest(ctx context.Context) (*http.Request, error) {
	if _, err := url.Parse(r.target); err != nil {
		return nil, errBadURL // the error of Parse may have a part of the password
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.target, nil)
	if err != nil {
		return nil, err
	}
	maps.Copy(request.Header, r.header.Clone())
	for _, prepare := range r.prepare {
		if err := prepare(request); err != nil {
			return nil, err
		}
	}
	return request, r.check(request)
}

// check finds the mistakes that net/http reports with an error like one of the network.
func (r *run) check(request *http.Request) error {
	switch strings.ToLower(request.URL.Scheme) {
	case "ws", "wss", "http", "https":
	default:
		return errBadURL
	}
	if !connect.HasHost(request.URL) {
		return errBadURL
	}
	for _, protocol := range r.subprotocols {
		if !connect.IsToken(protocol) {
			return fmt.Errorf("the subprotocol %q is not valid", protocol)
		}
	}
	return connect.CheckHeader(request.Header)
}

// clientFor returns the client for an attempt with the context ctx, and a function that closes the connections of that
// client after ctx is done.
func (r *run) clientFor(ctx context.Context) (client *http.Client, closeConnections func()) {
	closeConnections = func() {}
	if r.client != nil {
		shared := *r.client
		client = &shared
		client.Timeout = 0
	} else {
		client = new(http.Client)
		client.Transport, closeConnections = connect.Transport(ctx)
	}
	if client.Transport == nil {
		client.Transport = http.DefaultTransport
	}
	return client, closeConnections
}

// handshake is a transport that keeps the answer and, if that is a handshake, puts a socket around the connection.
type handshake struct {
	transport http.RoundTripper
	answer    *http.Response // without a body
	body      []byte         // the beginning of the body of an answer that is no handshake
	socket    *socket
}

func (h *handshake) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := h.transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	shown := *answer
	shown.Body = http.NoBody
	h.answer = &shown
	if answer.StatusCode != http.StatusSwitchingProtocols {
		h.body = beginning(answer.Body)
		answer.Body, answer.Header = http.NoBody, answer.Header.Clone()
		answer.Header.Del("Location") // so that the client neither follows it nor shows it in an error
		return answer, nil
	}
	if connection, ok := answer.Body.(io.ReadWriteCloser); ok {
		h.socket = &socket{ReadWriteCloser: connection}
		answer.Body = h.socket
	}
	return answer, nil
}

// beginning returns the first bytes of the body of an answer that is no handshake, as much as comes in time.
func beginning(body io.ReadCloser) []byte {
	timer := time.AfterFunc(errorBodyTimeout, func() { _ = body.Close() })
	defer timer.Stop()
	defer body.Close()
	read, _ := io.ReadAll(io.LimitReader(body, maxErrorBody)) // the failure is the status
	return read
}
