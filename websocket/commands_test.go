package websocket_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/websocket"
)

func TestCommandsAreSent(t *testing.T) {
	type order struct{ Amount int }
	l := newLab(t, echo)
	got := l.run(within(t), t, 3, websocket.WithCommands(source.Of[any]("text", []byte("bytes"), order{3})))
	require.NoError(t, got.err)
	require.Equal(t, []string{"text", "bytes", `{"Amount":3}`}, got.data())
	require.Equal(t, []bool{false, true, false}, []bool{got.events[0].Binary, got.events[1].Binary, got.events[2].Binary})
}

// Without a connection, the stream of commands waits with its first one.
func TestCommandsWaitForTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLab(t, echo)
		var emitted atomic.Int32
		commands := operators.Map(source.Of[any]("a", "b", "c"), func(v any) any {
			emitted.Add(1)
			return v
		})
		attempts := 0
		got := l.run(t.Context(), t, 3, websocket.WithRetry(exact), websocket.WithCommands(commands),
			websocket.WithOnConnect(func(context.Context, *websocket.Conn) error {
				synctest.Wait()
				require.EqualValues(t, 1, emitted.Load())
				if attempts++; attempts < 3 {
					return errTest
				}
				return nil
			}))
		require.NoError(t, got.err)
		require.Equal(t, []string{"a", "b", "c"}, got.data())
	})
}

// A command that the server did not take is reported with the reason why the connection is lost, and not sent
// again. The next one goes over the next connection.
func TestACommandThatCannotBeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := raw(func(conn net.Conn, _ *bufio.Reader) { time.Sleep(time.Minute) })
		l := newMemoryLab(t, inTurn(deaf, echo))
		got := l.run(t.Context(), t, 1, websocket.WithRetry(exact), websocket.WithCommands(source.Of[any]("a", "b")))
		require.NoError(t, got.err)
		require.Equal(t, []string{"b"}, got.data())
		require.Equal(t, 2, got.events[0].Connection)
		require.Len(t, got.retries, 1)
		lost, ok := errors.AsType[*websocket.SendError](got.retries[0])
		require.True(t, ok, "%v", got.retries[0])
		require.Equal(t, "a", lost.Command)
		require.Equal(t, l.url, lost.URL)
		require.True(t, websocket.Retryable(got.retries[0]))
		require.NotContains(t, got.retries[0].Error(), `"a"`)
	})
}

func TestCommandsThatFail(t *testing.T) {
	l := newLab(t, sayAndHold())
	failing := operators.Concat(source.Of[any]("a"), source.Throw[any](errTest))
	got := l.run(within(t), t, 0, websocket.WithCommands(failing))
	require.Equal(t, errTest, got.err)
	require.Equal(t, []string{"Connecting", "Open", "Closed"}, got.states)

	got = l.run(within(t), t, 0, websocket.WithCommands(source.Of[any]("a", func() {})))
	failure, ok := got.err.(*websocket.CommandError)
	require.True(t, ok, "%v", got.err)
	require.Equal(t, l.url, failure.URL)
	require.Contains(t, failure.Error(), "func()")
}

func TestCommandsEndWithTheRun(t *testing.T) {
	for name, c := range map[string]struct {
		stop bool
		want error
	}{"stopped": {true, nil}, "canceled": {false, errCause}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newMemoryLab(t, sayAndHold("a"))
				ended := false
				commands := observable.Observable[any](func(ctx context.Context, _ func(any) bool) error {
					<-ctx.Done()
					time.Sleep(time.Second) // it is waited for
					ended = true
					return context.Cause(ctx)
				})
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				events := websocket.From[string](l.url, l.options(websocket.WithCommands(commands))...)
				err := events(ctx, func(websocket.Event[string]) bool {
					if !c.stop {
						cancel(errCause)
					}
					return !c.stop
				})
				require.Equal(t, c.want, err)
				require.True(t, ended)
			})
		})
	}
}

// A stop does not wait for a command that the server does not read.
func TestAStopEndsACommandThatIsBeingSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLab(t, raw(func(conn net.Conn, _ *bufio.Reader) {
			_, _ = conn.Write([]byte("\x81\x01a"))
			time.Sleep(time.Hour)
		}))
		events := websocket.From[string](l.url, l.options(websocket.WithCommands(source.Of[any]("x", "y")))...)
		began := time.Now()
		got, err := events.First(t.Context())
		require.NoError(t, err)
		require.Equal(t, "a", got.Data)
		require.Less(t, time.Since(began), 2*time.Second)
	})
}
