package main

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	ws "github.com/coder/websocket"

	"github.com/rivulet-go/rivulet/observable"
)

// exchange is a stand-in for an exchange with one order book. GET /book is a snapshot of it. The WebSocket /changes answers
// "subscribe" with "subscribed" and then sends every change. Connections are cut at random.
type exchange struct {
	cut time.Duration // how long a connection lasts, on average

	mu      sync.Mutex
	book    Book
	changes *observable.Subject[Delta]
	cuts    int
}

const middle = 10_000 // the price around which all orders are

// newExchange returns an exchange whose book changes every so often until ctx is done.
func newExchange(ctx context.Context, every, cut time.Duration) *exchange {
	x := &exchange{cut: cut, book: Book{Bids: Side{}, Asks: Side{}}, changes: observable.NewSubject[Delta]()}
	for range 100 {
		x.change()
	}
	go func() {
		defer x.changes.Complete()
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				x.change()
			case <-ctx.Done():
				return
			}
		}
	}()
	return x
}

// change makes a change at random and sends it. It must not be called by two goroutines at once.
func (x *exchange) change() {
	x.mu.Lock()
	defer x.mu.Unlock()
	d := Delta{Seq: x.book.Seq + 1}
	amount := max(rand.IntN(140)-40, 0)
	if distance := 1 + rand.IntN(2*depth); rand.IntN(2) == 0 {
		d.Bids = Side{middle - distance: amount}
	} else {
		d.Asks = Side{middle + distance: amount}
	}
	x.book.Seq = d.Seq
	x.book.Bids.apply(d.Bids)
	x.book.Asks.apply(d.Asks)
	d.Checksum = x.book.Checksum()
	x.changes.Next(d) // with the lock: a snapshot has a change or a subscriber gets it, or both
}

func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/book":
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(x.snapshot()) // fails if the client has gone
	case "/changes":
		x.serveChanges(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (x *exchange) snapshot() Book {
	x.mu.Lock()
	defer x.mu.Unlock()
	return Book{x.book.Seq, maps.Clone(x.book.Bids), maps.Clone(x.book.Asks)}
}

func (x *exchange) serveChanges(w http.ResponseWriter, r *http.Request) {
	conn, err := ws.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	ctx := r.Context()
	_, message, err := conn.Read(ctx)
	if err != nil || string(message) != "subscribe" {
		_ = conn.Close(ws.StatusPolicyViolation, "expected: subscribe")
		return
	}
	ctx = conn.CloseRead(ctx) // done when the client has gone
	lasts := time.Duration(rand.ExpFloat64() * float64(x.cut))
	ctx, cancel := context.WithTimeout(ctx, lasts)
	defer cancel()
	answered := make(chan struct{}) // no change is sent before the answer, although the client is a subscriber already
	subscription := x.changes.Subscribe(ctx, observable.Observer[Delta]{
		Next: func(d Delta) {
			<-answered
			if write(ctx, conn, d) != nil {
				cancel()
			}
		},
		Error: func(error) {}, // the connection has lasted long enough, or the client has gone
	})
	if write(ctx, conn, "subscribed") != nil {
		cancel()
	}
	close(answered)
	<-subscription.Done()
	x.mu.Lock()
	x.cuts++
	x.mu.Unlock()
}

func write(ctx context.Context, conn *ws.Conn, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return conn.Write(ctx, ws.MessageText, text)
}

// cutOff returns how many connections have ended.
func (x *exchange) cutOff() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.cuts
}
