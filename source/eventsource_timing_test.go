package source_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

func TestTheDelaysGrowUntilAConnectionIsHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen retries
		s := newMemServer(t, answers(
			body(""), body(""), status(http.StatusInternalServerError), heldFor(5*time.Second-1, ":"),
			heldFor(5*time.Second, ":"), body(""), status(http.StatusNoContent),
		))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(unjittered, source.WithOnRetry(seen.note))...))
		require.NoError(t, err)
		const unit = 3 * time.Second
		require.Equal(t, []time.Duration{unit, 2 * unit, 4 * unit, 8 * unit, unit, 2 * unit}, seen.delays)
		require.Equal(t, []int{1, 2, 3, 4, 1, 2}, seen.attempts)
		require.ErrorIs(t, seen.errs[0], io.EOF)
		status, ok := errors.AsType[*source.StatusError](seen.errs[2])
		require.True(t, ok)
		require.Equal(t, http.StatusInternalServerError, status.Code)
	})
}

func TestHoursOfBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen retries
		s := newMemServer(t, status(http.StatusServiceUnavailable))
		opts := s.Options(source.WithRetry(retry.Policy{MaxAttempts: 1000}), source.WithOnRetry(seen.note))
		begin := time.Now()
		_, err := dataOf(t, source.FromEventSource[string](s.URL, opts...))
		_, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok, "the last error is the result")
		require.Len(t, seen.delays, 999)
		require.Greater(t, time.Since(begin), 4*time.Hour)
		for i, delay := range seen.delays {
			most := min(3*time.Second<<min(i, 10), 30*time.Second)
			require.LessOrEqual(t, delay, most)
			require.GreaterOrEqual(t, delay, most/2)
		}
	})
}

func TestRetryOfTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen retries
		healthy := heldFor(time.Minute, "data: a\n\n")
		s := newMemServer(t, answers(
			heldFor(time.Minute, "retry: 2000\n"), healthy, healthy, body("retry: 2000\n"), body("retry: 2000\n"),
			heldFor(time.Minute, "retry: 0\n"), body("data: b\n\n"), heldFor(time.Minute, "retry: 9999999999999\n"),
			status(http.StatusNoContent),
		))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(unjittered, source.WithOnRetry(seen.note))...))
		require.NoError(t, err)
		const second = time.Second
		require.Equal(t, []time.Duration{
			2 * second, 2 * second, 2 * second, 4 * second, 8 * second, 0, 3 * second, 24 * time.Hour,
		}, seen.delays)
	})
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"60":                            60 * time.Second,
		"1":                             3 * time.Second,
		"":                              3 * time.Second,
		"soon":                          3 * time.Second,
		"-5":                            3 * time.Second,
		"999999999999999999999":         24 * time.Hour,
		"-999999999999999999999":        3 * time.Second,
		"Sat, 01 Jan 2000 00:01:00 GMT": time.Minute, // the bubble begins at midnight
		"Fri, 31 Dec 1999 00:00:00 GMT": 3 * time.Second,
		"Fri, 31 Dec 9999 00:00:00 GMT": 24 * time.Hour,
	} {
		t.Run(value, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen retries
				s := newMemServer(t, answers(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Retry-After", value)
					w.WriteHeader(http.StatusTooManyRequests)
				}, status(http.StatusNoContent)))
				o := source.FromEventSource[string](s.URL, s.Options(unjittered, source.WithOnRetry(seen.note))...)
				_, err := dataOf(t, o)
				require.NoError(t, err)
				require.Equal(t, []time.Duration{want}, seen.delays)
			})
		})
	}
}

func TestConnectTimeout(t *testing.T) {
	once := source.WithRetry(retry.Policy{MaxAttempts: 1})
	for name, test := range map[string]struct {
		clientTimeout time.Duration
		opts          []source.Option
		want          time.Duration
	}{
		"default":                   {0, nil, 30 * time.Second},
		"option":                    {0, []source.Option{source.WithConnectTimeout(time.Second)}, time.Second},
		"of the client":             {time.Minute, nil, time.Minute},
		"option, not of the client": {time.Minute, []source.Option{source.WithConnectTimeout(time.Hour)}, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newMemServer(t, silence)
				s.Client.Timeout = test.clientTimeout
				begin := time.Now()
				_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(append(test.opts, once)...)...))
				require.ErrorIs(t, err, source.ErrConnectTimeout)
				require.EqualError(t, err, "rivulet: giving up after 1 attempt: event source http://events.test/stream: "+
					"no answer within the connect timeout")
				require.Equal(t, test.want, time.Since(begin))
			})
		})
	}
	t.Run("none", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(24 * time.Hour)
				w.WriteHeader(http.StatusNoContent)
			})
			opts := s.Options(source.WithConnectTimeout(0), once)
			_, err := dataOf(t, source.FromEventSource[string](s.URL, opts...))
			require.NoError(t, err)
		})
	})
}

func TestTimeoutsOfTheConnectionDoNotCutAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
			send(w, "data: a\n\n")
			time.Sleep(time.Hour)
			send(w, "data: b\n\n")
		})
		s.Client.Timeout = time.Second
		got, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithCompleteOnEOF())...))
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, got)
	})
}

func TestConnectTimeoutInWithRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen retries
		calls := 0
		s := newMemServer(t, status(http.StatusNoContent))
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(
			source.WithOnRetry(seen.note),
			source.WithRequest(func(r *http.Request) error {
				if calls++; calls == 1 {
					<-r.Context().Done()
				}
				return r.Context().Err()
			}))...))
		require.NoError(t, err)
		require.Equal(t, []error{&source.ConnectionError{URL: s.URL, Err: source.ErrConnectTimeout}}, seen.errs,
			"no fault of the request")
	})
}

func TestIdleTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen retries
		s := newMemServer(t, answers(func(w http.ResponseWriter, r *http.Request) {
			for _, text := range []string{"data: a\n\n", ":", "\n", "x", "\ndata: b\n\n"} {
				send(w, text)
				time.Sleep(time.Minute - 1)
			}
			hold(r)
		}, status(http.StatusNoContent)))
		begin := time.Now()
		o := source.FromEventSource[string](s.URL, s.Options(
			source.WithIdleTimeout(time.Minute), source.WithOnRetry(seen.note), unjittered)...)
		got, err := dataOf(t, o)
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, got)
		require.Equal(t, []error{&source.ConnectionError{URL: s.URL, Err: source.ErrIdleTimeout}}, seen.errs)
		require.Equal(t, 5*time.Minute-4+3*time.Second, time.Since(begin))
	})
}

func TestASlowSubscriberIsNoIdleServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
			for i := range 3 {
				send(w, fmt.Sprintf("data: %d\n\n", i))
				time.Sleep(59 * time.Second)
			}
		})
		o := source.FromEventSource[int](s.URL, s.Options(
			source.WithIdleTimeout(time.Minute), source.WithCompleteOnEOF(),
			source.WithOnOpen(func(*http.Response) { time.Sleep(time.Hour) }))...)
		n := 0
		require.NoError(t, o.ForEach(t.Context(), func(source.Event[int]) {
			n++
			time.Sleep(time.Hour)
		}))
		require.Equal(t, 3, n)
	})
}

func TestAnErrorBodyWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			send(w, "no")
			hold(r)
		})
		begin := time.Now()
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithConnectTimeout(0))...))
		failure, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok)
		require.Equal(t, "no", string(failure.Body))
		require.Equal(t, time.Second, time.Since(begin))
	})
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			for {
				if _, err := w.Write(make([]byte, 1000)); err != nil {
					return
				}
			}
		})
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		failure, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok)
		require.Len(t, failure.Body, 4<<10)
	})
}
