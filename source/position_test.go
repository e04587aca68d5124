package source_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

// Each run with the same Position resumes after the event that the run before it handled last, even though more events
// have come by then.
func TestPosition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		s := newMemServer(t, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Header.Get("Last-Event-ID"))
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = w.Write([]byte("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n"))
		})
		// take emits n events of a new Observable.
		take := func(n int, p *source.Position) {
			events := source.FromEventSource[string](s.URL,
				source.WithHTTPClient(s.Client), source.WithLastEventID("0"), source.WithPosition(p))
			require.NoError(t, events(t.Context(), func(source.Event[string]) bool { n--; return n > 0 }))
		}
		var position source.Position
		require.Empty(t, position.LastEventID())
		take(1, &position)
		require.Equal(t, "1", position.LastEventID())
		take(2, &position)
		require.Equal(t, "2", position.LastEventID())
		take(1, new(source.Position))
		take(1, &position)
		require.Equal(t, []string{"0", "1", "0", "2"}, asked)
	})
}

// An event that was not emitted, because the run was canceled while it was decoded, comes again.
func TestPositionAfterAnEventThatWasNotHandled(t *testing.T) {
	for name, decoded := range map[string]error{"decoded": nil, "not decoded": errTest} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := ""
				s := newMemServer(t, func(w http.ResponseWriter, r *http.Request) {
					asked = r.Header.Get("Last-Event-ID")
					send(w, "id: 1\ndata: 1\n\n")
					hold(r)
				})
				ctx, cancel := context.WithCancel(t.Context())
				resume := source.WithPosition(new(source.Position))
				err := source.FromEventSource[int](s.URL, s.Options(resume, source.WithLastEventID("0"),
					source.WithOnParseError(func(*source.ParseError) { require.Fail(t, "it is canceled") }),
					source.WithDecoder(func([]byte, any) error { cancel(); return decoded }))...,
				)(ctx, func(source.Event[int]) bool { require.Fail(t, "it is canceled"); return false })
				require.Equal(t, context.Canceled, err)

				event, err := source.FromEventSource[int](s.URL, s.Options(resume)...).First(t.Context())
				require.NoError(t, err)
				require.Equal(t, 1, event.Data)
				require.Equal(t, "0", asked)
			})
		})
	}
}

// An ID counts also when it comes without an event, and however the run ends after it.
func TestPositionAfterAnIDWithoutAnEvent(t *testing.T) {
	for name, first := range map[string]http.HandlerFunc{
		"canceled": held("id: 1\ndata: a\n\nid: 7\n\n"),
		"complete": body("id: 1\ndata: a\n\nid: 7\n\n"),
		"failed":   body("id: 1\ndata: a\n\nid: 7\n\ndata: this is too long\n\n"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, first, status(http.StatusNoContent))
				events := l.events(source.WithPosition(new(source.Position)),
					source.WithCompleteOnEOF(), source.WithMaxEventBytes(8))
				r := startRun(t, events)
				synctest.Wait()
				r.stop()
				startRun(t, events).wait(t)
				require.Equal(t, []string{"-", "7"}, l.lastEventIDs())
			})
		})
	}
}

// So does the reconnection time that the server has set, until it sets another one.
func TestPositionKeepsTheReconnectionTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, held("retry: 60000\ndata: a\n\n"), body("data: b\n\n"), held("retry: 7000\n\n"),
			body(), status(http.StatusNoContent))
		events := l.events(source.WithPosition(new(source.Position)))
		r := startRun(t, events) // the first request
		synctest.Wait()
		r.stop()
		r = startRun(t, events) // and two more
		time.Sleep(2 * time.Minute)
		r.stop()
		startRun(t, events).wait(t) // and the last two
		require.Equal(t, []time.Duration{0, time.Minute, time.Minute, 7 * time.Second}, l.gaps())
	})
}
