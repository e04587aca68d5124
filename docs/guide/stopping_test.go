package guide_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

func awaitPrice(ctx context.Context, prices observable.Observable[int], limit int) error {
	for price, err := range prices.All(ctx) {
		if err != nil {
			return err
		}
		if price > limit {
			break // closes the connection of prices
		}
	}
	return nil
}

func TestLeavingTheLoopStopsTheSource(t *testing.T) {
	produced := 0
	prices := operators.Tap(source.Range(1, 100), observable.Observer[int]{Next: func(int) { produced++ }})
	require.NoError(t, awaitPrice(t.Context(), prices, 3))
	require.Equal(t, 4, produced)
}

func TestTheErrorOfACanceledRunIsTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errClosed := errors.New("the user has closed the page")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(time.Minute, func() { cancel(errClosed) })

		err := source.Interval(time.Second).ForEach(ctx, func(int) {})
		fmt.Println(err == errClosed) // true
		require.Equal(t, errClosed, err)
	})
}

type Row int

// Database stores batches of rows. Each takes a while.
type Database struct {
	takes   time.Duration
	batches [][]Row
}

func (db *Database) insert(ctx context.Context, rows []Row) (int, error) {
	select {
	case <-time.After(db.takes):
		db.batches = append(db.batches, rows)
		return len(rows), nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// save stores rows in batches, until stopping is done. It stores the last batch too.
func save(ctx, stopping context.Context, rows observable.Observable[Row], db *Database) error {
	rows = operators.TakeUntilDone(rows, stopping) // first, next to the source
	batches := operators.BufferTimeOrCount(rows, time.Second, 100)
	return operators.TryMap(batches, db.insert).ForEach(ctx, func(int) {})
}

// drainContext returns a context that is canceled when the grace period after stopping has passed.
func drainContext(stopping context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(stopping))
	unregister := context.AfterFunc(stopping, func() {
		select {
		case <-time.After(grace):
			cancel(errors.New("the drain took too long"))
		case <-ctx.Done():
		}
	})
	return ctx, func() { unregister(); cancel(nil) }
}

func rowEvery(d time.Duration) observable.Observable[Row] {
	return operators.Map(source.Interval(d), func(i int) Row { return Row(i) })
}

func TestCompletionFlushesABuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping, stop := context.WithCancel(t.Context())
		time.AfterFunc(1700*time.Millisecond, stop)
		db := &Database{takes: time.Millisecond}
		require.NoError(t, save(context.WithoutCancel(stopping), stopping, rowEvery(300*time.Millisecond), db))
		require.Equal(t, [][]Row{{0, 1, 2}, {3, 4}}, db.batches)
	})
}

func TestCancelDropsABuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping, stop := context.WithCancel(t.Context())
		time.AfterFunc(1700*time.Millisecond, stop)
		db := &Database{takes: time.Millisecond}
		err := save(stopping, t.Context(), rowEvery(300*time.Millisecond), db)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, [][]Row{{0, 1, 2}}, db.batches)
	})
}

func TestADrainHasALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping, stop := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, stop)
		ctx, cancel := drainContext(stopping, 10*time.Second)
		defer cancel()
		began := time.Now()
		err := save(ctx, stopping, rowEvery(300*time.Millisecond), &Database{takes: time.Hour})
		require.EqualError(t, err, "the drain took too long")
		require.Equal(t, 10500*time.Millisecond, time.Since(began))
	})
}

func TestADrainInTime(t *testing.T) {
	rows, db := source.Of[Row](1, 2, 3), &Database{}
	stopping, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := drainContext(stopping, 10*time.Second)
	defer cancel()
	err := save(ctx, stopping, rows, db)
	require.NoError(t, err)
	require.Equal(t, [][]Row{{1, 2, 3}}, db.batches)
}

func TestDisposeStopsASubscription(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, prices, show := t.Context(), source.Interval(time.Second), func(int) {}
		subscription := prices.Subscribe(ctx, observable.Observer[int]{Next: show})
		subscription.Dispose()
		err := subscription.Wait() // nil, or an error from stopping the stream
		require.NoError(t, err)
	})
}

func TestShutdownEndsResponses(t *testing.T) {
	handler := sink.EventSource(source.Never[string](), sink.Config[string]{Greeting: []string{"welcome"}})
	server, ctx := &http.Server{Handler: handler}, t.Context()
	listener := httptest.NewUnstartedServer(handler).Listener
	go func() { _ = server.Serve(listener) }()
	url := fmt.Sprint("http://", listener.Addr())
	ended := source.FromEventSource[string](url, source.WithCompleteOnEOF()).Observe(ctx, 0)
	require.Equal(t, "welcome", (<-ended).Value.Data)
	server.Shutdown(ctx) // ends the responses
	handler.Close()      // ends the run and waits for it
	_, more := <-ended
	require.False(t, more)
	require.False(t, handler.Healthy())
}
