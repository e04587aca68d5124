package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestScan(t *testing.T) {
	requireResult(t, operators.Scan(source.Of(1, 2, 3), ">", join), nil, ">1", ">12", ">123")
	requireResult(t, operators.Scan(failing(1, 2), ">", join), errSource, ">1", ">12")
	requireResult(t, operators.Scan(source.Empty[int](), ">", join), nil)
}

func TestTryScanStopsAtTheFirstError(t *testing.T) {
	overdrawn := errors.New("overdrawn")
	calls := 0
	book := func(_ context.Context, balance, amount int) (int, error) {
		calls++
		if balance+amount < 0 {
			return 0, overdrawn
		}
		return balance + amount, nil
	}
	requireResult(t, operators.TryScan(source.Of(5, -3, -3, 9), 0, book), overdrawn, 5, 2)
	require.Equal(t, 3, calls)
	requireResult(t, operators.TryScan(failing(5, -3), 1, book), errSource, 6, 3)
}

func TestReduce(t *testing.T) {
	requireResult(t, operators.Reduce(source.Of(1, 2, 3), ">", join), nil, ">123")
	requireResult(t, operators.Reduce(source.Of(1), ">", join), nil, ">1")
	requireResult(t, operators.Reduce(source.Empty[int](), ">", join), nil, ">")
	requireResult(t, operators.Reduce(failing(1, 2), ">", join), errSource)
}

func TestScanKeepsTheContract(t *testing.T) {
	tryAdd := func(_ context.Context, acc, v int) (int, error) { return acc + v, nil }
	for name, op := range map[string]func(numbers) numbers{
		"Scan":    func(src numbers) numbers { return operators.Scan(src, 0, add) },
		"TryScan": func(src numbers) numbers { return operators.TryScan(src, 0, tryAdd) },
		"Reduce":  func(src numbers) numbers { return operators.Reduce(src, 0, add) },
	} {
		t.Run(name, func(t *testing.T) { checkSynchronous(t, op) })
	}
}

func TestAChainKeepsTheContract(t *testing.T) {
	t.Run("endless", func(t *testing.T) { checkSynchronous(t, chain) })
	t.Run("ended", func(t *testing.T) {
		checkSynchronous(t, func(src numbers) numbers { return operators.Take(chain(src), 3) })
	})
}

func TestScanMisused(t *testing.T) {
	requirePanic(t, "operators.Scan: nil", func() { operators.Scan[int](source.Of(1), 0, nil) })
	requirePanic(t, "operators.TryScan: nil", func() { operators.TryScan[int](source.Of(1), 0, nil) })
	requirePanic(t, "operators.Reduce: nil", func() { operators.Reduce[int](source.Of(1), 0, nil) })
}
