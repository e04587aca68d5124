package source_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

const (
	secret    = "S3cr3t"
	secretURL = "http://user:" + secret + "@events.test/stream?token=" + secret + "#" + secret
)

// failure is a way in which an event source fails, once it has retried a few times.
type failure struct {
	name    string
	url     string // instead of secretURL
	answer  http.HandlerFunc
	opts    []source.Option
	client  func(*http.Client) // changes the client
	target  any                // errors.As
	is      error
	textHas string
}

// transported answers with this error of the network.
func transported(err error) func(*http.Client) {
	return func(c *http.Client) {
		c.Transport = roundTripper(func(*http.Request) (*http.Response, error) { return nil, err })
	}
}

var errWithURL = fmt.Errorf("POST %s failed: %w", secretURL, errTest)

var failures = []failure{
	{name: "malformed URL", url: "http://user:" + secret + "@events.test:port/?token=" + secret,
		target: new(*source.RequestError), textHas: "http://events.test:port/"},
	{name: "a slash in the password", url: "http://user:1" + secret + "/" + secret + "@events.test/",
		target: new(*source.RequestError), textHas: "http://...: no request"},
	{name: "no host", url: "http:user:" + secret + "@events.test?" + secret, target: new(*source.RequestError)},
	{name: "method", opts: []source.Option{source.WithMethod("G T", "", nil)}, target: new(*source.RequestError)},
	{name: "header", opts: []source.Option{source.WithHeader("X-Key", secret+"\n")}, target: new(*source.RequestError)},
	{name: "last event ID", opts: []source.Option{source.WithLastEventID(secret + "\n")},
		target: new(*source.RequestError)},
	{name: "WithRequest", opts: []source.Option{source.WithRequest(func(*http.Request) error {
		return &url.Error{Op: "Post", URL: "https://auth.test/?client_secret=" + secret, Err: errTest}
	})}, target: new(*source.RequestError), is: errTest},
	{name: "WithRequest, wrapped", opts: []source.Option{
		source.WithRequest(func(*http.Request) error { return errWithURL }),
	}, target: new(*source.RequestError), is: errTest, textHas: "POST http://events.test/stream failed"},
	{name: "status", answer: status(http.StatusNotFound), target: new(*source.StatusError), textHas: "404"},
	{name: "retried status", answer: status(http.StatusServiceUnavailable), target: new(*source.StatusError)},
	{name: "content type", answer: status(http.StatusOK), target: new(*source.ContentTypeError)},
	{name: "content coding", answer: status(http.StatusOK, "Content-Type", "text/event-stream", "Content-Encoding", "br"),
		target: new(*source.ContentTypeError)},
	{name: "redirect loop", answer: redirect(http.StatusFound, secretURL), target: new(*source.RedirectError)},
	{name: "redirect away from HTTP", answer: redirect(http.StatusFound, "ftp://user:"+secret+"@events.test/?"+secret),
		target: new(*source.RedirectError), textHas: "ftp://events.test/"},
	{name: "redirect refused", answer: redirect(http.StatusFound, secretURL),
		target: new(*source.RedirectError), is: errTest,
		client: func(c *http.Client) {
			c.CheckRedirect = func(*http.Request, []*http.Request) error { return errWithURL }
		}},
	{name: "redirect to a malformed URL", answer: redirect(http.StatusFound, "http://user:"+secret+"@events.test:port/"),
		target: new(*source.ConnectionError), textHas: "malformed"},
	{name: "redirect with a slash in the password",
		answer: redirect(http.StatusFound, "http://user:"+secret+"/1@events.test/"),
		target: new(*source.ConnectionError), textHas: "malformed"},
	{name: "refused", client: transported(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}),
		target: new(*source.ConnectionError), is: syscall.ECONNREFUSED},
	{name: "proxy", client: func(c *http.Client) {
		c.Transport.(*http.Transport).Proxy = func(*http.Request) (*url.URL, error) {
			return nil, fmt.Errorf("invalid proxy address %q", "http://user:"+secret+"@proxy.test:port")
		}
	}, target: new(*source.ConnectionError), textHas: `"http://proxy.test:port"`},
	{name: "transport of the caller", client: transported(errWithURL), target: new(*source.ConnectionError), is: errTest},
	{name: "end of the body", answer: body("data: 1\n\n"), target: new(*source.ConnectionError), is: io.EOF},
	{name: "cut", answer: cut("data: 1\n\n"), target: new(*source.ConnectionError), is: io.ErrUnexpectedEOF},
	{name: "connect timeout", answer: silence, target: new(*source.ConnectionError), is: source.ErrConnectTimeout},
	{name: "idle timeout", answer: held(), opts: []source.Option{source.WithIdleTimeout(time.Second)},
		target: new(*source.ConnectionError), is: source.ErrIdleTimeout},
	{name: "parse error", answer: held("data: x\n\n"), target: new(*source.ParseError)},
	{name: "too large", answer: held("data: 12345678\n\n"), opts: []source.Option{source.WithMaxEventBytes(4)},
		target: new(*source.EventTooLargeError)},
}

// events returns the stream of the failure, which logs to the default logger.
func (f failure) events(t *testing.T) observable.Observable[source.Event[int]] {
	answer := f.answer
	if answer == nil {
		answer = status(http.StatusNoContent)
	}
	s := newMemServer(t, answer)
	if f.client != nil {
		f.client(s.Client)
	}
	address := secretURL
	if f.url != "" {
		address = f.url
	}
	opts := []source.Option{source.WithHTTPClient(s.Client), source.WithRetry(retry.Policy{MaxAttempts: 3})}
	return source.FromEventSource[int](address, append(opts, f.opts...)...)
}

// logged returns what is logged by default at any level, for as long as the test runs.
func logged(t *testing.T) *bytes.Buffer {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

// requireNoSecret walks the chain of an error.
func requireNoSecret(t *testing.T, err error) {
	t.Helper()
	require.NotContains(t, err.Error(), secret)
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if next := e.Unwrap(); next != nil {
			requireNoSecret(t, next)
		}
	case interface{ Unwrap() []error }:
		for _, next := range e.Unwrap() {
			requireNoSecret(t, next)
		}
	}
}

// urlOf returns the field URL of an error.
func urlOf(t *testing.T, target any) string {
	switch e := target.(type) {
	case **source.RequestError:
		return (*e).URL
	case **source.StatusError:
		return (*e).URL
	case **source.ContentTypeError:
		return (*e).URL
	case **source.RedirectError:
		return (*e).URL
	case **source.ConnectionError:
		return (*e).URL
	case **source.ParseError:
		return (*e).URL
	case **source.EventTooLargeError:
		return (*e).URL
	default:
		require.Fail(t, "not an error of an event source", "%T", target)
		return ""
	}
}

// Every error has its type, the prefix, and the URL in a field and in the text; no text of its chain has a secret.
func TestErrorsNameTheirURLWithoutSecrets(t *testing.T) {
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := logged(t)
				_, err := f.events(t).Collect(t.Context())
				require.ErrorAs(t, err, f.target)
				require.True(t, strings.HasPrefix(err.Error(), "rivulet: "), err.Error())
				require.Equal(t, 1, strings.Count(err.Error(), "rivulet: "), err.Error())
				require.Contains(t, err.Error(), "event source "+urlOf(t, f.target)+": ")
				require.Contains(t, err.Error(), f.textHas)
				if f.url == "" {
					require.Equal(t, "http://events.test/stream", urlOf(t, f.target))
				}
				if f.is != nil {
					require.ErrorIs(t, err, f.is)
				}
				requireNoSecret(t, err)
				if gaveUp, ok := errors.AsType[*retry.Error](err); ok {
					require.Equal(t, 3, gaveUp.Attempts)
					require.Equal(t, 2, strings.Count(log.String(), "\n"), "one line for each retry: %s", log)
				} else {
					require.Empty(t, log.String())
				}
				require.NotContains(t, log.String(), secret)
			})
		})
	}
}

// The same holds for the lines that are logged when a program does not handle an error.
func TestLogsOfErrorsShowNoSecret(t *testing.T) {
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := logged(t)
				lines := 0
				more := func(what string) {
					t.Helper()
					synctest.Wait() // the sink logs on a goroutine of its own
					now := strings.Count(log.String(), "\n")
					require.Greater(t, now, lines, what)
					lines = now
				}
				require.Error(t, f.events(t).Subscribe(t.Context(), observable.Observer[source.Event[int]]{}).Wait())
				more("Subscribe")

				for _, err := range late(f.events(t)).All(t.Context()) {
					require.NoError(t, err)
					break
				}
				more("All")

				handler := sink.EventSource(f.events(t), sink.Config[source.Event[int]]{})
				handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
				more("sink")

				logging := operators.Log(f.events(t), slog.Default(), "stream")
				_, err := logging.Collect(t.Context())
				require.Error(t, err)
				more("Log")
				require.NotContains(t, log.String(), secret)
			})
		})
	}
}

// late emits an item, and when it is stopped fails with the failure of src.
func late(src observable.Observable[source.Event[int]]) observable.Observable[source.Event[int]] {
	return func(ctx context.Context, emit func(source.Event[int]) bool) error {
		emit(source.Event[int]{})
		return src(ctx, func(source.Event[int]) bool { return true })
	}
}

// Of ten feeds in one stream, the error says which one has failed.
func TestWhichOfTenFeedsHasFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/feeds/7" {
				w.WriteHeader(http.StatusNotFound)
				_, _ = io.WriteString(w, "no such feed")
				return
			}
			send(w, "data: 1\n\n")
			hold(r)
		})
		var feeds []observable.Observable[source.Event[int]]
		for n := range 10 {
			feeds = append(feeds, source.FromEventSource[int](fmt.Sprintf("http://events.test/feeds/%d?key=%s", n, secret),
				s.Options()...))
		}
		_, err := operators.Merge(feeds...).Collect(t.Context())
		require.EqualError(t, err, "rivulet: event source http://events.test/feeds/7: the server answered 404 Not Found")
		refused, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok)
		require.Equal(t, "http://events.test/feeds/7", refused.URL)
		require.Equal(t, "no such feed", string(refused.Body))
	})
}
