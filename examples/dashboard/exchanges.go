package main

import (
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// exchanges are those that the program has itself. The last one is silent half of the time.
var exchanges = []string{"north", "east", "west"}

var usual = []quote{{"copper", 9.5}, {"gold", 4080}, {"silver", 51}, {"tin", 37}}

// newExchanges returns a server with the feed of each exchange.
func newExchanges(every time.Duration) http.Handler {
	server := http.NewServeMux()
	for i, name := range exchanges {
		ticks := source.Interval(every)
		if i == len(exchanges)-1 {
			ticks = operators.Filter(ticks, func(n int) bool { return n/30%2 == 0 })
		}
		quotes := operators.Map(ticks, func(int) quote { return anyQuote() })
		server.Handle("GET /"+name, sink.EventSource(quotes, sink.Config[quote]{}))
	}
	return server
}

// anyQuote returns an offer near the usual price.
func anyQuote() quote {
	q := usual[rand.IntN(len(usual))]
	q.Price = math.Round(q.Price*(95+10*rand.Float64())) / 100
	return q
}
