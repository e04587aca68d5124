package source_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// lab is a memServer that gives its answers in turn and records what it is asked. In its synctest bubble a delay takes
// no time, a piece of the body arrives as it was written, and a goroutine that is left over fails the test.
type lab struct {
	*memServer
	recorder
}

// newLab serves the answers, one for each request in turn; the last one is given to all later requests too.
func newLab(t *testing.T, handlers ...http.HandlerFunc) *lab {
	t.Helper()
	l := &lab{}
	l.memServer = newMemServer(t, l.note(answers(handlers...)))
	return l
}

// open is how many connections are open, as the server sees them.
func (l *lab) open() int { return int(l.Dials.Load() - l.Closed.Load()) }

// gaps are the times between one request and the next.
func (l *lab) gaps() []time.Duration {
	var gaps []time.Duration
	asked := l.requests()
	for i := 1; i < len(asked); i++ {
		gaps = append(gaps, asked[i].at.Sub(asked[i-1].at))
	}
	return gaps
}

// lastEventIDs is the header of every request; "-" where there was none.
func (l *lab) lastEventIDs() []string {
	var ids []string
	for _, r := range l.requests() {
		id := "-"
		if values := r.Header.Values("Last-Event-ID"); len(values) > 0 {
			id = strings.Join(values, ",")
		}
		ids = append(ids, id)
	}
	return ids
}

// events is the client under test, connected to the lab. Its log goes nowhere.
func (l *lab) events(opts ...source.Option) observable.Observable[source.Event[string]] {
	return source.FromEventSource[string](l.URL, l.Options(opts...)...)
}

// transport is that of the lab's client.
func (l *lab) transport() *http.Transport { return l.Client.Transport.(*http.Transport) }

// run is a running subscription.
type run struct {
	cancel context.CancelFunc
	done   chan struct{}
	got    []string
	err    error
}

// start runs the client in a goroutine. What it got may be looked at after synctest.Wait, or when it is done.
func (l *lab) start(t *testing.T, opts ...source.Option) *run {
	return startRun(t, l.events(opts...))
}

func startRun(t *testing.T, events observable.Observable[source.Event[string]]) *run {
	ctx, cancel := context.WithCancel(t.Context())
	r := &run{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.err = events.ForEach(ctx, func(e source.Event[string]) { r.got = append(r.got, show(e)) })
	}()
	t.Cleanup(r.stop)
	return r
}

// wait waits for the end of the run. For one that never ends, it gives up after two days of a bubble's clock.
func (r *run) wait(t *testing.T) {
	t.Helper()
	select {
	case <-r.done:
	case <-time.After(48 * time.Hour):
		t.Fatal("the run has not ended")
	}
}

// stop cancels the run and waits for its end.
func (r *run) stop() {
	r.cancel()
	<-r.done
}

// show writes an event as the tables do: type, data, last event ID.
func show(e source.Event[string]) string { return e.Type + "|" + e.Data + "|" + e.ID }
