package durable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/durable/embedded"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

type Visitor struct {
	Number  int
	Country string
}

// open starts a server in the process and connects to it. A program that has a NATS cluster calls nats.Connect instead.
func open() (nc *nats.Conn, closeAll func()) {
	server, err := embedded.Start()
	if err != nil {
		panic(err)
	}
	nc, err = server.Connect()
	if err != nil {
		panic(err)
	}
	return nc, func() {
		nc.Close()
		if err := server.Close(); err != nil {
			panic(err)
		}
	}
}

// store makes the stream VISITORS with three visitors.
func store(nc *nats.Conn) {
	ctx := context.Background()
	if err := durable.Ensure(ctx, nc, durable.StreamConfig{Name: "VISITORS", Subjects: []string{"visitors.*"}}); err != nil {
		panic(err)
	}
	visitors := source.Of(Visitor{1, "de"}, Visitor{2, "fr"}, Visitor{3, "de"})
	subject := func(v Visitor) string { return "visitors." + v.Country }
	if _, err := durable.Publish(visitors, nc, "VISITORS", subject).Collect(ctx); err != nil {
		panic(err)
	}
}

func ExampleEnsure() {
	nc, closeAll := open()
	defer closeAll()
	ctx := context.Background()
	config := durable.StreamConfig{Name: "VISITORS", Subjects: []string{"visitors.*"}, MaxAge: time.Hour}
	fmt.Println(durable.Ensure(ctx, nc, config))
	config.MaxAge = 2 * time.Hour
	fmt.Println(durable.Ensure(ctx, nc, config))
	// Output:
	// <nil>
	// rivulet: durable: stream "VISITORS" exists, but its MaxAge is 1h0m0s, not 2h0m0s
}

func ExamplePublish() {
	nc, closeAll := open()
	defer closeAll()
	store(nc) // three visitors
	more := source.Of(Visitor{3, "de"}, Visitor{4, "it"}, Visitor{4, "it"})
	acks := durable.Publish(more, nc, "VISITORS", func(v Visitor) string { return "visitors." + v.Country },
		durable.WithMessageID(func(v Visitor) string { return fmt.Sprint(v.Number) }),
		durable.WithInFlight(64),
		durable.WithAckTimeout(time.Second))
	for ack, err := range acks.All(context.Background()) {
		fmt.Println(ack.Item, ack.Seq, ack.Duplicate, err)
	}
	// Output:
	// {3 de} 4 false <nil>
	// {4 it} 5 false <nil>
	// {4 it} 5 true <nil>
}

// The only writer of a stream resumes where it stopped, and no other writer gets between.
func ExampleWithExpectLastSequence() {
	nc, closeAll := open()
	defer closeAll()
	store(nc) // sequences 1 to 3
	subject := func(string) string { return "visitors.it" }
	text := durable.WithEncoder(func(v any) ([]byte, error) { return json.Marshal(v) })
	publish := durable.Publish(source.Of("4"), nc, "VISITORS", subject, durable.WithExpectLastSequence(3), text)
	_, err := publish.Last(context.Background())
	fmt.Println(err)
	_, err = publish.Last(context.Background())
	fmt.Println(err)
	// Output:
	// <nil>
	// rivulet: durable: another writer stored a message in the stream
}

func ExampleFrom() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	visitors := durable.From[Visitor](nc, "VISITORS")
	for m, err := range operators.Take(visitors, 3).All(context.Background()) {
		fmt.Println(m.Seq, m.Subject, m.Data.Number, err)
	}
	// Output:
	// 1 visitors.de 1 <nil>
	// 2 visitors.fr 2 <nil>
	// 3 visitors.de 3 <nil>
}

// A reader keeps the cursor of the last message and resumes after it, in another process if need be.
func ExampleMessage_Cursor() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	ctx := context.Background()
	first, err := durable.From[Visitor](nc, "VISITORS").First(ctx)
	fmt.Println(first.Data.Number, err)
	next, err := durable.From[Visitor](nc, "VISITORS", durable.WithCursor(first.Cursor())).First(ctx)
	fmt.Println(next.Data.Number, err)
	// Output:
	// 1 <nil>
	// 2 <nil>
}

func ExampleWithStartSequence() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	first := func(opts ...durable.FromOption) {
		messages := durable.From[Visitor](nc, "VISITORS", opts...)
		visitor, err := operators.Map(messages, durable.Data[Visitor]).First(context.Background())
		fmt.Println(visitor.Number, err)
	}
	first(durable.WithStartSequence(2))
	first(durable.WithStartTime(time.Now().Add(-time.Hour)))
	first(durable.WithStartTail(1))
	first(durable.WithStartLast()) // of each country
	first(durable.WithSubjects("visitors.de"), durable.WithStartSequence(2))
	// Output:
	// 2 <nil>
	// 1 <nil>
	// 3 <nil>
	// 2 <nil>
	// 3 <nil>
}

func ExampleWithStartNew() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	visitors := durable.From[Visitor](nc, "VISITORS", durable.WithStartNew(),
		durable.WithOnStateChange(func(state source.State) {
			fmt.Println(state)
			if state == source.Open {
				store(nc) // three more
			}
		}))
	m, err := visitors.First(context.Background())
	fmt.Println(m.Seq, err)
	// Output:
	// Connecting
	// Open
	// Closed
	// 4 <nil>
}

// A reader fails if the stream does not have the messages that it wants, or it continues with those that the stream has.
func ExampleWithOnGap() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	ctx := context.Background()
	js, err := jetstream.New(nc)
	if err != nil {
		panic(err)
	}
	stream, err := js.Stream(ctx, "VISITORS")
	if err != nil {
		panic(err)
	}
	if err := stream.Purge(ctx, jetstream.WithPurgeSequence(3)); err != nil {
		panic(err)
	}
	_, err = durable.From[Visitor](nc, "VISITORS", durable.WithStartSequence(1)).First(ctx)
	fmt.Println(err)
	m, err := durable.From[Visitor](nc, "VISITORS", durable.WithStartSequence(1),
		durable.WithOnGap(func(gap *durable.GapError) { fmt.Println("skipping to", gap.First) })).First(ctx)
	fmt.Println(m.Seq, err)
	// Output:
	// rivulet: durable: stream "VISITORS": messages from sequence 1 on were removed; it has 3 to 3
	// skipping to 3
	// 3 <nil>
}

func ExampleWithOnParseError() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	if _, err := durable.Publish(source.Of("no JSON"), nc, "VISITORS", func(string) string { return "visitors.xx" }).
		Last(context.Background()); err != nil {
		panic(err)
	}
	visitors := durable.From[Visitor](nc, "VISITORS", durable.WithStartSequence(4),
		durable.WithDecoder(json.Unmarshal),
		durable.WithOnParseError(func(err *durable.ParseError) { fmt.Printf("%s %q\n", err.Subject, err.Data) }),
		durable.WithOnStateChange(func(state source.State) {
			if state == source.Open {
				store(nc)
			}
		}))
	m, err := visitors.First(context.Background())
	fmt.Println(m.Data, err)
	// Output:
	// visitors.xx "no JSON"
	// {1 de} <nil>
}

// The settings of a connection: how often to try, and what to report.
func ExampleWithRetry() {
	nc, closeAll := open()
	defer closeAll()
	_, err := durable.From[Visitor](nc, "MISSING",
		durable.WithRetry(retry.Policy{InitialDelay: time.Millisecond, Jitter: -1, FirstAttempts: 2, Retryable: durable.Retryable}),
		durable.WithOnRetry(func(err error, attempt int, delay time.Duration) {
			fmt.Println("attempt", attempt, "failed, next after", delay)
		}),
		durable.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
		durable.WithConnectTimeout(time.Second),
		durable.WithIdleTimeout(5*time.Second),
		durable.WithBatch(100)).First(context.Background())
	fmt.Println(errors.Is(err, jetstream.ErrStreamNotFound))
	// Output:
	// attempt 1 failed, next after 1ms
	// true
}

// Any number of processes run the same worker. Each job goes to one of them.
func ExampleWork() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	work := durable.Work[Visitor](nc, "VISITORS", "mailer",
		durable.WithAckWait(time.Minute), durable.WithMaxAckPending(50), durable.WithMaxDeliver(3))
	for job, err := range operators.Take(work, 4).All(context.Background()) {
		if err != nil {
			panic(err)
		}
		if job.Data.Number == 2 && job.Deliveries == 1 {
			fmt.Println("again later:", job.Data)
			err = job.Nak(10 * time.Millisecond)
		} else {
			fmt.Println("done:", job.Data, "delivery", job.Deliveries)
			err = job.AckSync(context.Background())
		}
		if err != nil {
			panic(err)
		}
	}
	// Output:
	// done: {1 de} delivery 1
	// again later: {2 fr}
	// done: {3 de} delivery 1
	// done: {2 fr} delivery 2
}

// If nothing after Work keeps a job, Work itself can acknowledge it.
func ExampleWithAckOnEmit() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	count := func() {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		n := 0
		err := durable.Work[Visitor](nc, "VISITORS", "counter", durable.WithAckOnEmit()).
			ForEach(ctx, func(*durable.Job[Visitor]) { n++ })
		fmt.Println(n, err)
	}
	count()
	count() // nothing is left
	// Output:
	// 3 context deadline exceeded
	// 0 context deadline exceeded
}
