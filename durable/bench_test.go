package durable_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The benchmarks run a function of this package and a loop over the client library in turns, over the same messages,
// and report the speed of the former as a share of the latter: 1 is equal, more is faster.

const benchmarked = 20_000 // messages in a turn

var payload = string(make([]byte, 64))

// compare runs both in turns, after one of each to warm up.
func compare(b *testing.B, ours, byHand func()) {
	var times [2]time.Duration
	ours()
	byHand()
	for b.Loop() {
		for i, f := range []func(){ours, byHand} {
			begin := time.Now()
			f()
			times[i] += time.Since(begin)
		}
	}
	b.ReportMetric(float64(times[1])/float64(times[0]), "ratio")
	b.ReportMetric(float64(times[0].Nanoseconds())/float64(b.N*benchmarked), "ours-ns/msg")
	b.ReportMetric(float64(times[1].Nanoseconds())/float64(b.N*benchmarked), "hand-ns/msg")
	b.ReportMetric(0, "ns/op")
}

// filled returns a connection to a server whose stream numbers has the messages.
func filled(b *testing.B) (*nats.Conn, jetstream.JetStream) {
	s, nc := serve(b, fileStore(b))
	require.NoError(b, durable.Ensure(b.Context(), nc, durable.StreamConfig{Name: "numbers", Subjects: []string{"numbers.*"}}))
	js := jet(b, nc)
	for i := range benchmarked {
		_, err := js.PublishAsync(subjectOf(i), []byte(payload), jetstream.WithStallWait(time.Minute))
		require.NoError(b, err)
	}
	<-js.PublishAsyncComplete()
	return dial(b, s.URL()), js
}

func BenchmarkFrom(b *testing.B) {
	for _, batch := range []int{500, 5000} {
		b.Run("batch="+strconv.Itoa(batch), func(b *testing.B) {
			nc, js := filled(b)
			compare(b, func() {
				n := 0
				require.NoError(b, durable.From[string](nc, "numbers", durable.WithBatch(batch))(b.Context(), func(durable.Message[string]) bool {
					n++
					return n < benchmarked
				}))
			}, func() {
				consumer, err := js.OrderedConsumer(b.Context(), "numbers", jetstream.OrderedConsumerConfig{})
				require.NoError(b, err)
				messages, err := consumer.Messages(jetstream.PullMaxMessages(batch))
				require.NoError(b, err)
				for range benchmarked {
					m, err := messages.Next(jetstream.NextContext(b.Context()))
					require.NoError(b, err)
					_ = string(m.Data())
				}
				messages.Stop()
			})
		})
	}
}

func BenchmarkWork(b *testing.B) {
	const batch = 500
	nc, js := filled(b)
	again := func() { // the worker begins again
		err := js.DeleteConsumer(context.Background(), "numbers", "w")
		if err != nil {
			require.ErrorIs(b, err, jetstream.ErrConsumerNotFound)
		}
	}
	compare(b, func() {
		again()
		n := 0
		work := durable.Work[string](nc, "numbers", "w", durable.WithBatch(batch))
		require.NoError(b, work(b.Context(), func(job *durable.Job[string]) bool {
			require.NoError(b, job.Ack())
			n++
			return n < benchmarked
		}))
	}, func() {
		again()
		consumer, err := js.CreateConsumer(b.Context(), "numbers", jetstream.ConsumerConfig{
			Durable: "w", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 1000, AckWait: 30 * time.Second,
		})
		require.NoError(b, err)
		messages, err := consumer.Messages(jetstream.PullMaxMessages(batch))
		require.NoError(b, err)
		for range benchmarked {
			m, err := messages.Next(jetstream.NextContext(b.Context()))
			require.NoError(b, err)
			_ = string(m.Data())
			require.NoError(b, m.Ack())
		}
		messages.Stop()
	})
}

func BenchmarkPublish(b *testing.B) {
	const inFlight = 256
	s, nc := serve(b, fileStore(b))
	require.NoError(b, durable.Ensure(b.Context(), nc, durable.StreamConfig{
		Name: "numbers", Subjects: []string{"numbers.*"}, MaxMessages: 2 * benchmarked, Duplicates: time.Second,
	}))
	items := operators.Map(source.Range(0, benchmarked), func(int) string { return payload })
	for _, withID := range []bool{true, false} {
		b.Run("byHandWithID="+strconv.FormatBool(withID), func(b *testing.B) {
			js, err := jetstream.New(dial(b, s.URL()), jetstream.WithPublishAsyncMaxPending(inFlight))
			require.NoError(b, err)
			run := 0
			ours := dial(b, s.URL())
			compare(b, func() {
				publish := durable.Publish(items, ours, "numbers", func(string) string { return "numbers.odd" }, durable.WithInFlight(inFlight))
				_, err := publish.Last(b.Context())
				require.NoError(b, err)
			}, func() {
				run++
				for i := range benchmarked {
					opts := []jetstream.PublishOpt{jetstream.WithStallWait(time.Minute)}
					if withID {
						opts = append(opts, jetstream.WithMsgID(strconv.Itoa(run)+"-"+strconv.Itoa(i)))
					}
					_, err := js.PublishAsync("numbers.odd", []byte(payload), opts...)
					require.NoError(b, err)
				}
				<-js.PublishAsyncComplete()
			})
		})
	}
}
