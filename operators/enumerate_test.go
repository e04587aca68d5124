package operators_test

import (
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

type indexed = operators.Indexed[int]

func TestEnumerate(t *testing.T) {
	requireResult(t, operators.Enumerate(source.Of(7, 5)), nil, indexed{0, 7}, indexed{1, 5})
	requireResult(t, operators.Enumerate(failing(7)), errSource, indexed{0, 7})
}

func TestEnumerateKeepsTheContract(t *testing.T) {
	checkSynchronous(t, func(src numbers) observable.Observable[indexed] { return operators.Enumerate(src) })
}

func TestEnumerateMisused(t *testing.T) {
	requirePanic(t, "operators.Enumerate: nil", func() { operators.Enumerate[int](nil) })
}
