package guide_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func listen(ctx context.Context, url string) error {
	listener := rivulet.NewListener(url, rivulet.Handlers[Visitor]{
		OnOpen:       func(*http.Response) { fmt.Println("connected") },
		OnMessage:    func(e source.Event[Visitor]) { fmt.Println("a visitor from", e.Data.Name) },
		OnParseError: func(err *source.ParseError) { slog.Warn("skipping an event", "error", err) },
		OnRetry:      func(err error, _ int, delay time.Duration) { slog.Info("reconnecting", "in", delay, "error", err) },
		OnError:      func(err error) { fmt.Println("ended:", err) },
	}, source.WithEvents("visitor"))

	if err := listener.StartListening(ctx); err != nil {
		return err
	}
	return listener.Wait()
}

func Example_aFeedWithCallbacks() {
	server := httptest.NewServer(visitorFeed())
	defer server.Close()
	fmt.Println(listen(context.Background(), server.URL))
	// Output:
	// connected
	// a visitor from Ghana
	// a visitor from Peru
	// ended: EOF
	// <nil>
}

func TestAPositionResumes(t *testing.T) {
	asked := make(chan string, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header.Get("Last-Event-ID")
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "id: 7\ndata: {}\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer server.Close()
	url, got := server.URL, make(chan string)
	handlers := rivulet.Handlers[Visitor]{OnMessage: func(e source.Event[Visitor]) { got <- e.ID }}
	position := new(source.Position)
	listener := rivulet.NewListener(url, handlers, source.WithPosition(position))
	for _, last := range []string{"", "7"} {
		require.NoError(t, listener.StartListening(t.Context()))
		require.Equal(t, last, <-asked)
		require.Equal(t, "7", <-got)
		listener.StopListening()
		require.NoError(t, listener.Wait())
	}
	require.Equal(t, "7", position.LastEventID())
}

func Example_aStreamWithCallbacks() {
	ctx := context.Background()
	prices := operators.Concat(source.Of(100, 101), source.Throw[int](errors.New("closed")))
	subscription := prices.Subscribe(ctx, observable.Observer[int]{
		Next:     func(price int) { fmt.Println(price) },
		Error:    func(err error) { fmt.Println("failed:", err) },
		Complete: func() { fmt.Println("complete") },
	})
	err := subscription.Wait()
	fmt.Println(err)
	// Output:
	// 100
	// 101
	// failed: closed
	// closed
}

// Sensor calls the functions that are registered, from a goroutine of its own.
type Sensor struct {
	mu        sync.Mutex
	callbacks map[int]func(float64)
}

func (s *Sensor) Register(f func(float64)) (id int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.callbacks == nil {
		return 0, errors.New("the sensor is off")
	}
	s.callbacks[len(s.callbacks)] = f
	return len(s.callbacks) - 1, nil
}

func (s *Sensor) Unregister(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.callbacks, id)
}

func (s *Sensor) measure(celsius ...float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.callbacks {
		for _, v := range celsius {
			f(v)
		}
	}
}

func readings(sensor *Sensor) observable.Observable[float64] {
	return source.FromCallback(64, observable.DropOldest,
		func(ctx context.Context, e source.Emitter[float64]) (stop func(), err error) {
			id, err := sensor.Register(func(celsius float64) { e.Next(celsius) })
			return func() { sensor.Unregister(id) }, err
		})
}

func TestCallbacksBecomeAStream(t *testing.T) {
	sensor := &Sensor{callbacks: map[int]func(float64){}}
	items := operators.Take(readings(sensor), 2).Observe(t.Context(), 0)
	require.Eventually(t, func() bool {
		sensor.mu.Lock()
		defer sensor.mu.Unlock()
		return len(sensor.callbacks) == 1
	}, time.Minute, time.Millisecond)
	sensor.measure(20.5, 21, 21.5)
	require.Equal(t, 20.5, (<-items).Value)
	require.Equal(t, 21.0, (<-items).Value)
	_, more := <-items
	require.False(t, more)
	require.Empty(t, sensor.callbacks)

	_, err := readings(new(Sensor)).First(t.Context())
	require.EqualError(t, err, "the sensor is off")
}
