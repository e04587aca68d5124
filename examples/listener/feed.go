package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// newFeed is the embedded server, which has its faults: every fifth event is no JSON, and no connection lasts longer
// than a dozen events.
func newFeed(every time.Duration) http.Handler {
	ticks := sink.EventSource(source.Interval(every), sink.Config[int]{
		Type: func(int) string { return "tick" },
		Encode: func(n int) ([]byte, error) {
			if n%5 == 3 {
				return []byte("oops"), nil
			}
			return fmt.Appendf(nil, `{"number":%d}`, n), nil
		},
		Replay: 100,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cut := context.WithTimeout(r.Context(), 12*every)
		defer cut()
		ticks.ServeHTTP(w, r.WithContext(ctx))
	})
}
