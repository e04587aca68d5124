package source_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// TestStatusesConform: E7, a status that says that the stream is not there ends it, and nothing is asked again.
func TestStatusesConform(t *testing.T) {
	for _, code := range []int{
		201, 202, 203, 205, 206, 210, 299, 300, 304, 305, 400, 401, 403, 404, 410, 418, 451, 501, 505,
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, status(code, "Content-Type", "text/event-stream", "X-Reason", "test"))
				r := l.start(t)
				r.wait(t)
				require.Equal(t, code, statusOf(t, r.err))
				require.Empty(t, r.got)
				require.Len(t, l.requests(), 1)
			})
		})
	}
}

// E7: the policy of the standard retries no status, but the network and the end of the body as ever.
func TestRetryStandard(t *testing.T) {
	for _, code := range []int{408, 425, 429, 500, 502, 503, 504} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, body("data:x\n\n"), cut("data:y\n\n"), status(code))
			r := l.start(t, source.WithRetry(source.RetryStandard()))
			r.wait(t)
			require.Equal(t, code, statusOf(t, r.err))
			require.Equal(t, []string{"message|x|", "message|y|"}, r.got)
			require.Len(t, l.requests(), 3)
		})
	}
}

// E7: the error holds what the server said, of the body its first 4 KiB; text in a body of a failure is no event.
func TestStatusErrorHoldsTheAnswer(t *testing.T) {
	for _, size := range []int{0, 10, 4096, 4097, 1 << 20} {
		synctest.Test(t, func(t *testing.T) {
			said := "data: no event\n\n" + strings.Repeat("x", 1<<20)
			r := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				w.Header().Set("X-Reason", "moved")
				w.WriteHeader(http.StatusGone)
				_, _ = io.WriteString(w, said[:size])
			}).start(t)
			r.wait(t)
			var refused *source.StatusError
			require.ErrorAs(t, r.err, &refused)
			require.Equal(t, 410, refused.Code)
			require.Equal(t, "moved", refused.Header.Get("X-Reason"))
			require.Equal(t, said[:min(size, 4096)], string(refused.Body))
			require.Contains(t, refused.Error(), "410")
			require.Empty(t, r.got)
		})
	}
}

// An answer that ends the stream ends it promptly, also when its body never does.
func TestRefusalWithAHangingBody(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"status": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(404)
			write(w, "never")
			<-r.Context().Done()
		},
		"content type": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			held("<html>")(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, answer)
				r := l.start(t)
				time.Sleep(time.Minute)
				synctest.Wait()
				require.Zero(t, l.open())
				r.wait(t)
				require.Error(t, r.err)
				require.Len(t, l.requests(), 1)
			})
		})
	}
}

// After 101 a connection is no longer one of HTTP, and knows no context: the run must not read on from it.
func TestSwitchedProtocol(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		withTransport(t, &http.Transport{DialContext: dialTo(func(conn net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			readAllOf(conn)
		})})
		start := time.Now()
		r := startRun(t, source.FromEventSource[string]("http://events.test/"))
		r.wait(t)
		require.Equal(t, 101, statusOf(t, r.err))
		require.Zero(t, time.Since(start))
	})
}

// E8: 204 says stop, on a reconnection as on the first request.
func TestNoContentCompletes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var states []string
		l := newLab(t, body("retry: 2\ndata: opened\n\n"), body("data: reconnected\n\n"), status(204))
		r := l.start(t, source.WithOnStateChange(func(s source.State) { states = append(states, s.String()) }))
		r.wait(t)
		require.NoError(t, r.err)
		require.Equal(t, []string{"message|opened|", "message|reconnected|"}, r.got)
		require.Equal(t, []string{"Connecting", "Open", "Connecting", "Open", "Connecting", "Closed"}, states)
		time.Sleep(time.Hour)
		require.Len(t, l.requests(), 3)
	})
	synctest.Test(t, func(t *testing.T) {
		r := newLab(t, status(204)).start(t)
		r.wait(t)
		require.NoError(t, r.err)
	})
}

// TestLostConnectionsConform: E2, E3, E4, F11: whatever way a body ends, there is another attempt, and it works.
func TestLostConnectionsConform(t *testing.T) {
	for _, row := range []struct {
		name  string
		first http.HandlerFunc
		want  []string
	}{
		{"E2", body("data:x\n\n"), []string{"message|x|", "message|y|"}},
		{"E3", body(), []string{"message|y|"}},
		{"E3 no chunk", status(200, "Content-Type", "text/event-stream"), []string{"message|y|"}},
		{"E4 chunked", cut("data:x\n\ndata:"), []string{"message|x|", "message|y|"}},
		{"E4 length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			write(w, "data:x\n\ndata:")
			panic(http.ErrAbortHandler)
		}, []string{"message|x|", "message|y|"}},
		{"E4 before the headers", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			[]string{"message|y|"}},
		{"E4 no HTTP", rawAnswer("SSH-2.0-OpenSSH_9.9\r\n"), []string{"message|y|"}},
		{"E4 broken chunk", rawAnswer("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" +
			"Transfer-Encoding: chunked\r\n\r\n8\r\ndata:x\n\n\r\nzz\r\n"), []string{"message|x|", "message|y|"}},
		{"E4 until close", rawAnswer("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata:x\n\ndata:"),
			[]string{"message|x|", "message|y|"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, row.first, held("data:y\n\n"))
				r := l.start(t)
				time.Sleep(time.Minute)
				synctest.Wait()
				require.Equal(t, row.want, r.got)
				require.Len(t, l.requests(), 2)
			})
		})
	}
}

// rawAnswer answers with bytes of its own and closes the connection.
func rawAnswer(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, answer)
		_ = conn.Close()
	}
}

// TestContentTypesConform: E14 and E15, read as the Fetch and MIME Sniffing standards extract a MIME type.
func TestContentTypesConform(t *testing.T) {
	for _, row := range []struct {
		name     string
		values   []string
		accepted bool
	}{
		{"E14", []string{"text/event-stream"}, true},
		{"E14", []string{"text/event-stream;"}, true},
		{"E14", []string{"text/event-stream;charset=utf-8"}, true},
		{"E14", []string{"text/event-stream; charset=windows-1252"}, true},
		{"E14", []string{"TEXT/Event-Stream"}, true},
		{"E14", []string{"text/event-stream ; charset=UTF-8"}, true},
		{"W31 spaces", []string{" \ttext/event-stream\t "}, true},
		{"W31 no value", []string{"text/event-stream;charset"}, true},
		{"W31 twice", []string{"text/event-stream;charset=utf-8;charset=utf-8"}, true},
		{"W31 open quote", []string{`text/event-stream;charset="utf-8`}, true},
		{"W31 bad parameter", []string{"text/event-stream;===;;x bogus=1"}, true},
		{"W32 the last of two", []string{"text/plain", "text/event-stream"}, true},
		{"W32 in one line", []string{"text/plain, text/event-stream"}, true},
		{"W32 doubled", []string{"text/event-stream, text/event-stream"}, true},
		{"W32 comma in quotes of another", []string{`text/plain;a=",", text/event-stream`}, true},
		{"W32 comma in quotes of ours", []string{`text/event-stream;a="\", text/html"`}, true},
		{"W32 the last that is one", []string{"text/event-stream", "bogus", "*/*"}, true},
		{"E15", []string{"text/x-bogus"}, false},
		{"E15", []string{"x bogus"}, false},
		{"E15 none", nil, false},
		{"E15", []string{"application/json"}, false},
		{"E15", []string{"text/event-streamer"}, false},
		{"W33", []string{""}, false},
		{"W33", []string{"text/event"}, false},
		{"W33", []string{"text/event-stream x"}, false},
		{"W33", []string{"xtext/event-stream"}, false},
		{"W33", []string{"text/ event-stream"}, false},
		{"W33", []string{"text/plain;text/event-stream"}, false},
		{"W33 in quotes", []string{`text/plain;a=",text/event-stream,"`}, false},
		{"W32 the last is another", []string{"text/event-stream", "text/plain"}, false},
	} {
		t.Run(fmt.Sprintf("%s %q", row.name, row.values), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header()["Content-Type"] = row.values
					_, _ = io.WriteString(w, "data:x\n\n")
				})
				r := l.start(t, source.WithCompleteOnEOF())
				r.wait(t)
				if row.accepted {
					require.NoError(t, r.err)
					require.Equal(t, []string{"message|x|"}, r.got)
					return
				}
				require.ErrorAs(t, r.err, new(*source.ContentTypeError))
				require.Empty(t, r.got)
				require.Len(t, l.requests(), 1)
			})
		})
	}
}

// A23: whatever charset is named, the bytes are UTF-8.
func TestCharsetIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream;charset=windows-1252")
			write(w, "data:ok\xE2\x80\xA6\n\n")
		}).start(t, source.WithCompleteOnEOF())
		r.wait(t)
		require.Equal(t, []string{"message|ok…|"}, r.got)
	})
}

// E17: a URL that no request can be made of fails for good, and nothing is asked.
func TestUnusableURLsConform(t *testing.T) {
	for _, url := range []string{
		"", "/stream", "ftp://events.test/", "file:///etc/passwd", "http://", "http://a b/", "://x",
		"javascript:alert(1)", "http://events.test:port/", "ws://events.test/",
	} {
		t.Run(url, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				retries := 0
				always := retry.Policy{Retryable: func(error) bool { return true }}
				r := startRun(t, source.FromEventSource[string](url, source.WithRetry(always),
					source.WithOnRetry(func(error, int, time.Duration) { retries++ })))
				r.wait(t)
				var unusable *source.RequestError
				require.ErrorAs(t, r.err, &unusable)
				require.Equal(t, url, unusable.URL)
				require.Zero(t, retries)
			})
		})
	}
}

// E9, E12: a redirect is followed, also a relative one; the next attempt asks the original URL again.
func TestRedirectsConform(t *testing.T) {
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{
			"http://events.test/new", "/new", "new", "//events.test/new", "http://other.test/new",
		} {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, byPath(map[string]http.HandlerFunc{
					"events.test/stream": redirect(code, location),
					"events.test/new":    body("id: 1\ndata:x\n\n"),
					"other.test/new":     body("id: 1\ndata:x\n\n"),
				}))
				r := l.start(t, source.WithRetry(retry.Policy{MaxAttempts: 2}))
				r.wait(t)
				require.Equal(t, []string{"message|x|1", "message|x|1"}, r.got)
				var asked []string
				for _, request := range l.requests() {
					asked = append(asked, request.URL.Path)
				}
				require.Equal(t, []string{"/stream", "/new", "/stream", "/new"}, asked)
			})
		}
	}
}

// E10, E11, E13 and redirects that lead nowhere: an end, and no endless loop.
func TestRedirectsThatEndConform(t *testing.T) {
	loop := redirect(302, "/stream")
	chain := func(length int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			n := 0
			_, _ = fmt.Sscanf(r.URL.RawQuery, "%d", &n)
			if n == length {
				body("data:x\n\n")(w, r)
				return
			}
			redirect(307, fmt.Sprintf("/stream?%d", n+1))(w, r)
		}
	}
	isRedirect := func(err error) bool { return errors.As(err, new(*source.RedirectError)) }
	isStatus := func(err error) bool { return errors.As(err, new(*source.StatusError)) }
	none := func(err error) bool { return err == nil }
	for _, row := range []struct {
		name   string
		answer http.HandlerFunc
		ends   func(error) bool
		most   int // requests
	}{
		{"E10 301 without", status(301), isStatus, 1},
		{"E10 307 without", status(307), isStatus, 1},
		{"E10 301 empty", redirect(301, ""), func(err error) bool { return isStatus(err) || isRedirect(err) }, 11},
		{"E10 307 empty", redirect(307, ""), func(err error) bool { return isStatus(err) || isRedirect(err) }, 11},
		{"E11", byPath(map[string]http.HandlerFunc{"events.test/stream": redirect(301, "/gone"),
			"events.test/gone": status(204)}), none, 2},
		{"E13", loop, isRedirect, 11},
		{"ten", chain(10), none, 11},
		{"eleven", chain(11), isRedirect, 11},
		{"away from HTTP", redirect(302, "ftp://events.test/"), isRedirect, 1},
		{"to a file", redirect(302, "file:///etc/passwd"), isRedirect, 1},
		{"W34 300 is none", redirect(300, "/new"), isStatus, 1},
		{"W34 304 is none", redirect(304, "/new"), isStatus, 1},
		{"W34 305 is none", redirect(305, "/new"), isStatus, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, row.answer)
				r := l.start(t, source.WithCompleteOnEOF())
				r.wait(t)
				require.True(t, row.ends(r.err), "%v", r.err)
				require.LessOrEqual(t, len(l.requests()), row.most)
			})
		})
	}
}

// A Location that is no URL is an error of the network for the Fetch standard, and with that one to be tried again.
func TestARedirectToNoURL(t *testing.T) {
	for _, location := range []string{"http://[::1/", "http://events.test:port/", "/%zz", "ht tp://events.test/"} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, redirect(302, location), body("data:x\n\n"), status(204))
			r := l.start(t)
			r.wait(t)
			require.NoError(t, r.err)
			require.Equal(t, []string{"message|x|"}, r.got)
		})
	}
}

// A redirect takes along what the Fetch standard lets it: to another origin nothing of the caller's, and a POST
// becomes a GET where the status says so.
func TestRedirectsTakeAlong(t *testing.T) {
	const same, other = "http://events.test/new", "http://other.test/new"
	for _, row := range []struct {
		name     string
		code     int
		location string
		method   string
		header   bool // the caller's header, Last-Event-ID
		body     string
	}{
		{"301 same", 301, same, "GET", true, ""},
		{"302 same", 302, same, "GET", true, ""},
		{"303 same", 303, same, "GET", true, ""},
		{"307 same", 307, same, "POST", true, "question"},
		{"308 same", 308, same, "POST", true, "question"},
		{"302 other", 302, other, "GET", false, ""},
		{"303 other", 303, other, "GET", false, ""},
		{"307 other", 307, other, "POST", false, ""},
		{"308 other", 308, other, "POST", false, ""},
		{"302 other port", 302, "http://events.test:81/new", "GET", false, ""},
		{"302 subdomain", 302, "http://sub.events.test/new", "GET", false, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, redirect(row.code, row.location), status(204))
				r := l.start(t, source.WithMethod("POST", "text/plain", []byte("question")), source.WithHeader("X-Key", "k"),
					source.WithHeader("Authorization", "Bearer secret"), source.WithHeader("Cookie", "a=b"),
					source.WithLastEventID("7"))
				r.wait(t)
				require.NoError(t, r.err)
				second := l.requests()[1]
				require.Equal(t, row.method, second.Method)
				require.Equal(t, row.body, second.body)
				require.Equal(t, "text/event-stream", second.Header.Get("Accept"))
				require.Equal(t, "no-cache", second.Header.Get("Cache-Control"))
				for _, key := range []string{"X-Key", "Authorization", "Cookie", "Last-Event-ID"} {
					require.Equal(t, row.header, second.Header.Get(key) != "", key)
				}
				if row.body == "" {
					require.Empty(t, second.Header.Get("Content-Type"))
				}
			})
		})
	}
}

// Through another origin and back, or on within it, what was dropped stays dropped.
func TestRedirectsThroughAnotherOrigin(t *testing.T) {
	for _, back := range []string{"http://events.test/new", "http://other.test/new"} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, redirect(307, "http://other.test/"), redirect(307, back), status(204))
			r := l.start(t, source.WithHeader("Authorization", "Bearer secret"), source.WithLastEventID("7"))
			r.wait(t)
			require.NoError(t, r.err)
			require.Len(t, l.requests(), 3)
			require.Empty(t, l.requests()[2].Header.Get("Authorization"))
			require.Equal(t, []string{"7", "-", "-"}, l.lastEventIDs())
		})
	}
}

// TestRequestsConform: F1, F2, F3, F4, on every attempt.
func TestRequestsConform(t *testing.T) {
	t.Run("F1 F2", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, body(), status(204))
			l.start(t).wait(t)
			for _, request := range l.requests() {
				require.Equal(t, "GET", request.Method)
				require.Equal(t, []string{"text/event-stream"}, request.Header.Values("Accept"))
				require.Equal(t, []string{"no-cache"}, request.Header.Values("Cache-Control"))
				require.Empty(t, request.Header.Values("Last-Event-ID"))
				require.Empty(t, request.body)
			}
		})
	})
	t.Run("F3", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, body(), status(204))
			l.start(t, source.WithHeader("X-Key", "a"), source.WithHeader("x-key", "b")).wait(t)
			for _, request := range l.requests() {
				require.Equal(t, []string{"a", "b"}, request.Header.Values("X-Key"))
			}
		})
	})
	t.Run("F3 in place of ours", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, status(204))
			l.start(t, source.WithHeader("Accept", "text/event-stream, */*"), source.WithHeader("Host", "ignored.test")).wait(t)
			require.Equal(t, []string{"text/event-stream, */*"}, l.requests()[0].Header.Values("Accept"))
		})
	})
	for _, method := range []string{"POST", "REPORT"} {
		t.Run("F4 "+method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				question := []byte("question")
				l := newLab(t, body("id: 1\n\n"), status(503), status(204))
				events := l.events(source.WithMethod(method, "application/json", question))
				question[0] = 'X'
				startRun(t, events).wait(t)
				require.Len(t, l.requests(), 3)
				for _, request := range l.requests() {
					require.Equal(t, method, request.Method)
					require.Equal(t, "question", request.body)
					require.Equal(t, "application/json", request.Header.Get("Content-Type"))
					require.Equal(t, "text/event-stream", request.Header.Get("Accept"))
					require.EqualValues(t, len("question"), request.ContentLength)
				}
				require.Equal(t, []string{"-", "1", "1"}, l.lastEventIDs())
			})
		})
	}
}

// A header that HTTP does not allow is a mistake, which no further attempt mends.
func TestIllegalRequestsFail(t *testing.T) {
	for name, option := range map[string]source.Option{
		"header key":   source.WithHeader("a b", "x"),
		"header value": source.WithHeader("X-Key", "a\r\nX-Evil: 1"),
		"method":       source.WithMethod("G T", "", nil),
		"prepared":     source.WithRequest(func(*http.Request) error { return errTest }),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, body("data:x\n\n"))
				r := l.start(t, option)
				time.Sleep(time.Hour)
				synctest.Wait()
				require.Empty(t, l.requests())
				r.wait(t)
				require.ErrorAs(t, r.err, new(*source.RequestError))
				if name == "prepared" {
					require.ErrorIs(t, r.err, errTest)
				}
			})
		})
	}
}

// W35: an answer in gzip is read event by event; one in a coding that we cannot read is not taken for events.
func TestContentCodings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newLab(t, compressed("data:a\n\n", "data:b\n\n")).start(t)
		synctest.Wait()
		require.Equal(t, []string{"message|a|", "message|b|"}, r.got)
	})
	for coding, readable := range map[string]bool{
		"": true, "identity": true, "Identity, identity": false, "none": true, "utf-8": true, "chunked": true,
		"br": false, "Deflate": false, "zstd": false, "compress": false, "identity, br": false,
	} {
		t.Run(coding, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Encoding", coding)
					write(w, "data:a\n\n")
				})
				r := l.start(t, source.WithCompleteOnEOF())
				r.wait(t)
				if readable {
					require.NoError(t, r.err)
					require.Equal(t, []string{"message|a|"}, r.got)
					return
				}
				var refused *source.ContentTypeError
				require.ErrorAs(t, r.err, &refused)
				require.Equal(t, coding, refused.ContentEncoding)
				require.Contains(t, refused.Error(), coding)
				require.Len(t, l.requests(), 1)
			})
		})
	}
}

// A server may compress each event by itself. None waits for the next one, and the end of the last is that of the body.
func TestGzipInSeveralMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			for _, piece := range []string{"", "data:a\n\n", "", "data:b", "\n\n", ":\n"} {
				var member bytes.Buffer
				packed := gzip.NewWriter(&member)
				_, _ = io.WriteString(packed, piece)
				_ = packed.Close()
				send(w, member.String())
				time.Sleep(time.Second)
			}
		})
		begin := time.Now()
		var got []string
		err := l.events(source.WithCompleteOnEOF()).ForEach(t.Context(), func(e source.Event[string]) {
			got = append(got, fmt.Sprint(e.Data, " after ", time.Since(begin)))
		})
		require.NoError(t, err)
		require.Equal(t, []string{"a after 1s", "b after 4s"}, got)
	})
}
