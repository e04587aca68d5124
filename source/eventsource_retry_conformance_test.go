package source_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// bodies are answers that each end after what they say, followed by a 204, which completes the stream.
func bodies(of ...string) []http.HandlerFunc {
	var answers []http.HandlerFunc
	for _, b := range of {
		answers = append(answers, body(b))
	}
	return append(answers, status(http.StatusNoContent))
}

// TestLastEventIDConforms: the header Last-Event-ID of each request in turn, "-" for none.
func TestLastEventIDConforms(t *testing.T) {
	long := strings.Repeat("a", 4096)
	for _, row := range []struct {
		name   string
		bodies []string
		want   []string
	}{
		{"C1", []string{"id: abc\ndata: Hello\n\n"}, []string{"-", "abc"}},
		{"C4", []string{"id: \x00\x00\ndata:x\n\n"}, []string{"-", "-"}},
		{"C4 after another", []string{"id: 1\nid: x\x00\ndata:x\n\n"}, []string{"-", "1"}},
		{"C5", []string{"id: 7\n\n"}, []string{"-", "7"}},
		{"C8", []string{"id:  7 \ndata:y\n\n"}, []string{"-", "7"}},
		{"C11", []string{"id: 1\ndata:a\n\n", "id:\ndata:b\n\n", ""}, []string{"-", "1", "-", "-"}},
		{"C13", []string{"data:a\n\n", ""}, []string{"-", "-", "-"}},
		{"C14 unusual", []string{"id: e5p3n<3k0k0s\ndata:a\n\n"}, []string{"-", "e5p3n<3k0k0s"}},
		{"C14 long", []string{"id: " + long[:255] + "\ndata:a\n\n"}, []string{"-", long[:255]}},
		{"C14 longest", []string{"id: " + long + "\ndata:a\n\n"}, []string{"-", long}},
		{"C15 too long", []string{"id: " + long + "a\ndata:a\n\n"}, []string{"-", "-"}},
		{"C15 2 MB", []string{"id: " + strings.Repeat("a", 2<<20) + "\ndata:a\n\n"}, []string{"-", "-"}},
		{"C15 control", []string{"id: 1\ndata:a\n\nid: \x01\ndata:b\n\n", "id: 2\n\n"}, []string{"-", "-", "2"}},
		{"C15 DEL", []string{"id: a\x7fb\ndata:b\n\n", "id: 2\n\n"}, []string{"-", "-", "2"}},
		{"W20 cut off", []string{"retry:1000\ndata:test1\n\nid:test\ndata:test2"}, []string{"-", "-"}},
		{"W20 block not ended", []string{"id: 1\ndata:a\n\nid: 2\ndata: b\n"}, []string{"-", "1"}},
		{"W21 not ASCII", []string{"id: …\ndata:a\n\n"}, []string{"-", "…"}},
		{"W22 kept", []string{"id: 1\ndata:a\n\n", "data:b\n\n", ""}, []string{"-", "1", "1", "1"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, bodies(row.bodies...)...)
				r := l.start(t)
				r.wait(t)
				require.NoError(t, r.err)
				require.Equal(t, row.want, l.lastEventIDs())
			})
		})
	}
}

// What a connection has begun ends with it, but the last event ID does not: events without one carry it.
func TestStateOverConnectionsConforms(t *testing.T) {
	for _, row := range []struct {
		name   string
		bodies []string
		want   []string
	}{
		{"C15 the stream goes on", []string{"id: \x01\ndata:a\n\n", "data:b\n\n"},
			[]string{"message|a|\x01", "message|b|\x01"}},
		{"W20", []string{"data:test1\n\nid:test\ndata:test2", "data:test1\n\n"},
			[]string{"message|test1|", "message|test1|"}},
		{"W22", []string{"id: 1\ndata:a\n\n", "data:b\n\n"}, []string{"message|a|1", "message|b|1"}},
		{"W23 type and data", []string{"event: x\ndata: left\n", "data:y\n\n"}, []string{"message|y|"}},
		{"W24 half a line", []string{"data: le", "ft\n\ndata:y\n\n"}, []string{"message|y|"}},
		{"W25 CR and LF apart", []string{"data:x\r\r", "\n" + bom + "data:no\ndata:y\n\n"},
			[]string{"message|x|", "message|y|"}},
		{"W26 half a character", []string{"data: \xE2\x82", "\xACdata: x\n\ndata:y\n\n"}, []string{"message|y|"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newLab(t, bodies(row.bodies...)...).start(t)
				r.wait(t)
				require.NoError(t, r.err)
				require.Equal(t, row.want, r.got)
			})
		})
	}
}

// C12: the caller's ID is sent with the first request, and events without an ID carry it.
func TestLastEventIDOfTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, bodies("data:a\n\nid: 43\ndata:b\n\n", "data:c\n\n")...)
		r := l.start(t, source.WithLastEventID("42"))
		r.wait(t)
		require.Equal(t, []string{"message|a|42", "message|b|43", "message|c|43"}, r.got)
		require.Equal(t, []string{"42", "43", "43"}, l.lastEventIDs())
	})
}

// TestRetryFieldConforms: the delay before the next attempt after a body that ended.
func TestRetryFieldConforms(t *testing.T) {
	const standard = 3 * time.Second // ours, where the server says nothing
	for _, row := range []struct {
		name string
		body string
		want time.Duration
	}{
		{"none", "data:x\n\n", standard},
		{"D1", "retry:2000\ndata:x\n\n", 2 * time.Second},
		{"D2", "retry:02000\ndata:x\n\n", 2 * time.Second},
		{"D4", "retry\ndata:test\n\n", standard},
		{"D4 colon", "retry:\ndata:test\n\n", standard},
		{"D5 plus", "retry:+400\n\n", standard},
		{"D5 minus", "retry:-400\n\n", standard},
		{"D5 exponent", "retry:4e2\n\n", standard},
		{"D5 point", "retry:400.0\n\n", standard},
		{"D5 space after", "retry:400 \n\n", standard},
		{"D5 two spaces", "retry:  400\n\n", standard},
		{"D5 other digits", "retry:٤٠٠\n\n", standard},
		{"D7 20 digits", "retry:99999999999999999999\n\n", 24 * time.Hour},
		{"D7 13 digits", "retry:9999999999999\n\n", 24 * time.Hour},
		{"D7 overflows in ns", "retry:18446744073710\n\n", 24 * time.Hour},
		{"D7 200 digits", "retry:" + strings.Repeat("9", 200) + "\n\n", 24 * time.Hour},
		{"D8", "retry: 500\n\n", 500 * time.Millisecond},
		{"W27 the last good one", "retry:5000\nretry:1000x\ndata:x\n\n", 5 * time.Second},
		{"W28 at once, in a block cut off", "retry:500\ndata:x", 500 * time.Millisecond},
		{"W28 line cut off", "retry:500", standard},
		{"W29 hexadecimal", "retry:0x400\n\n", standard},
		{"W29 underscore", "retry:4_00\n\n", standard},
		{"W30 more than our longest", "retry:60000\n\n", time.Minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, bodies(row.body)...)
				r := l.start(t, unjittered)
				r.wait(t)
				require.Equal(t, []time.Duration{row.want}, l.gaps())
			})
		})
	}
}

// D1: the server's delay holds after every later loss too, until it gives another.
func TestRetryFieldSurvivesReconnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, heldFor(time.Minute, "retry:2000\n"), heldFor(time.Minute, "data:x\n\n"), heldFor(time.Minute),
			heldFor(time.Minute, "retry: 700\n"), status(204))
		r := l.start(t) // the random part takes nothing off what a server asks for
		r.wait(t)
		want := []time.Duration{62 * time.Second, 62 * time.Second, 62 * time.Second, time.Minute + 700*time.Millisecond}
		require.Equal(t, want, l.gaps())
	})
}

// D6: a delay of 0 is accepted, but a server that gives it and flaps is not asked without end.
func TestRetryFieldOfZero(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		l := newLab(t, append(slices.Repeat([]http.HandlerFunc{body("retry:0\n\n")}, 30), status(204))...)
		l.start(t).wait(t)
		require.Less(t, l.gaps()[0], 1500*time.Millisecond)
		require.Greater(t, time.Since(start), 5*time.Minute)
	})
}

// F12: 200 and the end of the body do not reset the delays; a connection that was healthy does.
func TestDelaysGrowUntilAConnectionIsHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unhealthy, healthy := heldFor(4900*time.Millisecond, "data:x\n\n"), heldFor(5*time.Second, "data:x\n\n")
		l := newLab(t, body(), status(503), cut("data:x\n\n"), body("data:x\n\n"), unhealthy, body(), healthy, body(),
			status(204))
		r := l.start(t, unjittered)
		r.wait(t)
		var gaps []float64
		for _, gap := range l.gaps() {
			gaps = append(gaps, gap.Seconds())
		}
		require.Equal(t, []float64{3, 6, 12, 24, 4.9 + 30, 30, 5 + 3, 6}, gaps)
	})
}

// A random share of up to half is taken off each delay.
func TestDelaysAreRandom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, append(slices.Repeat([]http.HandlerFunc{body()}, 100), status(204))...)
		l.start(t).wait(t)
		different := map[time.Duration]bool{}
		for i, gap := range l.gaps() {
			want := min(3*time.Second<<min(i, 4), 30*time.Second)
			require.GreaterOrEqual(t, gap, want/2, "delay %d", i)
			require.LessOrEqual(t, gap, want, "delay %d", i)
			different[gap] = true
		}
		require.Greater(t, len(different), 10)
	})
}

func TestRetryPolicy(t *testing.T) {
	t.Run("delays", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, body(), body(), body(), heldFor(time.Second), status(204))
			r := l.start(t, source.WithRetry(retry.Policy{
				InitialDelay: 10 * time.Millisecond, MaxDelay: 25 * time.Millisecond, Jitter: -1, HealthyAfter: time.Second,
			}))
			r.wait(t)
			ms := time.Millisecond
			require.Equal(t, []time.Duration{10 * ms, 20 * ms, 25 * ms, 1010 * ms}, l.gaps())
		})
	})
	t.Run("Retryable", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var asked []error
			l := newLab(t, status(404), body(), status(404), status(410))
			r := l.start(t, source.WithRetry(retry.Policy{Retryable: func(err error) bool {
				asked = append(asked, err)
				var refused *source.StatusError
				return !errors.As(err, &refused) || refused.Code == 404
			}}))
			r.wait(t)
			require.Equal(t, 410, statusOf(t, r.err))
			require.Len(t, asked, 4)
		})
	})
	t.Run("Retryable cannot make bytes legal", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, body("data: too long for it\n\n"))
			r := l.start(t, source.WithMaxEventBytes(4),
				source.WithRetry(retry.Policy{Retryable: func(error) bool { return true }}))
			r.wait(t)
			require.ErrorAs(t, r.err, new(*source.EventTooLargeError))
			require.Len(t, l.requests(), 1)
		})
	})
}

func statusOf(t *testing.T, err error) int {
	t.Helper()
	var refused *source.StatusError
	require.ErrorAs(t, err, &refused)
	return refused.Code
}

// The statuses of a server that restarts or is busy are retried, and Retry-After is honoured.
func TestRetriedStatusesConform(t *testing.T) {
	for _, code := range []int{408, 425, 429, 500, 502, 503, 504} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, status(code), status(code), body("data:x\n\n"), status(204))
			r := l.start(t)
			r.wait(t)
			require.NoError(t, r.err, code)
			require.Equal(t, []string{"message|x|"}, r.got, code)
		})
	}
}

func TestRetryAfterConforms(t *testing.T) {
	date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, row := range []struct {
		name       string
		retryAfter func() string
		atLeast    time.Duration
		atMost     time.Duration
	}{
		{"seconds", func() string { return "7" }, 7 * time.Second, 10500 * time.Millisecond},
		{"date", func() string { return date(20 * time.Second) }, 19 * time.Second, 30 * time.Second},
		{"date long ago", func() string { return date(-time.Hour) }, 0, 4500 * time.Millisecond},
		{"absurd", func() string { return "99999999999999999999" }, 1500 * time.Millisecond, 36 * time.Hour},
		{"overflows in ns", func() string { return "18446744074" }, 1500 * time.Millisecond, 36 * time.Hour},
		{"negative", func() string { return "-7" }, 1500 * time.Millisecond, 4500 * time.Millisecond},
		{"words", func() string { return "soon" }, 1500 * time.Millisecond, 4500 * time.Millisecond},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, status(503, "Retry-After", row.retryAfter()), status(204))
				l.start(t).wait(t)
				require.GreaterOrEqual(t, l.gaps()[0], row.atLeast)
				require.LessOrEqual(t, l.gaps()[0], row.atMost)
			})
		})
	}
}

// E5: a connection that cannot be made is tried again.
func TestUnreachableServersConform(t *testing.T) {
	for name, failure := range map[string]error{
		"refused": &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
		"DNS":     &net.DNSError{Err: "no such host", Name: "events.test", IsNotFound: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, body("data:x\n\n"), status(204))
				dials := 0
				l.transport().DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					if dials++; dials%2 == 1 { // at the first connection and at a later one
						return nil, failure
					}
					return l.Dial(ctx, network, address)
				}
				l.transport().DisableKeepAlives = true
				var reasons []error
				r := l.start(t, source.WithOnRetry(func(err error, _ int, _ time.Duration) { reasons = append(reasons, err) }))
				r.wait(t)
				require.NoError(t, r.err)
				require.Equal(t, []string{"message|x|"}, r.got)
				require.Len(t, reasons, 3)
				require.ErrorIs(t, reasons[0], failure)
				require.ErrorIs(t, reasons[2], failure)
			})
		})
	}
}

// E5: so is one whose TLS handshake fails.
func TestTLSErrorsConform(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, body())
		attempts := 0
		r := startRun(t, source.FromEventSource[string]("https://events.test/",
			source.WithHTTPClient(l.Client), quiet,
			source.WithOnRetry(func(error, int, time.Duration) { attempts++ })))
		time.Sleep(time.Minute)
		r.stop()
		require.GreaterOrEqual(t, attempts, 2)
		require.Empty(t, l.requests())
	})
}
