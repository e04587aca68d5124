package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestBatches(t *testing.T) {
	lines := observabletest.Marbles[string]("ab---c-----d|", nil)
	post := func(context.Context, batch) error { return nil }
	joined := operators.Map(posted(lines, 4*observabletest.Frame, post), func(lines []string) string {
		return strings.Join(lines, "")
	})
	_ = observabletest.ExpectMarbles(t, "----x---c---(d|)", joined, map[rune]string{'x': "ab", 'c': "c", 'd': "d"})
}

func TestABatchIsFull(t *testing.T) {
	lines := operators.Map(source.Range(0, 2*batchLines+1), func(int) string { return "line" })
	batches, err := posted(lines, time.Hour, func(context.Context, batch) error { return nil }).Collect(t.Context())
	require.NoError(t, err)
	require.Len(t, batches, 3)
	require.Len(t, batches[2], 1)
}

// A slow server holds the file back: only so many posts run at the same time, and a bounded number of lines wait.
func TestPostsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read, current, most := 0, 0, 0
		var mu sync.Mutex
		lines := operators.Map(source.Repeat("line"), func(line string) string { read++; return line })
		post := func(ctx context.Context, _ batch) error {
			mu.Lock()
			current++
			most = max(most, current)
			mu.Unlock()
			<-ctx.Done()
			return context.Cause(ctx)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err := posted(lines, time.Second, post).Collect(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, posts, most)
		require.Less(t, read, 1000*batchLines)
	})
}

func TestPoster(t *testing.T) {
	for name, c := range map[string]struct {
		answers []int
		want    string
	}{
		"accepted":         {[]int{204}, ""},
		"busy, then not":   {[]int{503, 429, 200}, ""},
		"refused":          {[]int{400}, "the server answered 400"},
		"not accepted yet": {[]int{503, 503, 401}, "the server answered 401"},
	} {
		t.Run(name, func(t *testing.T) {
			requests := 0
			keys := map[string]bool{}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				require.Equal(t, "a\nb\n", string(body))
				keys[r.Header.Get("Idempotency-Key")] = true
				w.WriteHeader(c.answers[requests])
				requests++
			}))
			defer server.Close()
			err := poster(server.URL)(t.Context(), batch{Index: 7, Value: []string{"a", "b"}})
			require.Equal(t, c.want == "", err == nil)
			require.True(t, err == nil || strings.Contains(err.Error(), c.want), err)
			require.Equal(t, len(c.answers), requests)
			require.Len(t, keys, 1)
		})
	}
}

func TestTheProgramLosesNoLine(t *testing.T) {
	var stdout bytes.Buffer
	arguments := strings.Fields("-lines 300 -every 100us -wait 20ms")
	require.NoError(t, run(t.Context(), arguments, &stdout, io.Discard))
	require.Contains(t, stdout.String(), `line 300"`)
	require.Contains(t, stdout.String(), "The server has 300 lines in ")
}

// Ctrl-C while the server is busy: what was read is posted.
func TestCtrlCLosesNoLine(t *testing.T) {
	l := newLog(t)
	l.write("a\nb\n")
	shutdown, interrupt := context.WithCancel(t.Context())
	collector := newCollector()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(collector.String(), "after 0 requests") {
			l.write("c\nd")
			interrupt()
		}
		collector.ServeHTTP(w, r)
	}))
	defer server.Close()
	arguments := []string{"-file", l.path, "-url", server.URL, "-wait", "10ms"}
	require.NoError(t, run(shutdown, arguments, io.Discard, io.Discard))
	require.ElementsMatch(t, []string{"a", "b", "c", "d"}, collector.lines)
}

func TestTheGracePeriodEnds(t *testing.T) {
	l := newLog(t)
	l.write("a\n")
	shutdown, interrupt := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server notices only then that a client leaves
		interrupt()
		<-r.Context().Done()
	}))
	defer server.Close()
	arguments := []string{"-file", l.path, "-url", server.URL, "-wait", "10ms", "-grace", "50ms"}
	require.ErrorIs(t, run(shutdown, arguments, io.Discard, io.Discard), errGrace)
}

func TestWrongArguments(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"-every", "0s"}, io.Discard, io.Discard), "must be positive")
	require.ErrorContains(t, run(t.Context(), []string{"-bogus"}, io.Discard, io.Discard), "-bogus")
	require.Equal(t, "[2Jno", printable(errors.New("\x1b[2Jno").Error()))
}
