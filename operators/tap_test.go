package operators_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestTapKeepsTheContract(t *testing.T) {
	for name, observer := range map[string]observable.Observer[int]{
		"all":  {Next: func(int) {}, Error: func(error) {}, Complete: func() {}},
		"none": {},
	} {
		t.Run(name, func(t *testing.T) {
			checkSynchronous(t, func(src numbers) numbers { return operators.Tap(src, observer) })
		})
	}
}

// spied taps src with an observer that records its calls.
func spied(src numbers, notes *[]string) numbers {
	note := func(format string, args ...any) { *notes = append(*notes, fmt.Sprintf(format, args...)) }
	return operators.Tap(src, observable.Observer[int]{
		Next:     func(v int) { note("next %d", v) },
		Error:    func(err error) { note("error: %v", err) },
		Complete: func() { note("complete") },
	})
}

func TestTapSeesWhatGoesOn(t *testing.T) {
	for name, test := range map[string]struct {
		src  numbers
		want []string
		err  error
	}{
		"complete": {source.Of(1, 2), []string{"next 1", "got 1", "next 2", "got 2", "complete"}, nil},
		"empty":    {source.Empty[int](), []string{"complete"}, nil},
		"failed":   {failing(1), []string{"next 1", "got 1", "error: the source failed"}, errSource},
	} {
		t.Run(name, func(t *testing.T) {
			var notes []string
			err := spied(test.src, &notes).ForEach(t.Context(), func(v int) {
				notes = append(notes, fmt.Sprint("got ", v))
			})
			require.Equal(t, test.err, err)
			require.Equal(t, test.want, notes)
		})
	}
}

func TestTapOfAStoppedRun(t *testing.T) {
	for name, src := range map[string]numbers{
		"endless":        source.Repeat(1),
		"its last item":  source.Of(1),
		"fails to stop":  failingToStop,
		"failing anyway": failing(1),
	} {
		t.Run(name, func(t *testing.T) {
			var notes []string
			_, _ = spied(src, &notes).First(t.Context())
			require.Len(t, notes, 1)
			require.Contains(t, notes[0], "next")
		})
	}
}

func TestTapOfACanceledRun(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var notes []string
	err := spied(source.Repeat(1), &notes).ForEach(ctx, func(int) { cancel(errOther) })
	require.Equal(t, errOther, err)
	require.Equal(t, []string{"next 1", "error: another failure"}, notes)
}

// bare returns a logger without times, and its buffer.
func bare(log *bytes.Buffer) *slog.Logger {
	return slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

func TestLog(t *testing.T) {
	checkOperator(t, func(src numbers) numbers { return operators.Log(src, slog.New(slog.DiscardHandler), "m") })
	for name, test := range map[string]struct {
		src  numbers
		want string
	}{
		"complete": {source.Of(3), "level=INFO msg=visitors item=3\nlevel=INFO msg=visitors complete=true\n"},
		"failed":   {failing(), "level=ERROR msg=visitors error=\"the source failed\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			_, _ = operators.Log(test.src, bare(&log), "visitors").Collect(t.Context())
			require.Equal(t, test.want, log.String())
		})
	}
}

type traceKey struct{}

// traced is a handler that records a value of the context.
type traced struct {
	slog.Handler
	found *[]any
}

func (h traced) Enabled(context.Context, slog.Level) bool { return true }

func (h traced) Handle(ctx context.Context, _ slog.Record) error {
	*h.found = append(*h.found, ctx.Value(traceKey{}))
	return nil
}

func TestLogHandsTheContextToTheLogger(t *testing.T) {
	var found []any
	logger := slog.New(traced{slog.DiscardHandler, &found})
	ctx := context.WithValue(t.Context(), traceKey{}, "id")
	_, _ = operators.Log(operators.Concat(source.Of(1), failing()), logger, "m").Collect(ctx)
	_, _ = operators.Log(source.Empty[int](), logger, "m").Collect(ctx)
	require.Equal(t, []any{"id", "id", "id"}, found)
}

func TestMistakesInTap(t *testing.T) {
	requirePanic(t, "operators.Tap: nil source", func() { operators.Tap(nil, observable.Observer[int]{}) })
	requirePanic(t, "operators.Log: nil source or logger", func() { operators.Log(source.Of(1), nil, "m") })
}
