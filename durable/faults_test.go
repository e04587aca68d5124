package durable_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/durable/embedded"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

// size returns how many messages a test of faults uses.
func size() int {
	if *full {
		return 100_000
	}
	return 8_000
}

// outage is how long a server is away.
const outage = 500 * time.Millisecond

// trouble is a program that publishes the numbers, reads them and works on them, each on a connection of its own, while
// faults happen.
type trouble struct {
	connect  func() *nats.Conn
	replicas int
	faults   []func() error // spread evenly over the messages
	publish  []durable.PublishOption
}

// run checks that nothing is lost: From has each message once and in order, which shows that the log is in order too,
// and Work has each at least once.
func (tr trouble) run(t *testing.T) {
	n := size()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	admin := tr.connect()
	require.NoError(t, durable.Ensure(ctx, admin, durable.StreamConfig{
		Name: "numbers", Subjects: []string{"numbers.*"}, Replicas: tr.replicas,
	}))
	fromDone, workDone := make(chan []int, 1), make(chan map[int]int, 1)
	go func() { fromDone <- tr.read(ctx, t, n) }()
	go func() { workDone <- tr.work(ctx, t, n) }()

	injected := make(chan error, len(tr.faults))
	src := operators.Tap(paced(n, 4000), observable.Observer[int]{Next: func(i int) {
		if step := n / (len(tr.faults) + 1); i%step == 0 && i/step <= len(tr.faults) {
			fault := tr.faults[i/step-1]
			go func() { injected <- fault() }()
		}
	}})
	late, duplicates := 0, 0
	err := durable.Publish(src, tr.connect(), "numbers", subjectOf, tr.publish...).ForEach(ctx, func(ack durable.Ack[int]) {
		if ack.Late {
			late++
		}
		if ack.Duplicate {
			duplicates++
		}
	})
	require.NoError(t, err)
	for range tr.faults {
		require.NoError(t, <-injected)
	}
	seen, jobs := <-fromDone, <-workDone
	t.Logf("publish: %d of %d were stored already when sent again, %d late; work: %d jobs delivered twice",
		duplicates, n, late, deliveries(jobs)-n)
	require.Len(t, jobs, n)
	if late > 0 { // the log is not in order, and publish has reported that
		require.False(t, slices.IsSorted(seen))
		slices.Sort(seen)
	}
	require.Equal(t, through(1, n), seen)
	require.Equal(t, []string{"w"}, consumers(t, admin), "only the worker's consumer is left")
}

func deliveries(jobs map[int]int) (n int) {
	for _, times := range jobs {
		n += times
	}
	return n
}

func (tr trouble) read(ctx context.Context, t *testing.T, n int) []int {
	messages := durable.From[int](tr.connect(), "numbers", durable.WithIdleTimeout(2*time.Second))
	seen, err := operators.Map(operators.Take(messages, n), durable.Data[int]).Collect(ctx)
	if err != nil {
		t.Errorf("From: %v", err)
	}
	return seen
}

func (tr trouble) work(ctx context.Context, t *testing.T, n int) map[int]int {
	seen := map[int]int{}
	work := durable.Work[int](tr.connect(), "numbers", "w", durable.WithIdleTimeout(2*time.Second), durable.WithAckWait(5*time.Second))
	err := work(ctx, func(job *durable.Job[int]) bool {
		seen[job.Data]++
		if err := job.Ack(); err != nil {
			t.Errorf("Ack: %v", err)
		}
		return len(seen) < n
	})
	if err != nil {
		t.Errorf("Work: %v, with %d of %d jobs", err, len(seen), n)
	}
	return seen
}

func TestServerProcessIsKilled(t *testing.T) {
	parallel(t)
	for _, test := range []struct {
		name    string
		publish []durable.PublishOption
	}{
		{"any number of writers", nil},
		{"one writer", []durable.PublishOption{durable.WithExpectLastSequence(0)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := newChild(t)
			kill := func() error {
				server.kill()
				time.Sleep(outage)
				return server.start()
			}
			trouble{
				connect: func() *nats.Conn { return dial(t, server.url()) },
				faults:  []func() error{kill, kill},
				publish: test.publish,
			}.run(t)
		})
	}
}

func TestServerRestarts(t *testing.T) {
	parallel(t)
	for _, inProcess := range []bool{false, true} {
		t.Run(map[bool]string{false: "TCP", true: "in process"}[inProcess], func(t *testing.T) {
			s, _ := serve(t, embedded.WithDir(t.TempDir()))
			restart := func() error {
				s.Stop()
				time.Sleep(outage)
				return s.Resume()
			}
			connect := func() *nats.Conn { return dial(t, s.URL()) }
			if inProcess {
				connect = func() *nats.Conn {
					nc, err := s.Connect()
					require.NoError(t, err)
					t.Cleanup(nc.Close)
					return nc
				}
			}
			trouble{connect: connect, faults: []func() error{restart, restart}}.run(t)
		})
	}
}

func TestLeaderStops(t *testing.T) {
	parallel(t)
	cluster, err := embedded.StartCluster(3)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })
	stopLeader := func() error {
		leader := cluster.Leader("numbers")
		if leader == nil {
			return nil
		}
		leader.Stop()
		time.Sleep(outage)
		return leader.Resume()
	}
	trouble{
		connect:  func() *nats.Conn { return dial(t, cluster.URL()) },
		replicas: 3,
		faults:   []func() error{stopLeader, stopLeader},
		publish:  []durable.PublishOption{durable.WithExpectLastSequence(0)},
	}.run(t)
}

func TestAdministratorDeletesConsumers(t *testing.T) {
	parallel(t)
	s, admin := serve(t)
	js, err := jetstream.New(admin)
	require.NoError(t, err)
	deleteAll := func() error {
		stream, err := js.Stream(context.Background(), "numbers")
		if err != nil {
			return err
		}
		list := stream.ConsumerNames(context.Background())
		for name := range list.Name() {
			if err := js.DeleteConsumer(context.Background(), "numbers", name); err != nil {
				return err
			}
		}
		return list.Err()
	}
	trouble{connect: func() *nats.Conn { return dial(t, s.URL()) }, faults: []func() error{deleteAll, deleteAll}}.run(t)
}

func TestConnectionsAreCut(t *testing.T) {
	parallel(t)
	s, _ := serve(t)
	proxy := proxied(t, s)
	cut := func() error {
		proxy.Stop()
		time.Sleep(outage)
		return proxy.Start()
	}
	reset := func() error {
		proxy.toxic(t, `{"name":"up","type":"reset_peer","stream":"upstream","attributes":{"timeout":0}}`)
		proxy.toxic(t, `{"name":"down","type":"reset_peer","stream":"downstream","attributes":{"timeout":0}}`)
		time.Sleep(outage)
		proxy.heal()
		return nil
	}
	trouble{connect: func() *nats.Conn { return dial(t, proxy.url) }, faults: []func() error{cut, reset, cut}}.run(t)
}

// A reader that blocks for long has everything when it reads on: for longer than the idle timeout, and, in full size,
// than a request for messages lives.
func TestSlowReader(t *testing.T) {
	parallel(t)
	_, nc := serve(t)
	numbers(t, nc, 2000)
	pause := 3 * time.Second
	if *full {
		pause = time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	block := func(i int) {
		if i == 300 {
			time.Sleep(pause)
		}
	}
	var failures []error
	note := durable.WithOnRetry(func(err error, _ int, _ time.Duration) { failures = append(failures, err) })
	var seen []int
	require.NoError(t, durable.From[int](nc, "numbers", durable.WithIdleTimeout(time.Second), note)(ctx, func(m durable.Message[int]) bool {
		seen = append(seen, m.Data)
		block(m.Data)
		return len(seen) < 2000
	}))
	require.Equal(t, through(1, 2000), seen)
	jobs := map[int]int{}
	require.NoError(t, durable.Work[int](nc, "numbers", "w", durable.WithIdleTimeout(time.Second), durable.WithAckWait(2*pause), note)(ctx,
		func(job *durable.Job[int]) bool {
			jobs[job.Data]++
			block(job.Data)
			require.NoError(t, job.Ack())
			return len(jobs) < 2000
		}))
	require.Equal(t, 2000, deliveries(jobs))
	require.Empty(t, failures)
}

// The stream is deleted and made again, in memory, while From reads it.
func TestFromSeesANewStream(t *testing.T) {
	_, nc := serve(t)
	js := jet(t, nc)
	read := func(opts ...durable.FromOption) (seen []int, err error) {
		numbers(t, nc, 100)
		err = durable.From[int](nc, "numbers", opts...)(t.Context(), func(m durable.Message[int]) bool {
			seen = append(seen, m.Data)
			if len(seen) == 100 {
				require.NoError(t, js.DeleteStream(t.Context(), "numbers"))
				numbers(t, nc, 200)
			}
			return len(seen) < 300
		})
		require.NoError(t, js.DeleteStream(t.Context(), "numbers"))
		return seen, err
	}
	seen, err := read()
	require.Equal(t, &durable.GapError{Stream: "numbers", Wanted: 101, First: 1, Last: 200, Recreated: true}, err)
	require.Equal(t, through(1, 100), seen)
	seen, err = read(durable.WithOnGap(func(*durable.GapError) {}))
	require.NoError(t, err)
	require.Equal(t, append(through(1, 100), through(1, 200)...), seen)
}
