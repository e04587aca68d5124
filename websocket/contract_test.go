package websocket_test

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"testing"
	"time"

	ws "github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/websocket"
)

func TestFromKeepsTheContract(t *testing.T) {
	endless := talk(func(ctx context.Context, conn *ws.Conn) {
		go hold(ctx, conn)
		for i := 0; conn.Write(ctx, ws.MessageText, strconv.AppendInt(nil, int64(i), 10)) == nil; i++ {
			time.Sleep(time.Millisecond)
		}
	})
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		opts    []websocket.Option
	}{
		"complete":     {sayAndClose(1000, "1", "2", "3"), []websocket.Option{websocket.WithCompleteOnClose()}},
		"failing":      {sayAndClose(4000, "1", "2", "3"), nil},
		"waiting":      {sayAndHold("1", "2", "3"), nil},
		"endless":      {endless, nil},
		"silent":       {sayAndHold(), nil},
		"refused":      {http.NotFound, nil},
		"unavailable":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, nil},
		"no handshake": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil},
		"timers": {endless, []websocket.Option{
			websocket.WithIdleTimeout(time.Minute), websocket.WithPing(time.Minute, time.Minute)}},
		"commands": {echo, []websocket.Option{websocket.WithCommands(numbers())}},
		"OnConnect waits": {sayAndHold(), []websocket.Option{websocket.WithOnConnect(
			func(_ context.Context, conn *websocket.Conn) error {
				var v string
				return conn.Receive(&v)
			})}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, c.handler)
			opts := append([]websocket.Option{websocket.WithLogger(discard), websocket.WithRetry(quick)}, c.opts...)
			events := websocket.From[int](l.url, opts...)
			observabletest.Check(t, data(events), observabletest.RealTime(), observabletest.Items(20))
		})
	}
}

// data is the stream of the data alone: two runs give the same.
func data(events observable.Observable[websocket.Event[int]]) observable.Observable[int] {
	return func(ctx context.Context, emit func(int) bool) error {
		return events(ctx, func(e websocket.Event[int]) bool { return emit(e.Data) })
	}
}

// numbers are commands: 0, 1, 2 and so on.
func numbers() observable.Observable[any] {
	return source.Generate(0, func(i int) (any, int, bool) { return i, i + 1, true })
}

// The client of its own: no connection and no goroutine is left of runs that are stopped or canceled at any time.
func TestNothingIsLeft(t *testing.T) {
	l := newLab(t, inTurn(sayAndClose(1001, "a"), sayAndHold("a", "b")))
	before := runtime.NumGoroutine()
	for i := range 200 {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Duration(i)*100*time.Microsecond, errCause)
		err := websocket.From[string](l.url, websocket.WithLogger(discard), websocket.WithRetry(quick),
			websocket.WithCommands(source.Of[any]("x"))).ForEach(ctx, func(websocket.Event[string]) {})
		cancel()
		require.Equal(t, errCause, err)
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if l.open.Load() == 0 && runtime.NumGoroutine() <= before {
			return
		}
	}
	stacks := make([]byte, 1<<20)
	t.Fatalf("%d connections, %d goroutines are left:\n%s", l.open.Load(), runtime.NumGoroutine()-before,
		stacks[:runtime.Stack(stacks, true)])
}
