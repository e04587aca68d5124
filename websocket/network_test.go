package websocket_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	ws "github.com/coder/websocket"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/websocket"
)

// feed numbers its messages. A client says after every connect where it wants to begin, so that it misses none.
type feed struct {
	messages int
	pace     time.Duration
}

func (f *feed) handler() http.HandlerFunc {
	return talk(func(ctx context.Context, conn *ws.Conn) {
		_, begin, err := conn.Read(ctx)
		if err != nil {
			return
		}
		n, err := strconv.Atoi(string(begin))
		if err != nil {
			return
		}
		go hold(ctx, conn)
		for ; n < f.messages; n++ {
			time.Sleep(f.pace)
			if conn.Write(ctx, ws.MessageText, []byte(strconv.Itoa(n))) != nil {
				return
			}
		}
		_ = conn.Close(ws.StatusNormalClosure, "")
	})
}

// faulty is a proxy in front of a feed.
type faulty struct {
	*toxiproxy.Proxy
	lab *lab
}

func newFaulty(t *testing.T, f *feed) *faulty {
	t.Helper()
	l := newLab(t, f.handler())
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	server := strings.TrimSuffix(strings.TrimPrefix(l.url, "ws://"), "/feed")
	p := &faulty{toxiproxy.NewProxy(api, t.Name(), "127.0.0.1:0", server), l}
	require.NoError(t, p.Start())
	t.Cleanup(p.Stop)
	l.url = "ws://" + p.Listen
	return p
}

// toxic adds one, described as toxiproxy's API does.
func (p *faulty) toxic(t *testing.T, description string) {
	t.Helper()
	_, err := p.Toxics.AddToxicJson(strings.NewReader(description))
	require.NoError(t, err)
}

// follow reads the feed to its end, from where it is after every connect, and checks that no number is missing or comes
// twice.
func (p *faulty) follow(t *testing.T, messages int, opts ...websocket.Option) (retries []error) {
	t.Helper()
	next := 0
	opts = append([]websocket.Option{
		websocket.WithRetry(quick), websocket.WithLogger(discard), websocket.WithCompleteOnClose(),
		websocket.WithConnectTimeout(5 * time.Second),
		websocket.WithOnRetry(func(err error, _ int, _ time.Duration) { retries = append(retries, err) }),
		websocket.WithOnConnect(func(_ context.Context, conn *websocket.Conn) error {
			return conn.Send(strconv.Itoa(next))
		}),
	}, opts...)
	err := websocket.From[int](p.lab.url, opts...).ForEach(within(t), func(e websocket.Event[int]) {
		require.Equal(t, next, e.Data)
		next++
	})
	require.NoError(t, err)
	require.Equal(t, messages, next)
	return retries
}

func TestEveryMessageOnceOverABadNetwork(t *testing.T) {
	for name, c := range map[string]struct {
		messages    int
		toxics      []string
		connections [2]int32 // at least and at most
	}{
		"latency":      {500, []string{`{"type":"latency","attributes":{"latency":30,"jitter":20}}`}, [2]int32{1, 1}},
		"bandwidth":    {5000, []string{`{"type":"bandwidth","attributes":{"rate":100}}`}, [2]int32{1, 1}},
		"single bytes": {500, []string{`{"type":"slicer","attributes":{"average_size":1,"delay":1}}`}, [2]int32{1, 1}},
		"cuts":         {3000, []string{`{"type":"limit_data","attributes":{"bytes":1511}}`}, [2]int32{5, 80}},
		"cuts of single bytes, late": {500, []string{
			`{"type":"limit_data","attributes":{"bytes":1511}}`,
			`{"type":"slicer","attributes":{"average_size":1,"delay":1}}`,
			`{"type":"latency","attributes":{"latency":5}}`,
		}, [2]int32{2, 20}},
		"slow close": {500, []string{
			`{"type":"limit_data","attributes":{"bytes":1003}}`, `{"type":"slow_close","attributes":{"delay":20}}`,
		}, [2]int32{2, 10}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newFaulty(t, &feed{messages: c.messages})
			for _, toxic := range c.toxics {
				p.toxic(t, toxic)
			}
			p.follow(t, c.messages)
			require.GreaterOrEqual(t, p.lab.connections.Load(), c.connections[0])
			require.LessOrEqual(t, p.lab.connections.Load(), c.connections[1])
		})
	}
}

// Connections that are reset before anything comes through.
func TestResets(t *testing.T) {
	p := newFaulty(t, &feed{messages: 300})
	p.toxic(t, `{"type":"reset_peer","attributes":{"timeout":1}}`)
	retries := p.follow(t, 300, websocket.WithOnRetry(func(_ error, attempt int, _ time.Duration) {
		if attempt == 5 {
			p.Toxics.ResetToxics(t.Context())
		}
	}))
	require.GreaterOrEqual(t, len(retries), 5)
}

// A connection that stays open while nothing comes through any more is found by the idle timeout and by a ping.
func TestAHalfOpenConnection(t *testing.T) {
	for name, c := range map[string]struct {
		opt    websocket.Option
		reason error
	}{
		"idle": {websocket.WithIdleTimeout(250 * time.Millisecond), websocket.ErrIdleTimeout},
		"ping": {websocket.WithPing(150*time.Millisecond, 100*time.Millisecond), websocket.ErrPingTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			p := newFaulty(t, &feed{messages: 300, pace: time.Millisecond})
			var halfOpen atomic.Bool
			retries := p.follow(t, 300, c.opt,
				websocket.WithOnRetry(func(error, int, time.Duration) { p.Toxics.ResetToxics(t.Context()) }),
				websocket.WithDecoder(func(data []byte, v any) error {
					if string(data) == "50" && !halfOpen.Swap(true) {
						p.toxic(t, `{"type":"timeout","attributes":{"timeout":0}}`)
					}
					n, err := strconv.Atoi(string(data))
					*v.(*int) = n
					return err
				}))
			require.ErrorIs(t, retries[0], c.reason)
			require.LessOrEqual(t, p.lab.connections.Load(), int32(4))
		})
	}
}

// A server that goes away and comes back.
func TestRestarts(t *testing.T) {
	p := newFaulty(t, &feed{messages: 400, pace: 500 * time.Microsecond})
	refused, stopped := 0, false
	p.follow(t, 400,
		websocket.WithDecoder(func(data []byte, v any) error {
			if string(data) == "200" && !stopped {
				stopped = true
				p.Stop()
			}
			n, err := strconv.Atoi(string(data))
			*v.(*int) = n
			return err
		}),
		websocket.WithOnRetry(func(_ error, attempt int, _ time.Duration) {
			if refused = max(refused, attempt); attempt == 4 {
				require.NoError(t, p.Start())
			}
		}))
	require.GreaterOrEqual(t, refused, 4)
}
