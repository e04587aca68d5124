package durable_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
)

// consumer returns what the server knows of a worker of the stream numbers.
func consumer(t testing.TB, nc *nats.Conn, worker string) *jetstream.ConsumerInfo {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	consumer, err := jet(t, nc).Consumer(ctx, "numbers", worker)
	require.NoError(t, err)
	return consumer.CachedInfo()
}

func TestWorkersShareTheJobs(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 200)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var mu sync.Mutex
	var seen []int
	var each [3]int
	var runs sync.WaitGroup
	for i := range 3 {
		work := durable.Work[int](nc, "numbers", "adders", durable.WithBatch(5), durable.WithAckOnEmit())
		runs.Go(func() {
			err := work.ForEach(ctx, func(job *durable.Job[int]) {
				time.Sleep(time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, job.Data)
				each[i]++
				if len(seen) == 200 {
					time.AfterFunc(100*time.Millisecond, cancel) // duplicates would come
				}
			})
			require.ErrorIs(t, err, context.Canceled)
		})
	}
	runs.Wait()
	slices.Sort(seen)
	require.Equal(t, through(1, 200), seen)
	for _, n := range each {
		require.Positive(t, n)
	}
	info := consumer(t, nc, "adders")
	require.Equal(t, uint64(200), info.AckFloor.Stream)
	require.Zero(t, info.NumAckPending)
}

// Each answer has its effect on the server.
func TestJobAnswers(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 4)
	work := durable.Work[int](nc, "numbers", "w", durable.WithAckWait(500*time.Millisecond))
	var order []int
	err := work(t.Context(), func(job *durable.Job[int]) bool {
		order = append(order, job.Data)
		switch {
		case job.Data == 1:
			require.NoError(t, job.Ack())
			require.ErrorIs(t, job.Ack(), nats.ErrMsgAlreadyAckd)
		case job.Data == 2 && job.Deliveries == 1:
			require.NoError(t, job.Nak(200*time.Millisecond))
		case job.Data == 3:
			require.NoError(t, job.Term())
		case job.Data == 4 && job.Deliveries == 1:
			require.NoError(t, job.Nak(0))
		default:
			for range 4 { // longer than the server waits without it
				time.Sleep(200 * time.Millisecond)
				require.NoError(t, job.InProgress())
			}
			require.NoError(t, job.AckSync(t.Context()))
		}
		return len(order) < 6
	})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 4, 4, 2}, order)
	info := consumer(t, nc, "w")
	require.Equal(t, uint64(4), info.AckFloor.Stream)
	require.Zero(t, info.NumAckPending)
}

// The number of jobs that are not acknowledged is bounded.
func TestWorkMaxAckPending(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 10)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	got, err := durable.Work[int](nc, "numbers", "w", durable.WithMaxAckPending(3)).Collect(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Len(t, got, 3)
}

// Jobs that were fetched and not emitted go back to the server at once, and so does the one that stopped a run that
// acknowledges by itself.
func TestWorkGivesBack(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 10)
	work := durable.Work[int](nc, "numbers", "w", durable.WithAckOnEmit(), durable.WithMaxDeliver(5))
	var taken []int
	require.NoError(t, work(t.Context(), func(job *durable.Job[int]) bool {
		taken = append(taken, job.Data)
		return job.Data < 3
	}))
	require.Equal(t, []int{1, 2, 3}, taken)
	require.Equal(t, uint64(2), consumer(t, nc, "w").AckFloor.Stream)

	begin := time.Now()
	var rest []int
	require.NoError(t, durable.Work[int](nc, "numbers", "w")(t.Context(), func(job *durable.Job[int]) bool {
		rest = append(rest, job.Data)
		require.NoError(t, job.Ack())
		return len(rest) < 8
	}))
	slices.Sort(rest)
	require.Equal(t, through(3, 10), rest)
	require.Less(t, time.Since(begin), 15*time.Second, "AckWait is 30 s")
	require.Equal(t, -1, consumer(t, nc, "w").Config.MaxDeliver, "the later run updates the consumer")
}

func TestWorkParseError(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 2)
	odd := errors.New("odd")
	fussy := durable.WithDecoder(func(data []byte, v any) error {
		if data[0]%2 == 1 {
			return odd
		}
		return nil
	})
	_, err := durable.Work[int](nc, "numbers", "w", fussy).Collect(t.Context())
	require.ErrorIs(t, err, odd)
	require.Zero(t, consumer(t, nc, "w").AckFloor.Stream)

	reported := 0
	skip := durable.WithOnParseError(func(*durable.ParseError) { reported++ })
	job, err := durable.Work[int](nc, "numbers", "fresh", fussy, skip).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(2), job.Seq)
	require.NoError(t, job.AckSync(t.Context()))
	require.Equal(t, 1, reported)
	require.Equal(t, uint64(2), consumer(t, nc, "fresh").AckFloor.Stream, "the message was terminated")
}

// The start option holds when the consumer is made. An administrator who deletes the consumer causes no loss.
func TestWorkMakesItsConsumerAgain(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 100)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	js := jet(t, nc)
	seen := map[int]int{}
	var failures []error
	note := durable.WithOnRetry(func(err error, _ int, _ time.Duration) { failures = append(failures, err) })
	work := durable.Work[int](nc, "numbers", "w", durable.WithStartSequence(11), durable.WithBatch(20), note)
	require.NoError(t, work(ctx, func(job *durable.Job[int]) bool {
		seen[job.Data]++
		if len(seen) == 50 {
			time.Sleep(600 * time.Millisecond) // so that the run asks what is acknowledged
		}
		require.NoError(t, job.Ack())
		if len(seen) == 60 && seen[job.Data] == 1 {
			require.NoError(t, js.DeleteConsumer(ctx, "numbers", "w"))
			return true
		}
		return len(seen) < 90
	}))
	require.Len(t, seen, 90)
	require.NotContains(t, seen, 10)
	twice := 0
	for _, n := range seen {
		twice += n - 1
	}
	require.LessOrEqual(t, twice, 50)
	require.Equal(t, 1, seen[20], "what was acknowledged long ago does not come again")
	require.NotEmpty(t, failures)
	require.Less(t, len(failures), 10)
}

func TestWorkGap(t *testing.T) {
	_, nc := serve(t)
	js := jet(t, nc)
	again := func(opts ...durable.WorkOption) (stale *durable.Job[int], seen []int, err error) {
		numbers(t, nc, 5)
		err = durable.Work[int](nc, "numbers", "w", opts...)(t.Context(), func(job *durable.Job[int]) bool {
			seen = append(seen, job.Data)
			if stale == nil {
				stale = job
				require.NoError(t, js.DeleteStream(t.Context(), "numbers"))
				numbers(t, nc, 2)
				return true
			}
			return len(seen) < 7
		})
		require.ErrorIs(t, stale.Ack(), durable.ErrStaleJob)
		require.NoError(t, js.DeleteStream(t.Context(), "numbers"))
		return stale, seen, err
	}
	_, _, err := again()
	gap, ok := errors.AsType[*durable.GapError](err)
	require.True(t, ok, err)
	require.True(t, gap.Recreated)

	gaps := 0
	_, seen, err := again(durable.WithOnGap(func(*durable.GapError) { gaps++ }))
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 4, 5, 1, 2}, seen)
	require.Equal(t, 1, gaps)
}

func TestWorkKeepsTheContract(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 20)
	seqs := operators.Map(durable.Work[int](nc, "numbers", "w", durable.WithBatch(6)),
		func(job *durable.Job[int]) uint64 { return job.Seq })
	observabletest.Check(t, seqs, observabletest.RealTime(), observabletest.Varying())
	require.Equal(t, []string{"w"}, consumers(t, nc))
}

func TestWorkUsesAWorkQueue(t *testing.T) {
	_, nc := serve(t)
	require.NoError(t, durable.Ensure(t.Context(), nc, durable.StreamConfig{
		Name: "numbers", Subjects: []string{"numbers.*"}, Retention: jetstream.WorkQueuePolicy,
	}))
	add(t, nc, 1, 10)
	js := jet(t, nc)
	work := durable.Work[int](nc, "numbers", "w")
	seen := map[int]int{}
	require.NoError(t, work(t.Context(), func(job *durable.Job[int]) bool {
		seen[job.Data]++
		err := job.AckSync(t.Context())
		if len(seen) == 5 && seen[job.Data] == 1 {
			require.NoError(t, err)
			require.NoError(t, js.DeleteConsumer(t.Context(), "numbers", "w"))
		}
		return info(t, nc).State.Msgs > 0 // it keeps what was acknowledged to the consumer that is gone
	}))
	require.Len(t, seen, 10)
}
