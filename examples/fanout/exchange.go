package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// price is the data of an event.
type price struct {
	Symbol string  `json:"symbol"`
	Number int     `json:"number"`
	Amount float64 `json:"amount"`
}

func (p price) String() string { return fmt.Sprintf("%s #%d: %.2f", p.Symbol, p.Number, p.Amount) }

// exchange is a server of prices that counts the connections to it.
type exchange struct {
	prices      http.Handler
	connections atomic.Int64
}

func newExchange(every time.Duration) *exchange {
	start := price{Symbol: "RVLT", Amount: 100}
	prices := operators.Scan(source.Interval(every), start, func(p price, _ int) price {
		p.Number++
		p.Amount *= 0.99 + 0.02*rand.Float64()
		return p
	})
	return &exchange{prices: sink.EventSource(prices, sink.Config[price]{})}
}

func (e *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.connections.Add(1)
	e.prices.ServeHTTP(w, r)
}
