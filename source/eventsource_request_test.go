package source_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

func TestRequestHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(answers(body(""), status(http.StatusNoContent))))
		calls := 0
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(
			source.WithHeader("x-tenant", "a"), source.WithHeader("X-Tenant", "b"), source.WithHeader("accept", "*/*"),
			source.WithRequest(func(r *http.Request) error {
				calls++
				r.Header.Set("Authorization", fmt.Sprint("Bearer ", calls))
				return nil
			}))...))
		require.NoError(t, err)
		for i, r := range seen.requests() {
			require.Equal(t, http.Header{
				"Accept": {"*/*"}, "Accept-Encoding": {"identity"}, "Cache-Control": {"no-cache"}, "X-Tenant": {"a", "b"},
				"Authorization": {fmt.Sprint("Bearer ", i+1)}, "User-Agent": {"Go-http-client/1.1"},
			}, r.Header)
			require.Equal(t, http.MethodGet, r.Method)
		}
		require.Len(t, seen.requests(), 2)
	})
}

func TestMethodAndBodyOfEveryAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(answers(body(""), status(http.StatusNoContent))))
		prompt := []byte(`{"prompt":"hi"}`)
		o := source.FromEventSource[string](s.URL, s.Options(source.WithMethod("REPORT", "application/json", prompt))...)
		prompt[0] = 'x'
		_, err := dataOf(t, o)
		require.NoError(t, err)
		for _, r := range seen.requests() {
			require.Equal(t, "REPORT application/json", r.Method+" "+r.Header.Get("Content-Type"))
		}
		require.Equal(t, []string{`{"prompt":"hi"}`, `{"prompt":"hi"}`}, seen.bodies())
	})
}

func TestLastEventIDThatMayNotBeSent(t *testing.T) {
	long := strings.Repeat("a", 4<<10)
	for id, sent := range map[string][]string{
		"7": {"7"}, " 7 ": {"7"}, "e5p3n<3k0k0s": {"e5p3n<3k0k0s"}, "ä": {"ä"}, "a\tb": {"a\tb"}, long: {long},
		"": nil, " ": nil, "a\x01": nil, "\x7f": nil, long + "a": nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			var seen recorder
			s := newMemServer(t, seen.note(answers(body("id: "+id+"\ndata: a\n\n"), status(http.StatusNoContent))))
			o := source.FromEventSource[string](s.URL, s.Options(source.WithLastEventID("before"))...)
			events, err := o.Collect(t.Context())
			require.NoError(t, err)
			require.Equal(t, id, events[0].ID)
			require.Equal(t, []string{"before"}, seen.requests()[0].Header["Last-Event-Id"])
			require.Equal(t, sent, seen.requests()[1].Header["Last-Event-Id"], "ID %q", id)
		})
	}
}

func TestRequestsThatCannotBeMade(t *testing.T) {
	const good = "http://events.test/"
	header := func(key, value string) source.Option { return source.WithHeader(key, value) }
	for _, test := range []struct {
		name, url string
		opt       source.Option
	}{
		{"no URL", "", nil},
		{"no scheme", "events.test/stream", nil},
		{"no host", "http:///stream", nil},
		{"a port alone", "http://:8080/", nil},
		{"a port that there is not", "http://events.test:65536/", nil},
		{"other scheme", "ftp://events.test/", nil},
		{"other scheme", "data:text/event-stream,data:a", nil},
		{"malformed", "http://[::1/", nil},
		{"control character", "http://events.test/\n", nil},
		{"method", good, source.WithMethod("GE T", "", nil)},
		{"header key", good, header("X Tenant", "a")},
		{"empty header key", good, header("", "a")},
		{"header value", good, header("Authorization", "Bearer abc\n")},
		{"made unusable", good, source.WithRequest(func(r *http.Request) error {
			r.URL = nil
			return nil
		})},
		{"made a method that is none", good, source.WithRequest(func(r *http.Request) error {
			r.Method = "GE T"
			return nil
		})},
		{"error of WithRequest", good, source.WithRequest(func(*http.Request) error { return errTest })},
	} {
		t.Run(test.name, func(t *testing.T) {
			opts := []source.Option{source.WithRetry(retry.Policy{Retryable: func(error) bool { return true }})}
			if test.opt != nil {
				opts = append(opts, test.opt)
			}
			_, err := dataOf(t, source.FromEventSource[string](test.url, opts...))
			failure, ok := errors.AsType[*source.RequestError](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, test.url, failure.URL)
			require.Error(t, failure.Unwrap())
			if test.name == "error of WithRequest" {
				require.ErrorIs(t, err, errTest)
			}
		})
	}
}

func TestURLsOfWhichARequestCanBeMade(t *testing.T) {
	for _, url := range []string{
		"http://events.test", "HTTP://EVENTS.test/", "http://events.test:65535/", "http://events.test:/", "http://[::1]/",
		"http://user:secret@events.test/stream?a=b#c", "http://münchen.test/ä",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newMemServer(t, status(http.StatusNoContent))
			_, err := dataOf(t, source.FromEventSource[string](url, s.Options()...))
			require.NoError(t, err, url)
		})
	}
}

func TestContentTypesOfAnEventStream(t *testing.T) {
	for value, accepted := range map[string]bool{
		"text/event-stream": true, "text/event-stream;": true, "TEXT/Event-Stream ; charset=utf-8": true,
		"text/plain, text/event-stream": true, "text/event-stream, */*": true, "text/event-stream, ": true,
		`text/event-stream; a="b, c"`:   true,
		"text/event-stream, text/plain": false, "text/event-streamer": false, "text /event-stream": false,
		"text/event-stream x": false, "x bogus": false, "*/*": false, "text/": false,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", value)
				send(w, "data: a\n\n")
			})
			_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithCompleteOnEOF())...))
			if accepted {
				require.NoError(t, err, value)
				return
			}
			require.Equal(t, &source.ContentTypeError{URL: s.URL, ContentType: value, Body: []byte("data: a\n\n")}, err)
		})
	}
}

func TestRedirectsWithinTheOriginKeepAll(t *testing.T) {
	for _, place := range []string{"", "http://events.test", "http://EVENTS.test:80"} {
		synctest.Test(t, func(t *testing.T) {
			var seen recorder
			s := newMemServer(t, seen.note(redirects(http.StatusTemporaryRedirect, place)))
			_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(
				source.WithHeader("X-Token", "secret"), source.WithLastEventID("7"),
				source.WithMethod(http.MethodPost, "text/plain", []byte("hi")))...))
			require.NoError(t, err)
			require.Len(t, seen.requests(), 2)
			header := seen.requests()[1].Header
			require.Equal(t, "secret", header.Get("X-Token"))
			require.Equal(t, "7", header.Get("Last-Event-ID"))
			require.Equal(t, "text/plain", header.Get("Content-Type"))
			require.Equal(t, []string{"hi", "hi"}, seen.bodies())
			require.Equal(t, http.MethodPost, seen.requests()[1].Method)
		})
	}
}

func TestRedirectsToAnotherOriginTakeNothingAlong(t *testing.T) {
	for _, code := range []int{301, 302, 303, 307, 308} {
		for name, places := range map[string][]string{
			"host":           {"http://other.test"},
			"subdomain":      {"http://a.events.test"},
			"port":           {"http://events.test:81"},
			"there and back": {"http://other.test", "http://events.test"},
			"and on":         {"http://other.test", "", ""},
		} {
			t.Run(fmt.Sprint(code, " ", name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var seen recorder
					s := newMemServer(t, seen.note(redirects(code, places...)))
					_, err := dataOf(t, source.FromEventSource[string](s.URL+"?token=secret", s.Options(
						source.WithHeader("X-Token", "secret"), source.WithHeader("Cookie", "secret=1"),
						source.WithHeader("User-Agent", "mine"), source.WithLastEventID("7"),
						source.WithMethod(http.MethodPost, "text/plain", []byte("hi")))...))
					require.NoError(t, err)
					require.Len(t, seen.requests(), len(places)+1)
					for i, r := range seen.requests()[1:] {
						require.Equal(t, http.Header{
							"Accept": {"text/event-stream"}, "Accept-Encoding": {"identity"}, "Cache-Control": {"no-cache"},
							"User-Agent": {"Go-http-client/1.1"},
						}, withoutLength(r.Header))
						require.Empty(t, seen.requests()[i+1].body)
					}
				})
			})
		}
	}
}

// withoutLength is header without the length of a body, which a POST without one sends.
func withoutLength(header http.Header) http.Header {
	if header.Get("Content-Length") == "0" {
		header.Del("Content-Length")
	}
	return header
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	loop := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(loop))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		failure, ok := errors.AsType[*source.RedirectError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, s.URL, failure.URL)
		require.Len(t, seen.requests(), 11)
	})
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(redirects(301, "", "", "", "", "", "", "", "", "", "")))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		require.NoError(t, err)
		require.Len(t, seen.requests(), 11, "ten redirects are followed")
	})
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, redirects(301, "ftp://user:secret@other.test"))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		failure, ok := errors.AsType[*source.RedirectError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, s.URL, failure.URL)
		require.Equal(t, "ftp://other.test/1", failure.Location)
	})
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, status(http.StatusMovedPermanently))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		failure, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, http.StatusMovedPermanently, failure.Code)
	})
}

func TestTheCallersCheckRedirectIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, redirects(301, ""))
		s.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		failure, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, http.StatusMovedPermanently, failure.Code)
	})
}

// What it refuses stays refused: no other attempt is made.
func TestTheCallersCheckRedirectRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(redirects(301, "")))
		s.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return errTest }
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		failure, ok := errors.AsType[*source.RedirectError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, "http://events.test/1", failure.Location)
		require.ErrorIs(t, err, errTest)
		require.Contains(t, err.Error(), "refused: "+errTest.Error())
		require.Len(t, seen.requests(), 1)
	})
}

func TestTheTextOfARequestErrorShowsNoSecret(t *testing.T) {
	for _, url := range []string{
		"http://user:secret@events.test/%zz?token=secret", "http://events.test:port/?token=secret",
		"http://us er:secret@events.test/", "ftp://user:secret@events.test/?token=secret",
	} {
		_, err := source.FromEventSource[string](url).First(t.Context())
		require.ErrorAs(t, err, new(*source.RequestError))
		require.NotContains(t, err.Error(), "secret")
	}
}

// Only a POST becomes a GET at 301 and 302, and every method does at 303: Fetch standard, "HTTP-redirect fetch".
func TestMethodsOfRedirects(t *testing.T) {
	for _, row := range []struct {
		code         int
		method, want string
	}{
		{301, "REPORT", "REPORT"}, {302, "REPORT", "REPORT"}, {303, "REPORT", "GET"}, {307, "REPORT", "REPORT"},
		{308, "REPORT", "REPORT"}, {301, "PUT", "PUT"}, {303, "PUT", "GET"}, {301, "POST", "GET"}, {302, "POST", "GET"},
		{303, "POST", "GET"}, {301, "GET", "GET"}, {303, "GET", "GET"},
	} {
		t.Run(fmt.Sprint(row.code, " ", row.method), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen recorder
				s := newMemServer(t, seen.note(redirects(row.code, "", "")))
				_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(
					source.WithMethod(row.method, "text/plain", []byte("hi")), source.WithHeader("X-Key", "k"),
					source.WithHeader("Content-Language", "en"))...))
				require.NoError(t, err)
				require.Len(t, seen.requests(), 3)
				for i, r := range seen.requests()[1:] {
					require.Equal(t, row.want, r.Method)
					require.Equal(t, "k", r.Header.Get("X-Key"))
					if row.want == row.method {
						require.Equal(t, "hi text/plain en", seen.requests()[i+1].body+" "+r.Header.Get("Content-Type")+" "+
							r.Header.Get("Content-Language"))
					} else {
						require.Empty(t, seen.requests()[i+1].body+r.Header.Get("Content-Type")+r.Header.Get("Content-Language"))
						require.Zero(t, r.ContentLength)
					}
				}
			})
		})
	}
}

// A body that cannot be read twice cannot be sent along: the redirect is the answer.
func TestARedirectOfABodyThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(redirects(http.StatusTemporaryRedirect, "")))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithMethod("POST", "", []byte("hi")),
			source.WithRequest(func(r *http.Request) error { r.GetBody = nil; return nil }))...))
		failure, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, http.StatusTemporaryRedirect, failure.Code)
		require.Equal(t, "/1", failure.Header.Get("Location"))
		require.Equal(t, []string{"hi"}, seen.bodies())
	})
}

// The Host that WithRequest has set is kept by a relative redirect, as in net/http.
func TestTheHostOfRedirects(t *testing.T) {
	for place, want := range map[string]string{"": "mine.test", "http://events.test": "events.test"} {
		synctest.Test(t, func(t *testing.T) {
			var seen recorder
			s := newMemServer(t, seen.note(redirects(http.StatusFound, place)))
			_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(
				source.WithRequest(func(r *http.Request) error { r.Host = "mine.test"; return nil }))...))
			require.NoError(t, err)
			require.Equal(t, "mine.test "+want, seen.requests()[0].Host+" "+seen.requests()[1].Host)
		})
	}
}

// The cookies of the caller's jar are sent once to each place, and those that an answer sets are kept.
func TestCookiesOfRedirects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "visited", Value: "yes"})
			redirects(http.StatusFound, "", "")(w, r)
		}))
		var err error
		s.Client.Jar, err = cookiejar.New(nil)
		require.NoError(t, err)
		s.Client.Jar.SetCookies(&url.URL{Scheme: "http", Host: "events.test"}, []*http.Cookie{{Name: "session", Value: "7"}})
		_, err = dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithHeader("Cookie", "own=1"))...))
		require.NoError(t, err)
		var cookies []string
		for _, r := range seen.requests() {
			cookies = append(cookies, r.Header.Get("Cookie"))
		}
		const first, later = "own=1; session=7", "own=1; session=7; visited=yes"
		require.Equal(t, []string{first, later, later}, cookies)
	})
}

func TestTheCallersCheckRedirectSeesTheRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen []string
		s := newMemServer(t, redirects(http.StatusFound, "", ""))
		s.Client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
			seen = append(seen, fmt.Sprint(next.URL.Path, len(via), via[0].URL.Path, next.Response.StatusCode))
			next.Header.Set("X-Added", "yes")
			return nil
		}
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		require.NoError(t, err)
		require.Equal(t, []string{"/11/stream302", "/22/stream302"}, seen)
	})
}

// An ID that HTTP cannot carry is a mistake if the caller gives it, also for a run that begins at a Position.
func TestALastEventIDOfTheCallerThatCannotBeSent(t *testing.T) {
	for _, id := range []string{" ", "a\x01", "\x7f", "a\nb", "a\x00", strings.Repeat("a", 4<<10+1)} {
		synctest.Test(t, func(t *testing.T) {
			var seen recorder
			s := newMemServer(t, seen.note(status(http.StatusNoContent)))
			_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithLastEventID(id))...))
			failure, ok := errors.AsType[*source.RequestError](err)
			require.True(t, ok, "%q: %v", id, err)
			require.Contains(t, failure.Error(), "the last event ID must have")
			require.Empty(t, seen.requests())
		})
	}
}

// WithHeader replaces each header that the client sets itself.
func TestWithHeaderReplaces(t *testing.T) {
	own := map[string]string{
		"Accept": "*/*", "Accept-Encoding": "gzip", "Cache-Control": "max-age=1", "Content-Type": "text/x",
		"User-Agent": "mine",
	}
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		s := newMemServer(t, seen.note(answers(body("id: 8\n\n"), status(http.StatusNoContent))))
		opts := s.Options(source.WithMethod("POST", "text/plain", nil), source.WithHeader("Last-Event-ID", "mine"))
		for key, value := range own {
			opts = append(opts, source.WithHeader(key, value))
		}
		_, err := dataOf(t, source.FromEventSource[string](s.URL, opts...))
		require.NoError(t, err)
		for _, r := range seen.requests() {
			for key, value := range own {
				require.Equal(t, []string{value}, r.Header.Values(key))
			}
		}
		require.Equal(t, "mine", seen.requests()[0].Header.Get("Last-Event-ID"))
		require.Equal(t, "8", seen.requests()[1].Header.Get("Last-Event-ID"), "the ID of the stream goes first")
	})
}
