package websocket_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	ws "github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/websocket"
)

// echo answers every message with itself, in upper or lower case as it came, and closes the connection after the word
// "cut".
var echo = talk(func(ctx context.Context, conn *ws.Conn) {
	for {
		typ, data, err := conn.Read(ctx)
		if err != nil || string(data) == "cut" || conn.Write(ctx, typ, data) != nil {
			return
		}
	}
})

func TestOnConnectSendsAndReceivesAfterEveryConnect(t *testing.T) {
	type login struct{ User string }
	l := newLab(t, echo)
	var answers []string
	got := l.run(within(t), t, 2,
		websocket.WithOnConnect(func(ctx context.Context, conn *websocket.Conn) error {
			require.NoError(t, ctx.Err())
			for _, v := range []any{"text", []byte("bytes"), login{"ann"}} {
				if err := conn.Send(v); err != nil {
					return err
				}
			}
			var text string
			var data []byte
			var back login
			for _, v := range []any{&text, &data, &back} {
				if err := conn.Receive(v); err != nil {
					return err
				}
			}
			answers = append(answers, fmt.Sprint(conn.Number(), text, string(data), back))
			return nil
		}),
		websocket.WithOnConnect(func(_ context.Context, conn *websocket.Conn) error {
			return conn.Send(fmt.Sprint("subscribe ", conn.Number()))
		}),
		websocket.WithSubscribe("cut"),
	)
	require.NoError(t, got.err)
	require.Equal(t, []string{"subscribe 1", "subscribe 2"}, got.data(), "what OnConnect receives is not emitted")
	require.Equal(t, []string{"1textbytes{ann}", "2textbytes{ann}"}, answers)
}

func TestOnConnectThatFailsIsRetried(t *testing.T) {
	codes := make(chan ws.StatusCode, 10)
	l := newLab(t, talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, "a")
		codes <- hold(ctx, conn)
	}))
	attempts := 0
	got := l.run(within(t), t, 1, websocket.WithOnConnect(func(_ context.Context, conn *websocket.Conn) error {
		if attempts++; attempts < 3 {
			return errTest
		}
		require.Equal(t, 1, conn.Number(), "a connection that never was open has no number")
		return nil
	}))
	require.NoError(t, got.err)
	require.Equal(t, []error{
		&websocket.ConnectionError{URL: l.url, Err: errTest}, &websocket.ConnectionError{URL: l.url, Err: errTest},
	}, got.retries)
	require.Equal(t, []string{"Connecting", "Open", "Closed"}, got.states)
	require.Equal(t, ws.StatusNormalClosure, <-codes)
}

func TestOnConnectThatFailsForGood(t *testing.T) {
	l := newLab(t, sayAndHold("a"))
	got := l.run(within(t), t, 0, websocket.WithOnConnect(func(context.Context, *websocket.Conn) error {
		return fmt.Errorf("login: %w", websocket.Permanent(errTest))
	}))
	require.ErrorIs(t, got.err, errTest)
	require.EqualError(t, got.err, "rivulet: websocket "+l.url+": login: test")
	require.Empty(t, got.retries)
	require.Equal(t, []string{"Connecting", "Closed"}, got.states)
	require.PanicsWithValue(t, "websocket.Permanent: nil error", func() { _ = websocket.Permanent(nil) })
}

// The close code of the server decides also while OnConnect runs.
func TestOnConnectThatTheServerEnds(t *testing.T) {
	receive := websocket.WithOnConnect(func(_ context.Context, conn *websocket.Conn) error {
		var answer string
		if err := conn.Receive(&answer); err != nil {
			return fmt.Errorf("waiting for the answer: %w", err)
		}
		return nil
	})
	l := newLab(t, inTurn(sayAndClose(1013), sayAndClose(4001)))
	got := l.run(within(t), t, 0, receive)
	var closed *websocket.CloseError
	require.ErrorAs(t, got.err, &closed)
	require.Equal(t, 4001, closed.Code)
	require.Len(t, got.retries, 1)

	l = newLab(t, sayAndHold(`"text"`))
	got = l.run(within(t), t, 0, websocket.WithOnConnect(func(_ context.Context, conn *websocket.Conn) error {
		var n int
		return conn.Receive(&n)
	}))
	require.IsType(t, &websocket.ParseError{}, got.err)
}

func TestSubscribeWithWhatCannotBeEncoded(t *testing.T) {
	l := newLab(t, sayAndHold("a"))
	got := l.run(within(t), t, 0, websocket.WithSubscribe(func() {}))
	require.IsType(t, &websocket.CommandError{}, got.err)
	require.Empty(t, got.retries)
}

func TestAPanicInOnConnectLeavesNothing(t *testing.T) {
	l := newLab(t, sayAndHold("a"))
	require.PanicsWithValue(t, "oops", func() {
		l.run(within(t), t, 0, websocket.WithOnConnect(func(context.Context, *websocket.Conn) error { panic("oops") }))
	})
	require.Eventually(t, func() bool { return l.open.Load() == 0 }, 10*time.Second, time.Millisecond)
}
