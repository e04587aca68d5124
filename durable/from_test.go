package durable_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// first returns the data of the first n messages.
func first[T any](t testing.TB, messages observable.Observable[durable.Message[T]], n int) []T {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	data, err := operators.Map(operators.Take(messages, n), durable.Data[T]).Collect(ctx)
	require.NoError(t, err)
	return data
}

func TestFromStarts(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 10)
	middle, err := operators.Skip(durable.From[int](nc, "numbers"), 4).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(5), middle.Seq)
	require.Equal(t, "numbers.odd", middle.Subject)

	for _, test := range []struct {
		name string
		opts []durable.FromOption
		want []int
	}{
		{"at the first message", nil, through(1, 10)},
		{"at a sequence", []durable.FromOption{durable.WithStartSequence(8)}, through(8, 10)},
		{"at a time", []durable.FromOption{durable.WithStartTime(middle.Time)}, through(5, 10)},
		{"after a cursor", []durable.FromOption{durable.WithCursor(middle.Cursor())}, through(6, 10)},
		{"after no cursor", []durable.FromOption{durable.WithCursor("")}, through(1, 10)},
		{"at the tail", []durable.FromOption{durable.WithStartTail(3)}, through(8, 10)},
		{"at a tail longer than the stream", []durable.FromOption{durable.WithStartTail(11)}, through(1, 10)},
		{"at the last of each subject", []durable.FromOption{durable.WithStartLast()}, []int{9, 10}},
		{"with a filter", []durable.FromOption{durable.WithSubjects("numbers.odd")}, []int{1, 3, 5, 7, 9}},
		{"with filters", []durable.FromOption{durable.WithSubjects("numbers.odd", "numbers.even")}, through(1, 10)},
		{"with a small batch", []durable.FromOption{durable.WithBatch(1)}, through(1, 10)},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, first(t, durable.From[int](nc, "numbers", test.opts...), len(test.want)))
		})
	}
	t.Run("at the next message", func(t *testing.T) {
		opened := func(state source.State) {
			if state == source.Open {
				add(t, nc, 11, 12)
			}
		}
		require.Equal(t, []int{11, 12},
			first(t, durable.From[int](nc, "numbers", durable.WithStartNew(), durable.WithOnStateChange(opened)), 2))
	})
	require.Empty(t, consumers(t, nc))
}

func TestFromDecodes(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 2)
	require.Equal(t, []string{"1", "2"}, first(t, durable.From[string](nc, "numbers"), 2))
	require.Equal(t, [][]byte{[]byte("1"), []byte("2")}, first(t, durable.From[[]byte](nc, "numbers"), 2))

	twice := durable.WithDecoder(func(data []byte, v any) error {
		*v.(*int) = 2 * int(data[0]-'0')
		return nil
	})
	require.Equal(t, []int{2, 4}, first(t, durable.From[int](nc, "numbers", twice), 2))

	odd := errors.New("odd")
	fussy := durable.WithDecoder(func(data []byte, v any) error {
		if data[0]%2 == 1 {
			return odd
		}
		return nil
	})
	_, err := durable.From[int](nc, "numbers", fussy).Collect(t.Context())
	parse, ok := errors.AsType[*durable.ParseError](err)
	require.True(t, ok, err)
	require.ErrorIs(t, err, odd)
	require.Equal(t, "numbers.odd", parse.Subject)
	require.Equal(t, "1", string(parse.Data))

	var reported []*durable.ParseError
	skip := durable.WithOnParseError(func(e *durable.ParseError) { reported = append(reported, e) })
	require.Equal(t, []int{0}, first(t, durable.From[int](nc, "numbers", fussy, skip), 1))
	require.Len(t, reported, 1)
}

// A position that the stream does not have is a gap, which fails the run or is reported.
func TestFromGaps(t *testing.T) {
	_, nc := serve(t)
	js := jet(t, nc)
	numbers(t, nc, 10)
	old, err := operators.Skip(durable.From[int](nc, "numbers"), 4).First(t.Context())
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), "numbers")
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSequence(8)))

	check := func(want durable.GapError, next []int, start durable.ReadOption) {
		_, err := durable.From[int](nc, "numbers", start).Collect(t.Context())
		gap, ok := errors.AsType[*durable.GapError](err)
		require.True(t, ok, err)
		require.Equal(t, want, *gap)
		var reported []durable.GapError
		skip := durable.WithOnGap(func(e *durable.GapError) { reported = append(reported, *e) })
		require.Equal(t, next, first(t, durable.From[int](nc, "numbers", start, skip), len(next)))
		require.Equal(t, []durable.GapError{want}, reported)
	}
	check(durable.GapError{Stream: "numbers", Wanted: 6, First: 8, Last: 10}, through(8, 10), durable.WithCursor(old.Cursor()))
	check(durable.GapError{Stream: "numbers", Wanted: 1, First: 8, Last: 10}, through(8, 10), durable.WithStartSequence(1))

	require.NoError(t, js.DeleteStream(t.Context(), "numbers"))
	numbers(t, nc, 20)
	check(durable.GapError{Stream: "numbers", Wanted: 6, First: 1, Last: 20, Recreated: true}, through(1, 20),
		durable.WithCursor(old.Cursor()))
	require.Empty(t, consumers(t, nc))
}

// A slow reader reports that the stream removed messages before it read them. A message that is deleted alone is no gap.
func TestFromSeesWhatIsRemovedWhileItReads(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 20)
	stream, err := jet(t, nc).Stream(t.Context(), "numbers")
	require.NoError(t, err)
	require.NoError(t, stream.DeleteMsg(t.Context(), 2))

	var seen []int
	err = durable.From[int](nc, "numbers", durable.WithBatch(4)).ForEach(t.Context(), func(m durable.Message[int]) {
		seen = append(seen, m.Data)
		if m.Data == 4 {
			require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSequence(15)))
		}
	})
	gap, ok := errors.AsType[*durable.GapError](err)
	require.True(t, ok, err)
	require.Equal(t, uint64(15), gap.First)
	require.Less(t, len(seen), 10)
	require.Equal(t, []int{1, 3, 4}, seen[:3])
	require.Equal(t, uint64(seen[len(seen)-1]+1), gap.Wanted)
}

func TestFromFails(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 1)
	for _, text := range []string{"x", "-1", "abc-", "abc-0", "abc-01", "abc--1", "A B-1", "abc-1-1"} {
		_, err := durable.From[int](nc, "numbers", durable.WithCursor(text)).Collect(t.Context())
		require.Equal(t, &durable.CursorError{Cursor: text}, err)
	}
	_, err := durable.From[int](nc, "numbers", durable.WithSubjects("numbers.odd", "numbers.*")).Collect(t.Context())
	require.ErrorContains(t, err, "overlap")
}

func TestFromKeepsTheContract(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 20)
	cursors := operators.Map(durable.From[int](nc, "numbers", durable.WithBatch(6)), durable.Message[int].Cursor)
	observabletest.Check(t, cursors, observabletest.RealTime())
	require.Empty(t, consumers(t, nc))
}

// A message that looks like a status of the server is a message.
func TestFromEmitsWhatLooksLikeAStatus(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 0)
	for _, code := range []string{"100", "404", "409", "503"} {
		msg := nats.NewMsg("numbers.odd")
		msg.Header.Set("Status", code)
		_, err := jet(t, nc).PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
	var codes []string
	require.NoError(t, operators.Take(durable.From[string](nc, "numbers"), 4).ForEach(t.Context(), func(m durable.Message[string]) {
		codes = append(codes, m.Header.Get("Status"))
	}))
	require.Equal(t, []string{"100", "404", "409", "503"}, codes)
}
