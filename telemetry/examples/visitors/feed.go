package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
)

// Visitor is the data of an event.
type Visitor struct {
	Country string `json:"country"`
	Time    int64  `json:"time"` // Unix time in milliseconds
}

var countries = []string{"Brazil", "Chile", "Ghana", "Iceland", "Japan", "Kenya", "New Zealand", "Portugal", "Vietnam"}

// feed serves visitors as a stream of events.
type feed struct {
	*sink.Handler[Visitor]
	unregister func()
}

func newFeed(every time.Duration, provider telemetry.Option) feed {
	visitors := operators.Map(source.Interval(every), func(int) Visitor {
		return Visitor{Country: countries[rand.IntN(len(countries))], Time: time.Now().UnixMilli()}
	})
	handler := sink.EventSource(telemetry.Instrument(visitors, "feed", provider), sink.Config[Visitor]{
		Replay: 1000,
		Retry:  100 * time.Millisecond,
		Eager:  true,
	})
	return feed{handler, telemetry.Handler(handler, "visitors", provider)}
}

func (f feed) Close() {
	f.Handler.Close()
	f.unregister()
}

// cutting ends each response after a while, as proxies do.
func cutting(handler http.Handler, after time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), after)
		defer cancel()
		handler.ServeHTTP(w, r.WithContext(ctx))
	})
}
