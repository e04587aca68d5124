package observable_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// kinds are the three kinds of subjects, each with the value 0 or without one.
var kinds = map[string]func(...observable.SubjectOption) *observable.Subject[int]{
	"subject": observable.NewSubject[int],
	"behaviour subject": func(options ...observable.SubjectOption) *observable.Subject[int] {
		return &observable.NewBehaviorSubject(0, options...).Subject
	},
	"replay subject": func(options ...observable.SubjectOption) *observable.Subject[int] {
		return observable.NewReplaySubject[int](2, options...)
	},
}

// An observer gets what it is due from the past, what is sent while it observes, and the end. One that comes after
// the end gets what it is due then.
func TestSubject(t *testing.T) {
	for name, want := range map[string]struct{ first, second, late []string }{
		"subject": {
			[]string{"next 1", "next 2", "next 3", "next 4"},
			[]string{"next 4"},
			nil,
		},
		"behaviour subject": {
			[]string{"next 0", "next 1", "next 2", "next 3", "next 4"},
			[]string{"next 3", "next 4"},
			nil,
		},
		"replay subject": {
			[]string{"next 1", "next 2", "next 3", "next 4"},
			[]string{"next 2", "next 3", "next 4"},
			[]string{"next 3", "next 4"},
		},
	} {
		for ending, end := range map[string]func(*observable.Subject[int]){
			"complete":   func(s *observable.Subject[int]) { s.Complete() },
			"error test": func(s *observable.Subject[int]) { s.Error(errTest) },
		} {
			t.Run(name+"/"+ending, func(t *testing.T) {
				s := kinds[name]()
				var first, second, late diary
				firstRun := s.Subscribe(t.Context(), first.observer())
				send(s, 1, 3)
				secondRun := s.Subscribe(t.Context(), second.observer())
				s.Next(4)
				end(s)
				send(s, 5, 6) // ignored, as is what follows
				s.Error(errTest)
				s.Complete()
				_, _ = firstRun.Wait(), secondRun.Wait()
				_ = s.Subscribe(t.Context(), late.observer()).Wait()
				require.Equal(t, append(want.first, ending), first.calls)
				require.Equal(t, append(want.second, ending), second.calls)
				require.Equal(t, append(want.late, ending), late.calls)
				require.Zero(t, s.Observers())
			})
		}
	}
}

func send(s *observable.Subject[int], from, to int) {
	for v := from; v <= to; v++ {
		s.Next(v)
	}
}

func TestSubjectKeepsTheContract(t *testing.T) {
	for name, newSubject := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSubject()
				send(s, 1, 5)
				observabletest.Check(t, s.Observable())
				s.Error(errTest)
				observabletest.Check(t, s.Observable())
				require.Zero(t, s.Observers())
			})
		})
	}
}

// The contract while items are sent all the time.
func TestSubjectThatIsFedKeepsTheContract(t *testing.T) {
	for name, newSubject := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSubject()
				const apart = time.Nanosecond // so that no item is due at the very moment at which a trial ends
				feed := source.Interval(time.Second+apart).Subscribe(t.Context(), observable.Observer[int]{Next: s.Next})
				observabletest.Check(t, s.Observable(), observabletest.Varying())
				feed.Dispose()
			})
		})
	}
}

func TestBehaviorSubjectValue(t *testing.T) {
	s := observable.NewBehaviorSubject("red")
	require.Equal(t, "red", s.Value())
	s.Next("green")
	require.Equal(t, "green", s.Value())
	s.Complete()
	s.Next("blue")
	require.Equal(t, "green", s.Value())
}

func TestSubjectErrorOfNilPanics(t *testing.T) {
	require.Panics(t, func() { observable.NewSubject[int]().Error(nil) })
}

func TestSubjectOptionsPanic(t *testing.T) {
	require.PanicsWithError(t, "observable.WithCapacity: items is 0, it must be positive",
		func() { observable.WithCapacity(0) })
	require.PanicsWithValue(t, "observable.WithOverflow: policy is 4, which is none",
		func() { observable.WithOverflow(observable.Fail + 1) })
	require.Panics(t, func() { observable.WithOnDrop(nil) })
	require.PanicsWithError(t, "observable.NewReplaySubject: n is -1, it must not be negative",
		func() { observable.NewReplaySubject[int](-1) })
}

// What happens when one of two observers stays in its callback, item 1, while 2 to 6 are sent and three may wait.
func TestSubjectWithASlowObserver(t *testing.T) {
	all := []string{"next 1", "next 2", "next 3", "next 4", "next 5", "next 6", "complete"}
	for name, test := range map[string]struct {
		overflow    observable.Overflow
		waits       bool
		slow, quick []string
		dropped     int
	}{
		"block":       {observable.Block, true, all, all, 0},
		"drop oldest": {observable.DropOldest, false, []string{"next 1", "next 4", "next 5", "next 6", "complete"}, all, 2},
		"drop newest": {observable.DropNewest, false, append(all[:4:4], "complete"), append(all[:4:4], "complete"), 2},
		"fail":        {observable.Fail, false, []string{"next 1", "error " + observable.ErrOverflow.Error()}, all, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dropped := 0
				s := observable.NewSubject[int](observable.WithCapacity(3), observable.WithOverflow(test.overflow),
					observable.WithOnDrop(func(items int) { dropped += items }))
				gate := make(chan struct{})
				var slow, quick diary
				slowObserver := slow.observer()
				slowObserver.Next = func(v int) {
					slow.note("next %d", v)
					<-gate
				}
				slowRun := s.Subscribe(t.Context(), slowObserver)
				quickRun := s.Subscribe(t.Context(), quick.observer())
				s.Next(1)
				synctest.Wait()
				sent := make(chan struct{})
				go func() {
					for v := range 5 {
						s.Next(v + 2)
						time.Sleep(time.Second) // the quick one reads it
					}
					s.Complete()
					close(sent)
				}()
				time.Sleep(time.Minute)
				synctest.Wait()
				require.Equal(t, test.waits, !isClosed(sent))
				if test.waits {
					require.Equal(t, all[:4], quick.calls, "the other observer has what was sent")
				}
				close(gate)
				_, _ = slowRun.Wait(), quickRun.Wait()
				require.Equal(t, test.slow, slow.calls)
				require.Equal(t, test.quick, quick.calls)
				require.Equal(t, test.dropped, dropped)
			})
		})
	}
}

// Next waits no longer when the observer that holds it up has left, or the subject has ended.
func TestNextThatWaits(t *testing.T) {
	for name, release := range map[string]func(s *observable.Subject[int], leave func()){
		"the observer leaves": func(_ *observable.Subject[int], leave func()) { leave() },
		"the subject ends":    func(s *observable.Subject[int], _ func()) { s.Complete() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := observable.NewSubject[int](observable.WithCapacity(1))
				gate := make(chan struct{})
				leave := sync.OnceFunc(func() { close(gate) })
				run := operators.Take(s.Observable(), 1).Subscribe(t.Context(), observable.Observer[int]{
					Next: func(int) { <-gate },
				})
				synctest.Wait()
				s.Next(1)
				synctest.Wait()
				sent := make(chan struct{})
				go func() {
					send(s, 2, 3)
					close(sent)
				}()
				synctest.Wait()
				require.False(t, isClosed(sent))
				release(s, leave)
				<-sent
				leave()
				require.NoError(t, run.Wait())
			})
		})
	}
}

func TestDropsAreLoggedIfNobodyIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		s := observable.NewSubject[int](observable.WithCapacity(1), observable.WithOverflow(observable.DropNewest))
		gate := make(chan struct{})
		run := s.Subscribe(t.Context(), observable.Observer[int]{Next: func(int) { <-gate }})
		s.Next(1)
		synctest.Wait()
		send(s, 2, 3)
		require.Contains(t, log.String(), "items=1")
		run.Dispose()
		close(gate)
		<-run.Done()
	})
}

// Observers that send, each far more than may wait, do not wait for themselves or for each other, and all get the
// same items in the same order.
func TestNextFromInsideObservers(t *testing.T) {
	const observers, each, capacity = 3, 500, 8
	for name, newSubject := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSubject(observable.WithCapacity(capacity))
				got := make([][]int, observers)
				runs := make([]*observable.Subscription, observers)
				for i := range runs {
					runs[i] = s.Subscribe(t.Context(), observable.Observer[int]{Next: func(v int) {
						got[i] = append(got[i], v)
						if v == 1 {
							send(s, 1000*(i+1), 1000*(i+1)+each-1)
						}
					}})
				}
				s.Next(1)
				synctest.Wait()
				s.Complete()
				for i, run := range runs {
					require.NoError(t, run.Wait())
					require.Equal(t, got[0], got[i])
				}
				want := []int{1}
				for i := range runs {
					for v := range each {
						want = append(want, 1000*(i+1)+v)
					}
				}
				sent := slices.DeleteFunc(slices.Clone(got[0]), func(v int) bool { return v == 0 })
				require.ElementsMatch(t, want, sent)
				for i := range runs {
					ofOne := slices.DeleteFunc(slices.Clone(sent), func(v int) bool { return v/1000 != i+1 })
					require.True(t, slices.IsSorted(ofOne), "the order of each sender is kept")
				}
			})
		})
	}
}

// An item that an observer sends comes after those sent before, and it may do anything to the subject meanwhile.
func TestAnythingFromInsideAnObserver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := observable.NewReplaySubject[int](1, observable.WithCapacity(1))
		var first, second diary
		var run, secondRun *observable.Subscription
		observer := first.observer()
		observer.Next = func(v int) {
			first.note("next %d", v)
			switch v {
			case 1:
				send(s, 2, 4)
			case 3:
				secondRun = s.Subscribe(t.Context(), second.observer())
				require.Equal(t, 2, s.Observers())
			case 4:
				send(s, 5, 6)
				s.Complete()
				s.Next(7)
			case 5:
				run.Dispose()
			}
		}
		run = s.Subscribe(t.Context(), observer)
		s.Next(1)
		require.NoError(t, run.Wait())
		require.NoError(t, secondRun.Wait())
		require.Equal(t, []string{"next 1", "next 2", "next 3", "next 4", "next 5"}, first.calls)
		require.Equal(t, []string{"next 4", "next 5", "next 6", "complete"}, second.calls)
	})
}

// An observer within an observer, on one goroutine: the outer one cannot move, so the inner one must not wait for it.
func TestNextFromAnObserverWithinAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := observable.NewReplaySubject[int](1, observable.WithCapacity(2))
		s.Next(1)
		var got []int
		err := s.Observable().ForEach(t.Context(), func(v int) {
			if v > 1 {
				return
			}
			_ = operators.Take(s.Observable(), 100).ForEach(t.Context(), func(v int) {
				got = append(got, v)
				s.Next(v + 1)
				s.Next(v + 1)
			})
			s.Complete()
		})
		require.NoError(t, err)
		require.Len(t, got, 100)
	})
}

func TestSubjectOfManySenders(t *testing.T) {
	const senders, each = 4, 1000
	s := observable.NewSubject[int](observable.WithCapacity(10))
	got := make([][]int, 3)
	runs := make([]*observable.Subscription, len(got))
	for i := range got {
		runs[i] = s.Subscribe(t.Context(), observable.Observer[int]{Next: func(v int) { got[i] = append(got[i], v) }})
	}
	var sending sync.WaitGroup
	for i := range senders {
		sending.Go(func() { send(s, i*each, (i+1)*each-1) })
	}
	sending.Wait()
	s.Complete()
	for i, run := range runs {
		require.NoError(t, run.Wait())
		require.Equal(t, got[0], got[i], "all observers get all items in the same order")
	}
	for i := range senders {
		ofOne := slices.DeleteFunc(slices.Clone(got[0]), func(v int) bool { return v/each != i })
		require.Len(t, ofOne, each)
		require.True(t, slices.IsSorted(ofOne))
	}
}

// The benchmark of the log in internal/queue has more items.
func TestSubjectWithAThousandObservers(t *testing.T) {
	const observers, items = 1000, 2000
	s := observable.NewSubject[int]()
	sums := make([]int, observers)
	runs := make([]*observable.Subscription, observers)
	for i := range runs {
		runs[i] = s.Subscribe(t.Context(), observable.Observer[int]{Next: func(v int) { sums[i] += v }})
	}
	send(s, 1, items)
	s.Complete()
	for i, run := range runs {
		require.NoError(t, run.Wait())
		require.Equal(t, items*(items+1)/2, sums[i], fmt.Sprint("observer ", i))
	}
	require.Zero(t, s.Observers())
}
