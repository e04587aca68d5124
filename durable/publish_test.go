package durable_test

import (
	"context"
	"errors"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

func seqs[T any](acks []durable.Ack[T]) (seqs []int) {
	for _, ack := range acks {
		seqs = append(seqs, int(ack.Seq))
	}
	return seqs
}

func TestPublishStoresInOrder(t *testing.T) {
	for _, test := range []struct {
		name string
		opts []durable.PublishOption
	}{
		{"by default", nil},
		{"one at a time", []durable.PublishOption{durable.WithInFlight(1)}},
		{"as the only writer", []durable.PublishOption{durable.WithExpectLastSequence(0)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, nc := serve(t)
			numbers(t, nc, 0)
			before := nc.NumSubscriptions()
			acks, err := durable.Publish(source.Range(1, 1000), nc, "numbers", subjectOf, test.opts...).Collect(t.Context())
			require.NoError(t, err)
			require.Equal(t, through(1, 1000), seqs(acks))
			require.Equal(t, 1000, acks[999].Item)
			require.Equal(t, before, nc.NumSubscriptions())
			require.Equal(t, through(1, 1000), first(t, durable.From[int](nc, "numbers"), 1000))
			last, err := durable.From[int](nc, "numbers", durable.WithStartSequence(1000)).First(t.Context())
			require.NoError(t, err)
			require.Equal(t, last.Cursor(), acks[999].Cursor())
		})
	}
}

func TestPublishEncodes(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 0)
	_, err := durable.Publish(source.Of("1"), nc, "numbers", func(string) string { return "numbers.odd" }).Collect(t.Context())
	require.NoError(t, err)
	_, err = durable.Publish(source.Of([]byte("2")), nc, "numbers", func([]byte) string { return "numbers.even" }).Collect(t.Context())
	require.NoError(t, err)
	negative := durable.WithEncoder(func(v any) ([]byte, error) { return []byte(strconv.Itoa(-v.(int))), nil })
	_, err = durable.Publish(source.Of(3), nc, "numbers", subjectOf, negative).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, -3}, first(t, durable.From[int](nc, "numbers"), 3))

	odd := errors.New("odd")
	fussy := durable.WithEncoder(func(v any) ([]byte, error) {
		if v.(int) == 6 {
			return nil, odd
		}
		return []byte("5"), nil
	})
	acks, err := durable.Publish(source.Of(4, 5, 6), nc, "numbers", subjectOf, fussy).Collect(t.Context())
	require.Equal(t, &durable.EncodeError{Err: odd}, err)
	require.Len(t, acks, 2, "the items before it are stored")
}

// A message with an ID that the stream has is not stored again.
func TestPublishRecognizesMessages(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 0)
	publish := func(first, n int) []durable.Ack[int] {
		acks, err := durable.Publish(source.Range(first, n), nc, "numbers", subjectOf, durable.WithMessageID(strconv.Itoa)).
			Collect(t.Context())
		require.NoError(t, err)
		return acks
	}
	publish(1, 5)
	acks := publish(4, 4)
	require.Equal(t, []int{4, 5, 6, 7}, seqs(acks))
	require.True(t, acks[0].Duplicate)
	require.False(t, acks[2].Duplicate)
}

func TestPublishEmitsWhatItsSourceLeaves(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 0)
	broken := errors.New("broken")
	failing := operators.Concat(source.Range(1, 300), source.Throw[int](broken))
	acks, err := durable.Publish(failing, nc, "numbers", subjectOf).Collect(t.Context())
	require.Equal(t, broken, err)
	require.Len(t, acks, 300)

	stuck := errors.New("stuck")
	var endless observable.Observable[int] = func(ctx context.Context, emit func(int) bool) error {
		for emit(1) {
		}
		return stuck
	}
	_, err = operators.Take(durable.Publish(endless, nc, "numbers", subjectOf), 3).Collect(t.Context())
	require.Equal(t, stuck, err, "the error of stopping the source")
}

// An acknowledgement is emitted while the source is silent.
func TestPublishDoesNotWaitForTheNextItem(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 0)
	ack, err := durable.Publish(operators.Concat(source.Of(1), source.Never[int]()), nc, "numbers", subjectOf).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(1), ack.Seq)
}

func TestPublishRefused(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 3)
	t.Run("another stream's subject", func(t *testing.T) {
		require.NoError(t, durable.Ensure(t.Context(), nc, durable.StreamConfig{Name: "other"}))
		_, err := durable.Publish(source.Of(1), nc, "numbers", func(int) string { return "other" }).Collect(t.Context())
		api, ok := errors.AsType[*jetstream.APIError](err)
		require.True(t, ok, err)
		require.Equal(t, 400, api.Code)
	})
	t.Run("a subject of no stream", func(t *testing.T) {
		_, err := durable.Publish(source.Of(1), nc, "numbers", func(int) string { return "unknown" },
			durable.WithRetry(retry.Policy{InitialDelay: -1, MaxAttempts: 2})).Collect(t.Context())
		require.ErrorIs(t, err, nats.ErrNoResponders)
	})
	t.Run("another writer", func(t *testing.T) {
		_, err := durable.Publish(source.Of(4), nc, "numbers", subjectOf, durable.WithExpectLastSequence(2)).Collect(t.Context())
		require.ErrorIs(t, err, durable.ErrOtherWriter)
		foreign := func(ack durable.Ack[int]) {
			if ack.Item == 4 {
				add(t, nc, 100, 100)
			}
		}
		slow := operators.Concat(source.Of(4), operators.Delay(source.Of(5), 200*time.Millisecond))
		err = durable.Publish(slow, nc, "numbers", subjectOf, durable.WithExpectLastSequence(3)).ForEach(t.Context(), foreign)
		require.ErrorIs(t, err, durable.ErrOtherWriter)
	})
	t.Run("the type of the message ID", func(t *testing.T) {
		require.PanicsWithValue(t, "durable.Publish: WithMessageID has a func(string) string, not a func(int) string", func() {
			durable.Publish(source.Of(1), nc, "numbers", subjectOf, durable.WithMessageID(func(s string) string { return s }))
		})
	})
}

// A stream that was deleted and made again while Publish runs is a gap.
func TestPublishGap(t *testing.T) {
	parallel(t)
	_, nc := serve(t)
	js := jet(t, nc)
	publish := func(opts ...durable.PublishOption) ([]durable.Ack[int], error) {
		numbers(t, nc, 0)
		var acks []durable.Ack[int]
		slow := operators.Concat(source.Of(1, 2), operators.Delay(source.Of(3), 300*time.Millisecond))
		err := durable.Publish(slow, nc, "numbers", subjectOf, opts...).ForEach(t.Context(), func(ack durable.Ack[int]) {
			acks = append(acks, ack)
			if ack.Item == 2 {
				require.NoError(t, js.DeleteStream(t.Context(), "numbers"))
				time.AfterFunc(time.Second, func() { numbers(t, nc, 0) })
			}
		})
		require.NoError(t, js.DeleteStream(t.Context(), "numbers"))
		return acks, err
	}
	_, err := publish()
	gap, ok := errors.AsType[*durable.GapError](err)
	require.True(t, ok, err)
	require.True(t, gap.Recreated)
	require.Equal(t, uint64(3), gap.Wanted)

	gaps := 0
	acks, err := publish(durable.WithOnGap(func(*durable.GapError) { gaps++ }))
	require.NoError(t, err)
	require.Len(t, acks, 3)
	require.NotEqual(t, acks[0].Incarnation, acks[2].Incarnation)
	require.Equal(t, 1, gaps)
}

// An outage beyond the duplicates window fails, unless there is only one writer. The proxy holds the acknowledgements
// back, and then cuts the connection.
func TestPublishAfterALongOutage(t *testing.T) {
	parallel(t)
	for _, single := range []bool{false, true} {
		t.Run(strconv.FormatBool(single), func(t *testing.T) {
			s, direct := serve(t)
			require.NoError(t, durable.Ensure(t.Context(), direct, durable.StreamConfig{
				Name: "numbers", Subjects: []string{"numbers.*"}, Duplicates: 500 * time.Millisecond,
			}))
			proxy := proxied(t, s)
			opts := []durable.PublishOption{durable.WithAckTimeout(100 * time.Millisecond)}
			if single {
				opts = append(opts, durable.WithExpectLastSequence(0))
			}
			hold := func(i int) {
				if i == 50 {
					proxy.toxic(t, `{"name":"hold","type":"timeout","stream":"downstream","attributes":{"timeout":1000}}`)
				}
			}
			src := operators.Tap(paced(100, 1000), observable.Observer[int]{Next: hold})
			cut := durable.WithOnRetry(func(error, int, time.Duration) { proxy.heal() })
			acks, err := durable.Publish(src, dial(t, proxy.url), "numbers", subjectOf, append(opts, cut)...).Collect(t.Context())
			if !single {
				require.ErrorIs(t, err, durable.ErrDuplicateWindow)
				return
			}
			require.NoError(t, err)
			require.Equal(t, through(1, 100), seqs(acks))
			require.Equal(t, through(1, 100), first(t, durable.From[int](direct, "numbers"), 100))
		})
	}
}

// The server refuses an item and stores the next one: the item is stored later, and is reported as late.
func TestPublishReportsLateItems(t *testing.T) {
	_, nc := serve(t)
	js := jet(t, nc)
	stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "numbers", Subjects: []string{"numbers.*"},
		Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, MaxMsgsPerSubject: 1,
	})
	require.NoError(t, err)
	var failures []error
	acks, err := durable.Publish(source.Of(1, 3, 2), nc, "numbers", subjectOf,
		durable.WithOnRetry(func(err error, _ int, _ time.Duration) {
			failures = append(failures, err)
			require.NoError(t, stream.DeleteMsg(t.Context(), 1))
		})).Collect(t.Context())
	require.NoError(t, err)
	require.Len(t, failures, 1)
	require.ErrorContains(t, failures[0], "maximum messages per subject")
	require.Equal(t, []int{1, 3, 2}, seqs(acks))
	require.False(t, acks[0].Late)
	require.True(t, acks[1].Late)
	require.False(t, acks[2].Late)
}

func TestPublishKeepsTheContract(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 0)
	items := func(src observable.Observable[int]) observable.Observable[int] {
		return operators.Map(durable.Publish(src, nc, "numbers", subjectOf),
			func(ack durable.Ack[int]) int { return ack.Item })
	}
	for name, src := range map[string]observable.Observable[int]{
		"empty":   source.Empty[int](),
		"failing": operators.Concat(source.Range(1, 5), source.Throw[int](errors.New("failed"))),
		"endless": source.Range(1, math.MaxInt),
		"silent":  operators.Concat(source.Range(1, 5), source.Never[int]()),
	} {
		t.Run(name, func(t *testing.T) { observabletest.Check(t, items(src), observabletest.RealTime()) })
	}
}
