package guide_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// Tokens is a store of access tokens. The first ones may have expired.
type Tokens struct {
	mu   sync.Mutex
	left []string
}

func (t *Tokens) current(context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.left) == 0 {
		return "", errors.New("no token")
	}
	return t.left[0], nil
}

func (t *Tokens) expire() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left = t.left[1:]
	return len(t.left) > 0
}

func skipAndLog(logger *slog.Logger) func(*source.ParseError) {
	return func(err *source.ParseError) { logger.Warn("skipping an event", "error", err) }
}

// follow is how this program follows its feed.
func follow(url string, tokens *Tokens, logger *slog.Logger) observable.Observable[source.Event[Visitor]] {
	return source.FromEventSource[Visitor](url,
		source.WithEvents("visitor"),                // other types are dropped before they are decoded
		source.WithRequest(tokens.authorize),        // a fresh token for each attempt
		source.WithIdleTimeout(time.Minute),         // the server sends a comment every 15 s
		source.WithMaxEventBytes(64<<10),            // events of this feed have less than 1 KiB
		source.WithRetry(tokens.policy()),           // see below
		source.WithOnParseError(skipAndLog(logger)), // one bad event does not end the stream
		source.WithLogger(logger),                   // a warning for a lost connection, and one a minute
	)
}

func (t *Tokens) authorize(r *http.Request) error {
	token, err := t.current(r.Context())
	if err == nil {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return err // ends the stream with a *source.RequestError
}

func (t *Tokens) policy() retry.Policy {
	return retry.Policy{
		FirstAttempts: 5, // a server that was never there is most likely a wrong URL
		Retryable: func(err error) bool {
			status, ok := errors.AsType[*source.StatusError](err)
			if ok && status.Code == http.StatusUnauthorized {
				return t.expire() // reports whether another token can be had
			}
			return source.Retryable(err)
		},
	}
}

// guarded is a feed for those who have the token "good". It sends one bad event and one good one, and then it ends.
func guarded(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Authorization") != "Bearer good":
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusUnauthorized)
	case r.Header.Get("Last-Event-ID") == "8":
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "retry: 0\n\nevent: visitor\nid: 7\ndata: oops\n\nevent: visitor\nid: 8\ndata: {\"Name\":\"Peru\"}\n\n")
	}
}

func TestFollow(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(guarded))
	defer server.Close()
	quiet := slog.New(slog.DiscardHandler)
	good := &Tokens{left: []string{"good"}}
	got, err := follow(server.URL, good, quiet).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []source.Event[Visitor]{{ID: "8", Type: "visitor", Data: Visitor{Name: "Peru"}}}, got)

	_, err = follow(server.URL, &Tokens{left: []string{"bad"}}, quiet).Collect(t.Context())
	status, ok := errors.AsType[*source.StatusError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, http.StatusUnauthorized, status.Code)
	_, err = follow(server.URL, new(Tokens), quiet).Collect(t.Context())
	_, ok = errors.AsType[*source.RequestError](err)
	require.True(t, ok, "%v", err)
}

func TestANewTokenIsTried(t *testing.T) {
	tokens := &Tokens{left: []string{"bad", "good"}}
	denied := &source.StatusError{Code: http.StatusUnauthorized}
	require.True(t, tokens.policy().Retryable(denied))
	require.Equal(t, []string{"good"}, tokens.left)
	require.False(t, tokens.policy().Retryable(denied))
	require.True(t, tokens.policy().Retryable(&source.StatusError{Code: http.StatusBadGateway}))
}

// VisitorTable is a database.
type VisitorTable struct {
	visitors []Visitor
	last     string
}

func (db *VisitorTable) lastEventID() (string, error) { return db.last, nil }

func (db *VisitorTable) store(v Visitor, id string) error {
	db.visitors, db.last = append(db.visitors, v), id
	return nil
}

func storeAll(ctx context.Context, url string, db *VisitorTable) error {
	last, err := db.lastEventID()
	if err != nil {
		return err
	}
	events := source.FromEventSource[Visitor](url, source.WithLastEventID(last))
	stored := operators.TryMap(events, func(_ context.Context, e source.Event[Visitor]) (string, error) {
		return e.ID, db.store(e.Data, e.ID) // in one transaction
	})
	return stored.ForEach(ctx, func(string) {})
}

func TestResumeFromTheDatabase(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next := map[string]string{"": "1", "1": "2"}[r.Header.Get("Last-Event-ID")]
		if next == "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "retry: 0\nid: %s\ndata: {\"Name\":\"%s\"}\n\n", next, next)
	}))
	defer server.Close()
	db := &VisitorTable{last: "1"}
	require.NoError(t, storeAll(t.Context(), server.URL, db))
	require.Equal(t, &VisitorTable{visitors: []Visitor{{Name: "2"}}, last: "2"}, db)
}

func TestAClientOfYourOwn(t *testing.T) {
	server := httptest.NewTLSServer(visitorFeed())
	defer server.Close()
	url, pool := server.URL, x509.NewCertPool()
	pool.AddCert(server.Certificate())
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	events := source.FromEventSource[Visitor](url, source.WithHTTPClient(&http.Client{Transport: transport}))
	first, err := events.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Ghana", first.Data.Name)
}

func TestStates(t *testing.T) {
	server := httptest.NewServer(visitorFeed())
	defer server.Close()
	url, logger := server.URL, slog.New(slog.NewTextHandler(io.Discard, nil))
	states := observable.NewBehaviorSubject(source.Closed)
	events := source.FromEventSource[Visitor](url,
		source.WithOnStateChange(states.Next),
		source.WithOnRetry(func(err error, attempt int, delay time.Duration) {
			logger.Info("reconnecting", "attempt", attempt, "delay", delay, "error", err)
		}),
	)
	_, err := events.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, source.Closed, states.Value())
}
