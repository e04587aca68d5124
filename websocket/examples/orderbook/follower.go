package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/websocket"
)

// follow returns the views of the book of the exchange at a URL, one after each change.
//
// What the exchange sends between two connections is lost, so the book is fetched after every connect. The changes are
// subscribed to first, so none is missing between the two: one that the book has already comes as well, and is skipped.
func follow(url string, logger *slog.Logger) observable.Observable[View] {
	return source.Defer(func() observable.Observable[View] {
		var book Book // of this run, whose goroutine calls all functions that use it
		changes := websocket.From[Delta]("ws"+strings.TrimPrefix(url, "http")+"/changes",
			websocket.WithOnConnect(func(ctx context.Context, conn *websocket.Conn) error {
				if err := subscribe(conn); err != nil {
					return err
				}
				var err error
				book, err = fetch(ctx, url+"/book")
				return err
			}),
			websocket.WithIdleTimeout(time.Minute),
			websocket.WithRetry(retry.Policy{InitialDelay: 100 * time.Millisecond, HealthyAfter: -1}),
			websocket.WithLogger(logger),
		)
		return operators.TryMap(changes, func(_ context.Context, e websocket.Event[Delta]) (View, error) {
			err := book.Apply(e.Data)
			return book.view(e.Connection), err
		})
	})
}

// subscribe asks for the changes and waits until the exchange has agreed.
func subscribe(conn *websocket.Conn) error {
	if err := conn.Send("subscribe"); err != nil {
		return err
	}
	var answer string
	if err := conn.Receive(&answer); err != nil {
		return err
	}
	if answer != `"subscribed"` {
		return fmt.Errorf("the exchange answered %s to the subscription", answer)
	}
	return nil
}

// fetch returns a snapshot of the book.
func fetch(ctx context.Context, url string) (book Book, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return Book{}, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return Book{}, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return Book{}, fmt.Errorf("fetching the book: the exchange answered %s", answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(&book); err != nil {
		return Book{}, fmt.Errorf("fetching the book: %w", err)
	}
	if book.Bids == nil {
		book.Bids = Side{}
	}
	if book.Asks == nil {
		book.Asks = Side{}
	}
	return book, nil
}
