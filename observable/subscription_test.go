package observable_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// diary notes the calls of an observer.
type diary struct{ calls []string }

func (d *diary) observer() observable.Observer[int] {
	return observable.Observer[int]{
		Next:     func(v int) { d.note("next %d", v) },
		Error:    func(err error) { d.note("error %v", err) },
		Complete: func() { d.note("complete") },
	}
}

func (d *diary) note(format string, args ...any) {
	d.calls = append(d.calls, fmt.Sprintf(format, args...))
}

func TestSubscribe(t *testing.T) {
	for name, test := range map[string]struct {
		ctx     context.Context
		source  observable.Observable[int]
		want    []string
		wantErr error
	}{
		"complete": {t.Context(), source.Of(1, 2), []string{"next 1", "next 2", "complete"}, nil},
		"empty":    {t.Context(), source.Empty[int](), []string{"complete"}, nil},
		"failed":   {t.Context(), thenFail(1), []string{"next 1", "error test"}, errTest},
		"canceled": {canceled(t), source.Of(1), []string{"error canceled by the test"}, errCanceled},
	} {
		t.Run(name, func(t *testing.T) {
			log := logged(t)
			d := &diary{}
			s := test.source.Subscribe(test.ctx, d.observer())
			require.Equal(t, test.wantErr, s.Wait())
			require.Equal(t, test.want, d.calls)
			require.Equal(t, test.wantErr, s.Wait(), "as often as one likes")
			require.Empty(t, log.String())
		})
	}
}

// It also runs, and says what it must, without any of the callbacks.
func TestSubscribeWithoutCallbacks(t *testing.T) {
	log := logged(t)
	require.NoError(t, source.Of(1).Subscribe(t.Context(), observable.Observer[int]{}).Wait())
	require.Empty(t, log.String())

	require.Equal(t, errTest, thenFail(1).Subscribe(t.Context(), observable.Observer[int]{}).Wait())
	require.Contains(t, log.String(), "level=ERROR")
	require.Contains(t, log.String(), "error=test")
}

func TestSubscribeRunsInAGoroutineOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		s := source.Interval(time.Second).Subscribe(t.Context(), d.observer())
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []string{"next 0", "next 1"}, d.calls)
		s.Dispose()
		require.NoError(t, s.Wait())
	})
}

func TestCancelIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		d := &diary{}
		s := source.Never[int]().Subscribe(ctx, d.observer())
		synctest.Wait()
		cancel(errCanceled)
		require.Equal(t, errCanceled, s.Wait())
		require.Equal(t, []string{"error canceled by the test"}, d.calls)
	})
}

func TestDispose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		s := source.Never[int]().Subscribe(t.Context(), d.observer())
		synctest.Wait()
		require.False(t, isClosed(s.Done()))
		s.Dispose()
		s.Dispose()
		require.NoError(t, s.Wait())
		require.True(t, isClosed(s.Done()))
		s.Dispose()
		require.NoError(t, s.Wait())
		require.Empty(t, d.calls)
	})
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// The goroutine has not begun when Dispose is called; the stream sees a done context.
func TestDisposeBeforeTheFirstItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		begin := make(chan struct{})
		s := observable.Observable[int](func(_ context.Context, emit func(int) bool) error {
			<-begin
			require.False(t, emit(1), "a source that has not seen the context yet")
			return nil
		}).Subscribe(t.Context(), d.observer())
		s.Dispose()
		close(begin)
		require.NoError(t, s.Wait())
		require.Empty(t, d.calls)
	})
}

func TestDisposeInsideNext(t *testing.T) {
	for name, src := range map[string]observable.Observable[int]{
		"endless":        source.Repeat(1),
		"its last item":  source.Of(1),
		"a failing one":  thenFail(1, 2),
		"its last, fail": func(_ context.Context, emit func(int) bool) error { emit(1); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &diary{}
				observer := d.observer()
				var s *observable.Subscription
				subscribed := make(chan struct{})
				observer.Next = func(int) {
					<-subscribed
					d.note("next")
					s.Dispose()
					s.Dispose()
				}
				s = src.Subscribe(t.Context(), observer)
				close(subscribed)
				require.NoError(t, s.Wait())
				require.Equal(t, []string{"next"}, d.calls)
			})
		})
	}
}

func TestDisposeInsideNextStopsTheStreamAtThatItem(t *testing.T) {
	var s *observable.Subscription
	subscribed := make(chan struct{})
	s = observable.Observable[int](func(_ context.Context, emit func(int) bool) error {
		<-subscribed
		require.True(t, emit(1))
		require.False(t, emit(2))
		return nil
	}).Subscribe(t.Context(), observable.Observer[int]{Next: func(v int) {
		if v == 2 {
			s.Dispose()
		}
	}})
	close(subscribed)
	require.NoError(t, s.Wait())
}

func TestTheContextOfARunEndsWithIt(t *testing.T) {
	var seen context.Context
	s := observable.Observable[int](func(ctx context.Context, _ func(int) bool) error {
		seen = ctx
		return ctx.Err()
	}).Subscribe(t.Context(), observable.Observer[int]{})
	require.NoError(t, s.Wait())
	require.Error(t, seen.Err(), "else it would stay with its parent for ever")
}

func TestDisposeInsideTheLastCallback(t *testing.T) {
	for name, test := range map[string]struct {
		source observable.Observable[int]
		want   error
	}{
		"complete": {source.Empty[int](), nil},
		"error":    {thenFail(), errTest},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var s *observable.Subscription
				subscribed := make(chan struct{})
				calls := 0
				dispose := func() { <-subscribed; s.Dispose(); calls++ }
				s = test.source.Subscribe(t.Context(), observable.Observer[int]{
					Error:    func(error) { dispose() },
					Complete: dispose,
				})
				close(subscribed)
				require.Equal(t, test.want, s.Wait(), "the run had ended before it was disposed")
				require.Equal(t, 1, calls)
			})
		})
	}
}

// Done must not be closed while a callback runs.
func TestDoneIsAfterTheCallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		s := source.Of(1).Subscribe(t.Context(), observable.Observer[int]{Complete: func() { <-hold }})
		synctest.Wait()
		require.False(t, isClosed(s.Done()))
		close(hold)
		synctest.Wait()
		require.True(t, isClosed(s.Done()))
	})
}

func TestWaitIncludesTheNextThatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(int) { time.Sleep(time.Second) }
		s := source.Repeat(1).Subscribe(t.Context(), observable.Observer[int]{Next: slow})
		synctest.Wait()
		begin := time.Now()
		s.Dispose()
		require.Zero(t, time.Since(begin), "Dispose does not wait")
		require.False(t, isClosed(s.Done()))
		require.NoError(t, s.Wait())
		require.Equal(t, time.Second, time.Since(begin))
	})
}

// After Dispose, Wait returns what failed, without the errors that say only that the run was disposed.
func TestWaitReturnsWhatFailedAfterDispose(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(context.Context) error
		want string
	}{
		"the cause":             {context.Cause, ""},
		"ctx.Err":               {context.Context.Err, ""},
		"the cause, wrapped":    {func(ctx context.Context) error { return fmt.Errorf("read: %w", context.Cause(ctx)) }, ""},
		"the cause, twice":      {func(ctx context.Context) error { return errors.Join(context.Cause(ctx), ctx.Err()) }, ""},
		"a failure":             {func(context.Context) error { return errTest }, errTest.Error()},
		"the cause, a failure":  {func(ctx context.Context) error { return errors.Join(context.Cause(ctx), errTest) }, errTest.Error()},
		"nothing":               {func(context.Context) error { return nil }, ""},
		"a failure, wrapped":    {func(context.Context) error { return fmt.Errorf("close: %w", errTest) }, "close: " + errTest.Error()},
		"wraps nothing in fact": {func(context.Context) error { return &wrapper{} }, "wrapper"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := logged(t)
				d := &diary{}
				s := observable.Observable[int](func(ctx context.Context, _ func(int) bool) error {
					<-ctx.Done()
					return test.end(ctx)
				}).Subscribe(t.Context(), d.observer())
				s.Dispose()
				err := s.Wait()
				if test.want == "" {
					require.NoError(t, err)
				} else {
					require.EqualError(t, err, test.want)
				}
				require.Empty(t, d.calls)
				require.Empty(t, log.String())
			})
		})
	}
}

// wrapper is an error that could wrap another, but does not.
type wrapper struct{}

func (*wrapper) Error() string { return "wrapper" }
func (*wrapper) Unwrap() error { return nil }

// Dispose, cancel and the end of the stream race. Whatever wins, at most one last call is made, and Wait agrees.
func TestRacesOfDispose(t *testing.T) {
	for i := range 300 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			d := &diary{}
			s := source.Range(0, i%5).Subscribe(ctx, d.observer())
			var racers sync.WaitGroup
			for range 3 {
				racers.Go(s.Dispose)
			}
			racers.Go(func() { cancel(errCanceled) })
			racers.Wait()
			err := s.Wait()

			last := ""
			for n, call := range d.calls {
				if last = call; call != fmt.Sprintf("next %d", n) {
					require.Len(t, d.calls, n+1, "nothing follows the end")
				}
			}
			switch last {
			case "complete":
				require.NoError(t, err)
			case "error canceled by the test":
				require.Equal(t, errCanceled, err)
			}
		})
	}
}
