package operators_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// by groups numbers by their remainder.
func by(n int, src numbers) observable.Observable[group] {
	return operators.GroupBy(src, func(v int) int { return v % n })
}

// tally is how many items a group has: "1: 250".
func tally(g group) observable.Observable[string] {
	return operators.Map(operators.Count(g.Items), func(n int) string { return fmt.Sprintf("%d: %d", g.Key, n) })
}

func TestGroupBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.FlatMap(by(3, source.Of(3, 1, 4, 1, 5, 9, 2, 6)), 3, itemsOf).Collect(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []int{3, 1, 4, 1, 5, 9, 2, 6}, got)
		keys := operators.Map(by(3, source.Of(3, 1, 4, 1, 5, 9, 2, 6)), func(g group) int { return g.Key })
		requireResult(t, keys, nil, 0, 1, 2)
	})
}

func TestGroupByOfManyItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make([]int, 10_000)
		for i := range items {
			items[i] = i * i
		}
		got, err := operators.FlatMap(by(16, source.FromSlice(items)), 8, tally).Collect(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"0: 2500", "1: 2500", "4: 2500", "9: 2500"}, got)
	})
}

// One after the other is read from what the groups hold.
func TestGroupByOfSmallGroupsReadInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.ConcatMap(by(100, source.Range(0, 12_800)), tally).Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 100)
		require.Equal(t, []string{"0: 128", "1: 128"}, got[:2])
	})
}

// Groups without a reader do not stall the others for long, do not grow, and report that items were dropped.
func TestAGroupThatNobodyReads(t *testing.T) {
	wanted := func(g group) bool { return g.Key < 2 }
	for name, c := range map[string]struct {
		stream  func(observable.Observable[group]) observable.Observable[string]
		tallies []string
		err     error
		took    time.Duration
	}{
		"not wanted": {
			func(groups observable.Observable[group]) observable.Observable[string] {
				return operators.FlatMap(operators.Filter(groups, wanted), 8, tally)
			},
			[]string{"0: 2500", "1: 2500"}, nil, time.Second,
		},
		"none wanted": {
			func(groups observable.Observable[group]) observable.Observable[string] {
				return operators.FlatMap(operators.IgnoreElements(groups), 8, tally)
			},
			nil, nil, time.Second,
		},
		"in turn": {
			func(groups observable.Observable[group]) observable.Observable[string] {
				return operators.ConcatMap(groups, tally)
			},
			[]string{"0: 2500"}, observable.ErrOverflow, time.Second,
		},
		"more than places": {
			func(groups observable.Observable[group]) observable.Observable[string] {
				return operators.FlatMap(groups, 2, tally)
			},
			[]string{"0: 2500", "1: 2500"}, observable.ErrOverflow, time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				got, err := c.stream(by(4, source.Range(0, 10_000))).Collect(t.Context())
				require.ErrorIs(t, err, c.err)
				require.Subset(t, c.tallies, got)
				if err == nil {
					require.Len(t, got, len(c.tallies))
				}
				require.Equal(t, c.took, time.Since(begin))
			})
		})
	}
}

// However slow downstream is, no group that it takes is given up.
func TestGroupByOfASlowConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowly := func(v int) int {
			if v%1000 == 0 {
				time.Sleep(50 * time.Second)
			}
			return v
		}
		slow := func(g group) numbers { return operators.Map(g.Items, slowly) }
		groups := by(4, source.Range(0, 10_000))
		for _, stream := range []numbers{
			operators.Map(operators.FlatMap(groups, 4, itemsOf), slowly),
			operators.FlatMap(groups, 4, slow),
			operators.FlatMap(operators.Map(groups, func(g group) group { slowly(0); return g }), 4, itemsOf),
		} {
			got, err := stream.Collect(t.Context())
			require.NoError(t, err)
			require.Len(t, got, 10_000)
		}
	})
}

// A reader that is slow holds the source back, and with it the other groups.
func TestAGroupHoldsItsSourceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0
		src := operators.Map(endless, func(v int) int { made = v; return v })
		err := operators.FlatMap(by(2, src), 2, itemsOf)(t.Context(), func(int) bool {
			time.Sleep(time.Hour)
			return false
		})
		require.NoError(t, err)
		require.Less(t, made, 2000)
	})
}

func TestGroupByFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last group
		err := by(1, failing(1, 2, 3)).ForEach(t.Context(), func(g group) { last = g })
		require.Equal(t, errSource, err)
		requireResult(t, last.Items, errSource, 1, 2, 3)
		requireResult(t, last.Items, operators.ErrSubscribed)
	})
}

func TestGroupByEndsItsGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		read := make(chan error)
		err := by(2, bursts(1)).ForEach(ctx, func(g group) {
			go func() {
				_, err := g.Items.Collect(t.Context())
				read <- err
			}()
			if g.Key == 0 {
				cancel(errSource)
			}
		})
		require.Equal(t, errSource, err)
		require.Equal(t, errSource, <-read)
		require.Equal(t, errSource, <-read)
	})
}

func TestAGroupWhoseReaderLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := func(g group) numbers { return operators.Take(g.Items, 1) }
		got, err := operators.FlatMap(by(4, source.Range(0, 10_000)), 4, first).Collect(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []int{0, 1, 2, 3}, got)
	})
}

func TestGroupByKeepsTheContract(t *testing.T) {
	for name, op := range map[string]func(observable.Observable[group]) observable.Observable[string]{
		"read at once": func(groups observable.Observable[group]) observable.Observable[string] {
			return operators.FlatMap(groups, 7, func(g group) observable.Observable[string] {
				return operators.Map(g.Items, func(v int) string { return fmt.Sprintf("%d: %d", g.Key, v) })
			})
		},
		"read inline": func(groups observable.Observable[group]) observable.Observable[string] {
			return operators.ConcatMap(groups, func(g group) observable.Observable[string] {
				return operators.Map(operators.Take(g.Items, 2), func(v int) string { return fmt.Sprintf("%d: %d", g.Key, v) })
			})
		},
		"not read": func(groups observable.Observable[group]) observable.Observable[string] {
			return operators.Map(groups, func(g group) string { return fmt.Sprint(g.Key) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkOperator(t, func(src numbers) observable.Observable[string] { return op(by(7, src)) }, observabletest.Varying())
		})
	}
}

func TestGroupByMisused(t *testing.T) {
	requirePanic(t, "operators.GroupBy: nil", func() { by(1, nil) })
	requirePanic(t, "operators.GroupBy: nil", func() { operators.GroupBy[int, int](source.Of(1), nil) })
}
