package guide_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// Price is an event. Its number is its place in the database.
type Price struct {
	Number int
	Symbol string
}

func TestPricesAreServed(t *testing.T) {
	prices := source.Of(Price{1, "OIL"}, Price{2, "TIN"})
	mux := http.NewServeMux()
	mux.Handle("GET /prices", sink.EventSource(prices, sink.Config[Price]{
		Type:   func(Price) string { return "price" },
		ID:     func(p Price) string { return strconv.Itoa(p.Number) },
		Replay: 1000, // events for clients that reconnect
	}))
	server := httptest.NewServer(mux)
	defer server.Close()
	events := source.FromEventSource[Price](server.URL+"/prices", source.WithCompleteOnEOF())
	got, err := events.Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []source.Event[Price]{
		{ID: "1", Type: "price", Data: Price{1, "OIL"}}, {ID: "2", Type: "price", Data: Price{2, "TIN"}},
	}, got)
}

type user struct {
	symbol  string
	expires time.Time
}

func (u user) follows(symbol string) bool { return symbol == u.symbol }

func userOf(r *http.Request) (user, error) {
	cookie, err := r.Cookie("session")
	if err != nil {
		return user{}, err
	}
	return user{cookie.Value, time.Now().Add(time.Hour)}, nil
}

func admit(r *http.Request) (sink.Admission[Price], error) {
	user, err := userOf(r)
	if err != nil {
		return sink.Admission[Price]{}, &sink.AdmitError{Status: http.StatusUnauthorized, Err: err}
	}
	return sink.Admission[Price]{
		Filter: func(p Price) bool { return user.follows(p.Symbol) },
		Until:  user.expires, // then the client reconnects, and is asked again
	}, nil
}

func TestAdmission(t *testing.T) {
	prices := operators.Concat(source.Of(Price{1, "OIL"}, Price{2, "TIN"}), source.Never[Price]())
	server := httptest.NewServer(sink.EventSource(prices, sink.Config[Price]{Admit: admit}))
	defer server.Close()
	_, err := source.FromEventSource[Price](server.URL).First(t.Context())
	refused, ok := errors.AsType[*source.StatusError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, http.StatusUnauthorized, refused.Code)
	event, err := source.FromEventSource[Price](server.URL, source.WithHeader("Cookie", "session=TIN")).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, Price{2, "TIN"}, event.Data)
}

func askModel(question string) observable.Observable[string] {
	if question == "" {
		return source.Throw[string](errors.New("no question"))
	}
	return source.Of("Hel", "lo ", question)
}

func answer(w http.ResponseWriter, r *http.Request) {
	question, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
	if err != nil {
		http.Error(w, "the question cannot be read", http.StatusBadRequest)
		return
	}
	tokens := operators.EndWith(askModel(string(question)), "[DONE]")
	failed := func(err error) string {
		slog.Error("the model has failed", "error", err)
		return "[FAILED]"
	}
	err = sink.Respond(w, r, operators.OnErrorReturn(tokens, failed), sink.Config[string]{})
	if err != nil {
		slog.Info("an answer was not sent to its end", "error", err)
	}
}

func TestAnAnswerIsAStreamOfItsOwn(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(answer))
	defer server.Close()
	for question, want := range map[string][]string{"Ann": {"Hel", "lo ", "Ann", "[DONE]"}, "": {"[FAILED]"}} {
		response, err := http.Post(server.URL, "text/plain", strings.NewReader(question))
		require.NoError(t, err)
		tokens := operators.Map(source.FromEventStream[string](response.Body), source.Data[string])
		got, err := tokens.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

var stored = []Price{{1, "OIL"}, {2, "TIN"}, {3, "OIL"}, {4, "GOLD"}}

// pricesAfter is a query of the database, which begins with number 2.
func pricesAfter(_ context.Context, id string) observable.Observable[Price] {
	number, err := strconv.Atoi(id)
	if err != nil || number < 2 {
		return source.Throw[Price](sink.ErrHistoryGone)
	}
	return source.FromSlice(stored[number:])
}

func TestEventsThatAreNoLongerKept(t *testing.T) {
	config := sink.Config[Price]{
		ID:      func(p Price) string { return strconv.Itoa(p.Number) },
		Eager:   true,
		Replay:  1000,
		History: pricesAfter, // reads the missing events from the database
		Gap:     func(string) (Price, bool) { return Price{Symbol: "RELOAD"}, true },
	}
	config.Replay = 1
	kept := make(chan struct{})
	prices := operators.Concat(source.FromSlice(stored), source.Defer(func() observable.Observable[Price] {
		close(kept)
		return source.Never[Price]()
	}))
	handler := sink.EventSource(prices, config)
	<-kept
	server := httptest.NewServer(handler)
	for id, want := range map[string]Price{"2": {3, "OIL"}, "1": {Symbol: "RELOAD"}} {
		event, err := source.FromEventSource[Price](server.URL, source.WithLastEventID(id)).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, event.Data, id)
	}
	stop(t, server.Config, handler)
}

func stop(t *testing.T, server *http.Server, handler *sink.Handler[Price]) {
	require.True(t, handler.Healthy())
	shutdown := func(ctx context.Context) error {
		err := server.Shutdown(ctx) // ends the responses; clients reconnect to another instance
		handler.Close()             // ends the run
		return err
	}
	require.NoError(t, shutdown(t.Context()))
	require.False(t, handler.Healthy())
}
