package operators_test

import (
	"testing"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestIgnoreElements(t *testing.T) {
	requireResult(t, operators.IgnoreElements(source.Of(1, 2)), nil)
	requireResult(t, operators.IgnoreElements(failing(1, 2)), errSource)
}

func TestIgnoreElementsKeepsTheContract(t *testing.T) {
	checkSynchronous(t, operators.IgnoreElements[int])
}

func TestIgnoreElementsMisused(t *testing.T) {
	requirePanic(t, "operators.IgnoreElements: nil", func() { operators.IgnoreElements[int](nil) })
}
