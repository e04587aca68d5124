package operators_test

import (
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestPairwise(t *testing.T) {
	requireResult(t, operators.Pairwise(source.Of(1, 2, 3)), nil, [2]int{1, 2}, [2]int{2, 3})
	requireResult(t, operators.Pairwise(failing(1, 2)), errSource, [2]int{1, 2})
	requireResult(t, operators.Pairwise(source.Of(1)), nil)
	requireResult(t, operators.Pairwise(source.Empty[int]()), nil)
}

func TestPairwiseKeepsTheContract(t *testing.T) {
	checkSynchronous(t, func(src numbers) observable.Observable[[2]int] { return operators.Pairwise(src) })
}

func TestPairwiseMisused(t *testing.T) {
	requirePanic(t, "operators.Pairwise: nil", func() { operators.Pairwise[int](nil) })
}
