package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestRace(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"---a--b---|", "-x---y--|  ", "-x---y--|  "},
		{"-a--b-----|", "--x--y--|  ", "-a--b-----|"},
		{"---a--b----", "--|        ", "--|        "}, // to be complete is a sign
		{"---a--b----", "--#        ", "--#        "}, // and so is to fail
		{"-a--b----- ", "--#        ", "-a--b------"},
		{"-a--#      ", "---x-y-    ", "-a--#      "},
		{"-----------", "---x-------", "---x-------"},
		{"-----------", "-----------", "-----------"},
	} {
		requireMarbles(t, c.want, operators.Race(marbles(c.a), marbles(c.b)))
	}
}

func TestRaceKeepsTheContract(t *testing.T) {
	op := func(sources ...numbers) numbers { return operators.Race(sources...) }
	checkSources(t, 3, op)
	checkFailures(t, 3, op)
	checkTeardown(t, 3, op)
}

func TestRaceOfOneOrNone(t *testing.T) {
	requireResult(t, operators.Race[int](), nil)
	synctest.Test(t, func(t *testing.T) { requireResult(t, operators.Race(failing(1, 2)), errSource, 1, 2) })
}

// The losers are canceled when the winner shows, not when downstream has done with its first item.
func TestRaceCancelsTheOthersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var lost time.Duration
		loser := operators.Finally(numbers(silent), func(error) { lost = time.Since(start) })
		raced := operators.Race(loser, ticks(1, 2))
		require.NoError(t, raced.ForEach(t.Context(), func(int) { time.Sleep(time.Hour) }))
		require.Equal(t, time.Second, lost)
	})
}

func TestRaceReportsAWinnerThatCannotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		winner := func(ctx context.Context, emit func(int) bool) error {
			emit(1)
			<-ctx.Done()
			return errors.Join(context.Cause(ctx), errClose)
		}
		got, err := operators.Race(silent, winner).First(t.Context())
		require.Equal(t, errClose, err)
		require.Zero(t, got)
	})
}

// A loser that cannot stop cleanly does not stop the winner; its error is part of the result.
func TestRaceReportsALoserThatCannotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, operators.Race(sticky, ticks(1, 3)), errClose, 0, 1, 2)
		requireResult(t, operators.Take(operators.Race(sticky, ticks(1, 3)), 2), errClose, 0, 1)
		requireResult(t, operators.Race(sticky, source.Empty[int]()), errClose)
		requireResult(t, operators.Race(sticky, source.Throw[int](errSource)), errors.Join(errSource, errClose))
	})
}

// A source that fails after another one has given the first signal does not fail the race.
func TestRaceOfFailuresHasOne(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			_, err := operators.Race(source.Throw[int](errSource), source.Throw[int](errClose)).Collect(t.Context())
			require.Contains(t, []error{errSource, errClose}, err)
		})
	}
}

func TestRaceEmitsNothingOfALoser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stubborn := func(_ context.Context, emit func(int) bool) error {
			time.Sleep(2 * time.Second)
			if emit(-1) {
				emit(-2)
			}
			return nil
		}
		requireResult(t, operators.Race(stubborn, ticks(1, 5)), nil, 0, 1, 2, 3, 4)
	})
}

// When all start at once, exactly one of them wins, and its items come out whole.
func TestRaceHasOneWinner(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			sources := make([]observable.Observable[int], 8)
			for i := range sources {
				sources[i] = operators.Map(source.Range(0, 300), func(int) int { return i })
			}
			got, err := operators.Race(sources...).Collect(t.Context())
			require.NoError(t, err)
			require.Len(t, got, 300)
			require.Equal(t, got[0], got[299])
		})
	}
}

func TestRaceMisused(t *testing.T) {
	requirePanic(t, "operators.Race: nil", func() { operators.Race(source.Of(1), nil) })
}
