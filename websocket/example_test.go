package websocket_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"time"

	ws "github.com/coder/websocket"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/websocket"
)

// serveExample starts a server that gives each connection to the next function, the last one again and again.
func serveExample(talk ...func(ctx context.Context, conn *ws.Conn)) (url string, stop func()) {
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := ws.Accept(w, r, &ws.AcceptOptions{Subprotocols: []string{"prices.v1"}})
		if err != nil {
			return
		}
		defer conn.CloseNow()
		talk[min(int(n.Add(1)), len(talk))-1](r.Context(), conn)
	}))
	return "ws" + strings.TrimPrefix(server.URL, "http"), server.Close
}

// writes returns a function that sends texts and closes the connection.
func writes(code ws.StatusCode, texts ...string) func(ctx context.Context, conn *ws.Conn) {
	return func(ctx context.Context, conn *ws.Conn) {
		for _, text := range texts {
			_ = conn.Write(ctx, ws.MessageText, []byte(text))
		}
		_ = conn.Close(code, "")
	}
}

// answers sends back what it is sent.
func answers(ctx context.Context, conn *ws.Conn) {
	for {
		typ, data, err := conn.Read(ctx)
		if err != nil {
			return
		}
		_ = conn.Write(ctx, typ, data)
	}
}

// The server ends the first connection. The number of the connection shows that messages may be missing.
func ExampleFrom() {
	url, stop := serveExample(
		writes(ws.StatusGoingAway, `{"symbol":"RVLT","price":17}`), writes(ws.StatusNormalClosure, `{"symbol":"RVLT","price":19}`))
	defer stop()

	type Price struct {
		Symbol string
		Price  int
	}
	prices := websocket.From[Price](url, websocket.WithCompleteOnClose(),
		websocket.WithRetry(retry.Policy{InitialDelay: time.Millisecond}),
		websocket.WithLogger(slog.New(slog.DiscardHandler)))
	err := prices.ForEach(context.Background(), func(e websocket.Event[Price]) {
		fmt.Println(e.Connection, e.Data.Symbol, e.Data.Price)
	})
	fmt.Println(err)
	// Output:
	// 1 RVLT 17
	// 2 RVLT 19
	// <nil>
}

func ExampleData() {
	url, stop := serveExample(writes(ws.StatusNormalClosure, "up", "down"))
	defer stop()

	words := operators.Map(websocket.From[string](url, websocket.WithCompleteOnClose()), websocket.Data[string])
	fmt.Println(words.Collect(context.Background()))
	// Output: [up down] <nil>
}

// Every connection logs in and subscribes before its messages are emitted.
func ExampleWithOnConnect() {
	url, stop := serveExample(answers)
	defer stop()

	type login struct{ Token string }
	prices := websocket.From[string](url,
		websocket.WithOnConnect(func(ctx context.Context, conn *websocket.Conn) error {
			if err := conn.Send(login{"secret"}); err != nil {
				return err
			}
			var answer login
			if err := conn.Receive(&answer); err != nil {
				return err
			}
			if answer.Token != "secret" {
				return websocket.Permanent(errors.New("the token is not valid"))
			}
			return nil
		}),
		websocket.WithSubscribe("subscribe RVLT"),
	)
	first, err := prices.First(context.Background())
	fmt.Println(first.Data, err)
	// Output: subscribe RVLT <nil>
}

// A token that is not valid will not be valid at the next attempt.
func ExamplePermanent() {
	url, stop := serveExample(answers)
	defer stop()

	_, err := websocket.From[string](url, websocket.WithOnConnect(func(context.Context, *websocket.Conn) error {
		return websocket.Permanent(errors.New("the token is not valid"))
	})).First(context.Background())
	fmt.Println(strings.ReplaceAll(err.Error(), url, "ws://feed"))
	// Output: rivulet: websocket ws://feed: the token is not valid
}

// A chat: what the user types is sent, what the server says is emitted.
func ExampleWithCommands() {
	url, stop := serveExample(answers)
	defer stop()

	typed := source.Of[any]("hello", "is anybody there?")
	said := websocket.From[string](url, websocket.WithCommands(typed))
	_ = operators.Take(said, 2).ForEach(context.Background(), func(e websocket.Event[string]) { fmt.Println(e.Data) })
	// Output:
	// hello
	// is anybody there?
}

// A policy of its own: this server means a fault that passes by 4000, and nothing but that is retried.
func ExampleWithRetry() {
	url, stop := serveExample(writes(4000, "a"), writes(4001, "b"))
	defer stop()

	policy := retry.Policy{InitialDelay: time.Millisecond, Retryable: func(err error) bool {
		closed, ok := errors.AsType[*websocket.CloseError](err)
		return ok && closed.Code == 4000
	}}
	events := websocket.From[string](url, websocket.WithRetry(policy), websocket.WithLogger(slog.New(slog.DiscardHandler)),
		websocket.WithOnRetry(func(err error, attempt int, _ time.Duration) {
			fmt.Println("attempt", attempt, "failed:", strings.ReplaceAll(err.Error(), url, "ws://feed"))
		}),
		websocket.WithOnStateChange(func(s websocket.State) { fmt.Println(s) }),
	)
	err := events.ForEach(context.Background(), func(e websocket.Event[string]) { fmt.Println(e.Data) })
	fmt.Println(strings.ReplaceAll(err.Error(), url, "ws://feed"))
	// Output:
	// Connecting
	// Open
	// a
	// Connecting
	// attempt 1 failed: rivulet: websocket ws://feed: the server has closed the connection with code 4000
	// Open
	// b
	// Closed
	// rivulet: websocket ws://feed: the server has closed the connection with code 4001
}

func ExampleRetryable() {
	fmt.Println(websocket.Retryable(&websocket.CloseError{Code: 1012})) // the server restarts
	fmt.Println(websocket.Retryable(&websocket.CloseError{Code: 1009})) // a message that is too large stays so
	fmt.Println(websocket.Retryable(&websocket.StatusError{Code: 429}))
	fmt.Println(websocket.Retryable(&websocket.StatusError{Code: 401}))
	// Output:
	// true
	// false
	// true
	// false
}

// A connection with everything that a careful program sets.
func ExampleOption() {
	url, stop := serveExample(writes(ws.StatusNormalClosure, "<price>17</price>", "<oops"))
	defer stop()

	type price struct {
		Value int `xml:",chardata"`
	}
	prices := websocket.From[price](url,
		websocket.WithHTTPClient(http.DefaultClient),
		websocket.WithHeader("Accept-Language", "en"),
		websocket.WithRequest(func(r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))
			return nil
		}),
		websocket.WithSubprotocols("prices.v2", "prices.v1"),
		websocket.WithCompression(),
		websocket.WithConnectTimeout(10*time.Second),
		websocket.WithIdleTimeout(5*time.Minute),
		websocket.WithPing(time.Minute, 10*time.Second),
		websocket.WithMaxMessageBytes(1<<20),
		websocket.WithDecoder(xml.Unmarshal),
		websocket.WithOnOpen(func(r *http.Response) { fmt.Println("open:", r.Header.Get("Sec-WebSocket-Protocol")) }),
		websocket.WithOnParseError(func(e *websocket.ParseError) { fmt.Printf("skipped: %s\n", e.Data) }),
		websocket.WithLogger(slog.Default()),
		websocket.WithCompleteOnClose(),
	)
	err := prices.ForEach(context.Background(), func(e websocket.Event[price]) { fmt.Println(e.Data.Value) })
	fmt.Println(err)
	// Output:
	// open: prices.v1
	// 17
	// skipped: <oops
	// <nil>
}
