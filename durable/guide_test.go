package durable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/durable/embedded"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// The code of docs/guide/scaling-out.md and of README.md is part of this file.
func TestTheGuideShowsTestedCode(t *testing.T) {
	code, err := os.ReadFile("guide_test.go")
	require.NoError(t, err)
	unindented := regexp.MustCompile(`(?m)^\t+`)
	tested := unindented.ReplaceAllString(string(code), "")
	for _, file := range []string{"README.md", "../docs/guide/scaling-out.md"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		blocks := regexp.MustCompile("(?sm)^```go\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
		require.NotEmpty(t, blocks)
		for _, block := range blocks {
			require.True(t, strings.Contains(tested, unindented.ReplaceAllString(block[1], "")), "%s shows what no test runs:\n%s", file, block[1])
		}
	}
}

// Order is a message of the guide.
type Order struct {
	ID string
}

func Example() {
	server, err := embedded.Start() // or nats.Connect to a cluster
	if err != nil {
		panic(err)
	}
	defer server.Close()
	nc, err := server.Connect()
	if err != nil {
		panic(err)
	}
	defer nc.Close()
	ctx := context.Background()
	err = durable.Ensure(ctx, nc, durable.StreamConfig{Name: "VISITORS", Subjects: []string{"visitors.*"}})
	if err != nil {
		panic(err)
	}
	subject := func(v Visitor) string { return "visitors." + v.Country }
	_, err = durable.Publish(source.Of(Visitor{1, "de"}, Visitor{2, "fr"}), nc, "VISITORS", subject).Collect(ctx)
	if err != nil {
		panic(err)
	}
	cursor := "" // of the last message that was read
	visitors := durable.From[Visitor](nc, "VISITORS", durable.WithCursor(cursor))
	for m, err := range operators.Take(visitors, 2).All(ctx) {
		fmt.Println(m.Data, err)
		cursor = m.Cursor()
	}
	// Output:
	// {1 de} <nil>
	// {2 fr} <nil>
}

func connectTo(dir string) (server *embedded.Server, nc *nats.Conn, err error) {
	server, err = embedded.Start(embedded.WithDir(dir)) // or nats.Connect to a cluster
	if err != nil {
		return nil, nil, err
	}
	nc, err = server.Connect()
	return server, nc, err
}

func storeVisitors(ctx context.Context, nc *nats.Conn, feed observable.Observable[Visitor]) error {
	config := durable.StreamConfig{Name: "VISITORS", Subjects: []string{"visitors.*"}}
	if err := durable.Ensure(ctx, nc, config); err != nil {
		return err
	}
	subject := func(v Visitor) string { return "visitors." + v.Country }
	acks := durable.Publish(feed, nc, "VISITORS", subject)
	return acks.ForEach(ctx, func(durable.Ack[Visitor]) {})
}

func readVisitors(ctx context.Context, nc *nats.Conn, saved string, process func(v Visitor, cursor string) error) error {
	visitors := durable.From[Visitor](nc, "VISITORS", durable.WithCursor(saved))
	for m, err := range visitors.All(ctx) {
		if err != nil {
			return err
		}
		if err := process(m.Data, m.Cursor()); err != nil { // saves the cursor with the result
			return err
		}
	}
	return nil
}

func TestGuideOneInstanceWithALog(t *testing.T) {
	dir := t.TempDir()
	server, nc, err := connectTo(dir)
	require.NoError(t, err)
	require.NoError(t, storeVisitors(t.Context(), nc, source.Of(Visitor{1, "de"}, Visitor{2, "fr"}, Visitor{3, "de"})))

	saved := ""
	enough := errors.New("enough")
	process := func(until int) func(v Visitor, cursor string) error {
		return func(v Visitor, cursor string) error {
			saved = cursor
			if v.Number == until {
				return enough
			}
			return nil
		}
	}
	require.Equal(t, enough, readVisitors(t.Context(), nc, saved, process(2)))
	nc.Close()
	require.NoError(t, server.Close())

	server, nc, err = connectTo(dir)
	require.NoError(t, err)
	defer nc.Close()
	next := func(v Visitor, _ string) error {
		require.Equal(t, 3, v.Number)
		return enough
	}
	require.Equal(t, enough, readVisitors(t.Context(), nc, saved, next))
	require.NoError(t, server.Close())
}

func serveVisitors(nc *nats.Conn) *sink.Handler[durable.Message[Visitor]] {
	messages := durable.From[Visitor](nc, "VISITORS", durable.WithStartTail(1000))
	return sink.EventSource(messages, sink.Config[durable.Message[Visitor]]{
		ID:      durable.Message[Visitor].Cursor, // an event has the same ID on every instance
		Encode:  func(m durable.Message[Visitor]) ([]byte, error) { return json.Marshal(m.Data) },
		Eager:   true, // the instance has events before its first client connects
		Replay:  1000,
		History: durable.History[Visitor](nc, "VISITORS"), // the events before those
	})
}

func TestGuideInstances(t *testing.T) {
	s, nc := serve(t)
	require.NoError(t, storeVisitors(t.Context(), nc, source.Of(Visitor{1, "de"}, Visitor{2, "fr"}, Visitor{3, "de"})))
	first, err := durable.From[Visitor](nc, "VISITORS").First(t.Context())
	require.NoError(t, err)
	for range 2 { // each instance serves a client of the other
		handler := serveVisitors(dial(t, s.URL()))
		server := httptest.NewServer(handler)
		events := source.FromEventSource[Visitor](server.URL, source.WithLastEventID(first.Cursor()))
		seen, err := operators.Map(operators.Take(events, 2), source.Data[Visitor]).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []Visitor{{2, "fr"}, {3, "de"}}, seen)
		handler.Close()
		server.Close()
	}
}

func sendMails(ctx context.Context, nc *nats.Conn, mail func(Order) error, logger *slog.Logger) error {
	jobs := durable.Work[Order](nc, "ORDERS", "mailer", durable.WithAckWait(time.Minute))
	return jobs.ForEach(ctx, func(job *durable.Job[Order]) {
		err := mail(job.Data)
		if err == nil {
			err = job.Ack()
		} else {
			err = errors.Join(err, job.Nak(10*time.Second)) // again in 10 seconds
		}
		if err != nil {
			logger.Error("mailing", "order", job.Data.ID, "error", err)
		}
	})
}

func sendMailsInParallel(ctx context.Context, nc *nats.Conn, mail func(context.Context, Order) error) error {
	jobs := durable.Work[Order](nc, "ORDERS", "mailer", durable.WithBatch(8))
	mailed := operators.ParallelMap(jobs, 8, func(ctx context.Context, job *durable.Job[Order]) (string, error) {
		if err := mail(ctx, job.Data); err != nil {
			return job.Data.ID, job.Nak(10 * time.Second)
		}
		return job.Data.ID, job.Ack()
	})
	return mailed.ForEach(ctx, func(string) {})
}

func TestGuideWorkers(t *testing.T) {
	_, nc := serve(t)
	require.NoError(t, durable.Ensure(t.Context(), nc, durable.StreamConfig{Name: "ORDERS"}))
	publish := func(ids ...string) {
		orders := operators.Map(source.FromSlice(ids), func(id string) Order { return Order{id} })
		_, err := durable.Publish(orders, nc, "ORDERS", func(Order) string { return "ORDERS" }).Collect(t.Context())
		require.NoError(t, err)
	}
	var done []string
	ctx, cancel := context.WithCancel(t.Context())
	mail := func(o Order) error {
		done = append(done, o.ID)
		switch len(done) {
		case 1:
			return errors.New("the mail server is away")
		case 3:
			cancel()
		}
		return nil
	}
	publish("a", "b", "c")
	require.Equal(t, context.Canceled, sendMails(ctx, nc, mail, slog.New(slog.DiscardHandler)))
	require.Equal(t, []string{"a", "b", "c"}, done)

	ctx, cancel = context.WithCancel(t.Context())
	mailed := make(chan string, 3)
	go func() {
		defer cancel()
		for range 3 {
			done = append(done, <-mailed)
		}
	}()
	publish("d", "e", "f")
	err := sendMailsInParallel(ctx, nc, func(_ context.Context, o Order) error {
		if o.ID != "a" { // it was returned
			mailed <- o.ID
		}
		return nil
	})
	require.Equal(t, context.Canceled, err)
	slices.Sort(done)
	require.Equal(t, strings.Fields("a b c d e f"), done)
}
