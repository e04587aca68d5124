package telemetry_test

import (
	"context"
	"errors"
	"io"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

func instrumented(src numbers, meters option, opts ...telemetry.InstrumentOption) numbers {
	return telemetry.Instrument(src, "test", append(opts, meters)...)
}

type option = telemetry.Option

func TestOutcomes(t *testing.T) {
	cause := errors.New("enough")
	for name, row := range map[string]struct {
		run  func(ctx context.Context, cancel context.CancelCauseFunc, instrument func(numbers) numbers) error
		want string
		err  error
	}{
		"completed": {func(ctx context.Context, _ context.CancelCauseFunc, instrument func(numbers) numbers) error {
			return instrument(source.Of(1, 2)).ForEach(ctx, func(int) {})
		}, "rivulet.outcome=completed", nil},
		"failed": {func(ctx context.Context, _ context.CancelCauseFunc, instrument func(numbers) numbers) error {
			return instrument(failing(1, 2)).ForEach(ctx, func(int) {})
		}, "error.type=_OTHER rivulet.outcome=failed", errSource},
		"stopped": {func(ctx context.Context, _ context.CancelCauseFunc, instrument func(numbers) numbers) error {
			return operators.Take(instrument(source.Of(1, 2, 3)), 2).ForEach(ctx, func(int) {})
		}, "rivulet.outcome=stopped", nil},
		"stopped, but not cleanly": {func(ctx context.Context, _ context.CancelCauseFunc, instrument func(numbers) numbers) error {
			return operators.Take(instrument(leaving(source.Of(1, 2, 3), io.ErrUnexpectedEOF)), 2).ForEach(ctx, func(int) {})
		}, "error.type=unexpected_eof rivulet.outcome=failed", io.ErrUnexpectedEOF},
		"canceled": {func(ctx context.Context, cancel context.CancelCauseFunc, instrument func(numbers) numbers) error {
			return instrument(source.Of(1, 2, 3)).ForEach(ctx, func(v int) {
				if v == 2 {
					cancel(cause)
				}
			})
		}, "rivulet.outcome=canceled", cause},
		"canceled, but not cleanly": {func(ctx context.Context, cancel context.CancelCauseFunc, instrument func(numbers) numbers) error {
			return instrument(leaving(source.Of(1, 2, 3), io.ErrUnexpectedEOF)).ForEach(ctx, func(v int) {
				if v == 2 {
					cancel(cause)
				}
			})
		}, "error.type=unexpected_eof rivulet.outcome=canceled", cause},
	} {
		t.Run(name, func(t *testing.T) {
			meters, reader := metrictest.NewMeter()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			err := row.run(ctx, cancel, func(src numbers) numbers {
				return instrumented(src, telemetry.WithMeterProvider(meters))
			})
			require.ErrorIs(t, err, row.err)
			all := metrictest.Collect(reader)
			require.Equal(t, map[string]float64{row.want + " rivulet.stream.name=test count": 1},
				without(metrictest.Of(all, "rivulet.stream.run.duration "), "sum"))
			require.EqualValues(t, 2, all["rivulet.stream.items rivulet.stream.name=test"])
			require.EqualValues(t, 0, all["rivulet.stream.runs.active rivulet.stream.name=test"])
		})
	}
}

// leaving fails with err when it is stopped or canceled.
func leaving(src numbers, err error) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		stopped := false
		failure := src(ctx, func(v int) bool {
			stopped = !emit(v)
			return !stopped
		})
		if stopped {
			return err
		}
		return errors.Join(failure, err)
	}
}

func without(all map[string]float64, suffix string) map[string]float64 {
	for key := range all {
		if key[len(key)-len(suffix):] == suffix {
			delete(all, key)
		}
	}
	return all
}

func TestARunThatPanicsHasEnded(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	stream := instrumented(source.Of(1, 2), telemetry.WithMeterProvider(meters))
	require.PanicsWithValue(t, "oops", func() { _ = stream.ForEach(t.Context(), func(int) { panic("oops") }) })
	all := metrictest.Collect(reader)
	require.EqualValues(t, 1, all["rivulet.stream.items rivulet.stream.name=test"])
	require.EqualValues(t, 0, all["rivulet.stream.runs.active rivulet.stream.name=test"])
	require.Contains(t, all, "rivulet.stream.run.duration error.type=panic rivulet.outcome=failed rivulet.stream.name=test count")
}

func TestDurationAndActiveRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meters, reader := metrictest.NewMeter()
		stream := instrumented(operators.Take(source.Interval(time.Second), 3), telemetry.WithMeterProvider(meters))
		first := stream.Subscribe(t.Context(), observable.Observer[int]{})
		time.Sleep(1500 * time.Millisecond)
		second := stream.Subscribe(t.Context(), observable.Observer[int]{})
		synctest.Wait()
		all := metrictest.Collect(reader)
		require.EqualValues(t, 2, all["rivulet.stream.runs.active rivulet.stream.name=test"])
		require.Contains(t, all, "rivulet.stream.items rivulet.stream.name=test")
		require.NoError(t, first.Wait())
		require.NoError(t, second.Wait())
		all = metrictest.Collect(reader)
		require.EqualValues(t, 0, all["rivulet.stream.runs.active rivulet.stream.name=test"])
		const duration = "rivulet.stream.run.duration rivulet.outcome=completed rivulet.stream.name=test"
		require.EqualValues(t, 2, all[duration+" count"])
		require.InDelta(t, 6, all[duration+" sum"], .001)
	})
}

func TestAgeOfTheLastItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const age = "rivulet.stream.last_item.age rivulet.stream.name=test"
		meters, reader := metrictest.NewMeter()
		items := make(chan int)
		stream := instrumented(source.FromChannel(items), telemetry.WithMeterProvider(meters))
		require.NotContains(t, metrictest.Collect(reader), age)
		run := stream.Subscribe(t.Context(), observable.Observer[int]{})
		time.Sleep(5 * time.Second)
		require.InDelta(t, 5, metrictest.Collect(reader)[age], .001, "since the run began")
		items <- 1
		time.Sleep(3 * time.Second)
		require.InDelta(t, 3, metrictest.Collect(reader)[age], .001, "since the item")
		run.Dispose()
		require.NoError(t, run.Wait())
		require.NotContains(t, metrictest.Collect(reader), age)
	})
}

// What a collection shows of a run that is silent now.
func TestPrecision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meters, reader := metrictest.NewMeter()
		bursts := make(chan int)
		stream := instrumented(operators.FlatMap(source.FromChannel(bursts), 1, func(n int) numbers { return source.Range(0, n) }),
			telemetry.WithMeterProvider(meters))
		run := stream.Subscribe(t.Context(), observable.Observer[int]{})
		shown := func() int {
			synctest.Wait()
			return int(metrictest.Collect(reader)["rivulet.stream.items rivulet.stream.name=test"])
		}
		total := 0
		burst := func(n int) {
			bursts <- n
			total += n
		}
		for _, n := range []int{1, 0, 7, 255} {
			burst(n)
			require.Equal(t, total, shown(), "up to 255 items since the last collection")
		}
		for _, n := range []int{300, 1_000, 20_000, 300_000} {
			burst(n)
			got := shown()
			require.LessOrEqual(t, got, total)
			require.Greater(t, got, total-min(256, n/100))
			burst(1) // The item after a collection shows all those before it.
			require.Equal(t, total, shown())
		}
		close(bursts)
		require.NoError(t, run.Wait())
		require.Equal(t, total, shown())
	})
}

func TestRunsAreCollectedWhileTheyRun(t *testing.T) {
	const runs, items = 4, 200_000
	meters, reader := metrictest.NewMeter()
	stream := instrumented(source.Range(0, items), telemetry.WithMeterProvider(meters), telemetry.WithConsumerDuration(),
		telemetry.WithLag(func(int) time.Time { return time.Unix(1, 0) }))
	var wait sync.WaitGroup
	for range runs {
		wait.Go(func() { _ = stream.ForEach(t.Context(), func(int) {}) })
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		wait.Wait()
	}()
	for shown, running := 0., true; running; {
		select {
		case <-ended:
			running = false
		default:
		}
		now := metrictest.Collect(reader)["rivulet.stream.items rivulet.stream.name=test"]
		require.GreaterOrEqual(t, now, shown)
		shown = now
	}
	require.EqualValues(t, runs*items, metrictest.Collect(reader)["rivulet.stream.items rivulet.stream.name=test"])
}

func TestItemsAllocateNothing(t *testing.T) {
	meters, _ := metrictest.NewMeter()
	for name, opts := range map[string][]telemetry.InstrumentOption{
		"plain": nil,
		"with all options": {
			telemetry.WithConsumerDuration(),
			telemetry.WithLag(func(int) time.Time { return time.Unix(1, 0) }),
			telemetry.WithDeliveries(func(v int) int { return v % 3 }),
			telemetry.WithReceived(telemetry.Destination{System: "test", Name: "numbers"}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			allocations := func(items int) float64 {
				stream := telemetry.Instrument(count(items), name, append(opts, telemetry.WithMeterProvider(meters))...)
				ctx := context.Background()
				return testing.AllocsPerRun(10, func() { _ = stream(ctx, func(int) bool { return true }) })
			}
			require.Equal(t, allocations(1), allocations(10_000))
		})
	}
}

func TestConsumerDurationAndLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meters, reader := metrictest.NewMeter()
		begin := time.Now()
		ages := map[int]time.Time{1: begin.Add(-time.Minute), 2: {}, 3: begin.Add(time.Hour)}
		stream := instrumented(source.Of(1, 2, 3), telemetry.WithMeterProvider(meters), telemetry.WithConsumerDuration(),
			telemetry.WithLag(func(v int) time.Time { return ages[v] }))
		require.NoError(t, stream.ForEach(t.Context(), func(v int) { time.Sleep(time.Duration(v) * time.Second) }))
		all := metrictest.Collect(reader)
		require.EqualValues(t, 3, all["rivulet.stream.consumer.duration rivulet.stream.name=test count"])
		require.InDelta(t, 6, all["rivulet.stream.consumer.duration rivulet.stream.name=test sum"], .001)
		require.EqualValues(t, 2, all["rivulet.stream.lag rivulet.stream.name=test count"], "the zero time is not measured")
		require.InDelta(t, 60, all["rivulet.stream.lag rivulet.stream.name=test sum"], .001, "the future counts as 0")
	})
}

func TestSamplesOfAFastStream(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	stream := instrumented(source.Range(0, 1_000_000), telemetry.WithMeterProvider(meters), telemetry.WithConsumerDuration())
	require.NoError(t, stream.ForEach(t.Context(), func(int) {}))
	samples := metrictest.Collect(reader)["rivulet.stream.consumer.duration rivulet.stream.name=test count"]
	require.Greater(t, samples, 1_000_000/768.)
	require.Less(t, samples, 3_000.)
}

func TestMessages(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	type job struct{ deliveries int }
	jobs := telemetry.Instrument(source.Of(job{1}, job{2}, job{3}), "jobs", telemetry.WithMeterProvider(meters),
		telemetry.WithReceived(telemetry.Destination{System: "nats", Name: "orders", ConsumerGroup: "billing"}),
		telemetry.WithDeliveries(func(j job) int { return j.deliveries }))
	acks := telemetry.Instrument(source.Of(1, 2), "acks", telemetry.WithMeterProvider(meters),
		telemetry.WithSent(telemetry.Destination{System: "nats", Name: "orders"}))
	for range 2 {
		require.NoError(t, jobs.ForEach(t.Context(), func(job) {}))
		require.NoError(t, acks.ForEach(t.Context(), func(int) {}))
	}
	all := metrictest.Collect(reader)
	require.Equal(t, map[string]float64{
		"client.consumed.messages messaging.consumer.group.name=billing messaging.destination.name=orders " +
			"messaging.operation.name=receive messaging.system=nats": 6,
		"client.sent.messages messaging.destination.name=orders messaging.operation.name=send messaging.system=nats": 4,
	}, metrictest.Of(all, "messaging."))
	require.Equal(t, map[string]float64{"jobs": 4}, metrictest.Of(all, "rivulet.stream.redeliveries rivulet.stream.name="))
	require.Equal(t, map[string]float64{"jobs": 6, "acks": 4}, metrictest.Of(all, "rivulet.stream.items rivulet.stream.name="))
}

func TestStreamsOfOneNameAreCountedTogether(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	otherMeters, otherReader := metrictest.NewMeter()
	for _, provider := range []option{
		telemetry.WithMeterProvider(meters), telemetry.WithMeterProvider(meters), telemetry.WithMeterProvider(otherMeters),
	} {
		require.NoError(t, instrumented(source.Of(1, 2), provider).ForEach(t.Context(), func(int) {}))
	}
	require.EqualValues(t, 4, metrictest.Collect(reader)["rivulet.stream.items rivulet.stream.name=test"])
	require.EqualValues(t, 2, metrictest.Collect(otherReader)["rivulet.stream.items rivulet.stream.name=test"])
}

func TestInstrumentKeepsTheContract(t *testing.T) {
	meters, _ := metrictest.NewMeter()
	plain := func(src numbers) numbers { return instrumented(src, telemetry.WithMeterProvider(meters)) }
	full := func(src numbers) numbers {
		return instrumented(src, telemetry.WithMeterProvider(meters), telemetry.WithConsumerDuration(),
			telemetry.WithLag(func(int) time.Time { return time.Unix(1, 0) }),
			telemetry.WithDeliveries(func(v int) int { return v }))
	}
	for name, src := range map[string]numbers{
		"empty":   source.Empty[int](),
		"silent":  source.Never[int](),
		"failing": failing(1, 2, 3),
		"endless": source.Range(0, math.MaxInt),
		"timed":   source.Interval(time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			observabletest.Check(t, plain(src))
			observabletest.Check(t, full(src))
		})
	}
}

func TestMisuse(t *testing.T) {
	destination := telemetry.Destination{System: "nats", Name: "orders"}
	handle := func(context.Context, int) (int, error) { return 0, nil }
	for message, f := range map[string]func(){
		"telemetry.Instrument: nil source or empty name":         func() { telemetry.Instrument(source.Of(1), "") },
		"telemetry.Instrument: nil option":                       func() { telemetry.Instrument(source.Of(1), "test", nil) },
		"telemetry.Handler: nil handler or empty name":           func() { telemetry.Handler(nil, "test") },
		"telemetry.Process: nil function":                        func() { telemetry.Process[int, int](nil, destination) },
		"telemetry.Process: nil option":                          func() { telemetry.Process(handle, destination, nil) },
		"telemetry.WithMeterProvider: nil provider":              func() { telemetry.WithMeterProvider(nil) },
		"telemetry.WithTracerProvider: nil provider":             func() { telemetry.WithTracerProvider(nil) },
		"telemetry.WithPropagator: nil propagator":               func() { telemetry.WithPropagator(nil) },
		"telemetry.WithErrorType: nil errorType":                 func() { telemetry.WithErrorType(nil) },
		"telemetry.WithLag: nil timeOf":                          func() { telemetry.WithLag[int](nil) },
		"telemetry.WithDeliveries: nil deliveries":               func() { telemetry.WithDeliveries[int](nil) },
		"telemetry.WithSpan: nil header":                         func() { telemetry.WithSpan[int](nil) },
		"telemetry.WithSent: Destination without System or Name": func() { telemetry.WithSent(telemetry.Destination{Name: "a"}) },
		"telemetry.Process: Destination without System or Name":  func() { telemetry.Process(handle, telemetry.Destination{System: "a"}) },
		"telemetry.Instrument: WithLag has a func(string) time.Time, not a func(int) time.Time": func() {
			telemetry.Instrument(source.Of(1), "test", telemetry.WithLag(func(string) time.Time { return time.Time{} }))
		},
		"telemetry.Process: WithSpan has a func(string) map[string][]string, not a func(int) map[string][]string": func() {
			telemetry.Process(handle, destination, telemetry.WithSpan(func(string) map[string][]string { return nil }))
		},
	} {
		requirePanic(t, message, f)
	}
}
