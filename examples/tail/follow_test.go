package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
)

// A log is a file that a test writes.
type log struct {
	t    *testing.T
	path string
}

func newLog(t *testing.T) log {
	l := log{t, filepath.Join(t.TempDir(), "test.log")}
	l.create()
	return l
}

func (l log) create() { require.NoError(l.t, os.WriteFile(l.path, nil, 0o600)) }

func (l log) write(text string) {
	l.t.Helper()
	file, err := os.OpenFile(l.path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(l.t, err)
	_, err = file.WriteString(text)
	require.NoError(l.t, err)
	require.NoError(l.t, file.Close())
}

// followedLines follows a log while act writes it, and returns the lines after a graceful end.
func followedLines(t *testing.T, act func(l log)) (lines []string) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(t)
		shutdown, begin := context.WithCancel(t.Context())
		subscription := follow(l.path, time.Second, shutdown).Subscribe(t.Context(), observable.Observer[string]{
			Next: func(line string) { lines = append(lines, line) },
		})
		act(l)
		begin()
		require.NoError(t, subscription.Wait())
	})
	return lines
}

func TestFollow(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	for name, c := range map[string]struct {
		act  func(l log)
		want []string
	}{
		"lines that are there": {func(l log) { l.write("a\nb\n") }, []string{"a", "b"}},
		"lines that follow": {func(l log) {
			l.write("a\n")
			time.Sleep(time.Minute)
			l.write("b\r\nc")
			time.Sleep(time.Minute)
			l.write("d\n\ne\n")
		}, []string{"a", "b", "cd", "", "e"}},
		"a line that is not complete": {func(l log) { l.write("a\nb") }, []string{"a", "b"}},
		"a line that is too long":     {func(l log) { l.write(long + "a\nb\n") }, []string{long, "a", "b"}},
		"a new file": {func(l log) {
			l.write("a\n")
			time.Sleep(time.Minute)
			l.write("b\nc")
			require.NoError(l.t, os.Rename(l.path, l.path+".1"))
			time.Sleep(time.Minute)
			l.create()
			l.write("d\n")
			time.Sleep(time.Minute)
			l.write("e\n")
		}, []string{"a", "b", "c", "d", "e"}},
		"a new file at the shutdown": {func(l log) {
			l.write("a\n")
			time.Sleep(time.Minute)
			l.write("b\n")
			require.NoError(l.t, os.Rename(l.path, l.path+".1"))
			l.create()
			l.write("c\n")
		}, []string{"a", "b", "c"}},
		"a file that was truncated": {func(l log) {
			l.write("first\n")
			time.Sleep(time.Minute)
			require.NoError(l.t, os.Truncate(l.path, 0))
			l.write("b\n")
		}, []string{"first", "b"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, followedLines(t, c.act)) })
	}
}

func TestFollowFails(t *testing.T) {
	_, err := follow(filepath.Join(t.TempDir(), "none"), 1, t.Context()).Collect(t.Context())
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestFollowKeepsTheContract(t *testing.T) {
	l := newLog(t)
	l.write("a\nb\nc")
	observabletest.Check(t, follow(l.path, time.Second, context.Background()))
	shutdown, begin := context.WithCancel(t.Context())
	begin()
	observabletest.Check(t, follow(l.path, time.Second, shutdown))
}
