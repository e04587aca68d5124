package source_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// allocated returns how many bytes f allocates, in this and all other goroutines.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// An answer may list any number of content codings. A decompressor for each would take 6 kB and a frame of the stack.
func TestAHeaderOfManyContentCodings(t *testing.T) {
	for name, codings := range map[string]int{"own client": 100_000, "client of the caller": 900_000} {
		for _, coding := range []string{"gzip", "identity", "x"} {
			t.Run(name+" "+coding, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					header := strings.Repeat(coding+",", codings-1) + coding
					s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Content-Encoding", header)
						send(w, "data: a\n\n")
					})
					opts := s.Options()
					if name == "own client" {
						s.Default(t)
						opts = opts[1:]
					}
					var err error
					size := allocated(func() { _, err = source.FromEventSource[string](s.URL, opts...).First(t.Context()) })
					var refused *source.ContentTypeError
					require.ErrorAs(t, err, &refused)
					require.Len(t, refused.ContentEncoding, 1<<10+len("..."))
					require.Less(t, len(err.Error()), 1<<10)
					require.Less(t, size, uint64(20*len(header)+10<<20), "some copies of the header")
				})
			})
		}
	}
}

// packed returns text in one member of gzip.
func packed(text string) string {
	var member bytes.Buffer
	packer := gzip.NewWriter(&member)
	_, _ = io.WriteString(packer, text)
	_ = packer.Close()
	return member.String()
}

func TestCompressedBodiesThatLie(t *testing.T) {
	events, a := packed("data: a\n\n"), []string{"message|a|"}
	isLimit := func(err error) bool { return errors.As(err, new(*source.EventTooLargeError)) }
	isConnection := func(reason error) func(error) bool {
		return func(err error) bool {
			return errors.As(err, new(*source.ConnectionError)) && errors.As(err, new(*retry.Error)) && errors.Is(err, reason)
		}
	}
	for name, row := range map[string]struct {
		body string
		got  []string
		fits func(error) bool
	}{
		"a bomb of one line":     {packed("data: " + strings.Repeat("x", 4<<20)), nil, isLimit},
		"a bomb of a comment":    {packed(":" + strings.Repeat("x", 4<<20)), nil, isLimit},
		"a bomb of one event":    {packed(strings.Repeat("data: xxxxxxxxxxxxxxxx\n", 256<<10)), nil, isLimit},
		"a bomb of no event":     {packed(strings.Repeat("\n", 4<<20)), nil, isConnection(io.EOF)},
		"a bomb after an event":  {events + packed("data:"+strings.Repeat("x", 4<<20)), a, isLimit},
		"not compressed":         {"data: this is not compressed\n\n", nil, isConnection(gzip.ErrHeader)},
		"a member cut off":       {events[:len(events)-9], a, isConnection(io.ErrUnexpectedEOF)},
		"a header cut off":       {events[:5], nil, isConnection(io.ErrUnexpectedEOF)},
		"a wrong checksum":       {events[:len(events)-8] + "12345678", a, isConnection(gzip.ErrChecksum)},
		"garbage after a member": {events + "garbage of some length", a, isConnection(gzip.ErrHeader)},
		"many empty members":     {strings.Repeat(packed(""), 10_000) + events, a, isConnection(io.EOF)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, inGzip(row.body))
				var r *run
				size := allocated(func() {
					r = l.start(t, source.WithMaxEventBytes(64<<10), source.WithRetry(retry.Policy{MaxAttempts: 1}))
					r.wait(t)
				})
				require.True(t, row.fits(r.err), "%v", r.err)
				require.Contains(t, r.err.Error(), "http://events.test/stream")
				require.Equal(t, row.got, r.got)
				require.Less(t, size, uint64(2<<20), "a few times the limit")
			})
		})
	}
}

// What a server sends in its headers is cut where an error holds it, and escaped in the text.
func TestErrorsOfHostileHeadersAreBounded(t *testing.T) {
	long := strings.Repeat("x", 500_000)
	for name, answer := range map[string]http.HandlerFunc{
		"content type": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", long) },
		"location":     redirect(http.StatusFound, "ftp://"+long),
		"no HTTP":      rawAnswer("HTTP/1.1 200 OK\r\n\x1b[2J" + long + "\r\n\r\n"),
		"status":       rawAnswer("HTTP/1.1 200\x1b[2J" + long + " OK\r\n\r\n"),
		"status text":  rawAnswer("HTTP/1.1 404 \x1b[2J" + long + "\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newLab(t, answer).start(t, source.WithRetry(retry.Policy{MaxAttempts: 1}))
				r.wait(t)
				require.Error(t, r.err)
				for err := r.err; err != nil; err = errors.Unwrap(err) {
					require.Less(t, len(err.Error()), 2<<10)
					require.NotContains(t, err.Error(), "\x1b")
				}
				if refused, ok := errors.AsType[*source.RedirectError](r.err); ok {
					require.Less(t, len(refused.Location), 2<<10)
				}
			})
		})
	}
}
