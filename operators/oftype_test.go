package operators_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestOfType(t *testing.T) {
	refused := errors.New("refused")
	mixed := source.Of[any](1, "two", nil, 3, refused)
	requireResult(t, operators.OfType[int](mixed), nil, 1, 3)
	requireResult(t, operators.OfType[string](mixed), nil, "two")
	requireResult(t, operators.OfType[error](mixed), nil, refused)
	requireResult(t, operators.OfType[fmt.Stringer](mixed), nil)
	requireResult(t, operators.OfType[any](mixed), nil, any(1), any("two"), any(3), any(refused))
}

func TestOfTypeKeepsTheContract(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.OfType[int](src) })
}

func TestOfTypeMisused(t *testing.T) {
	requirePanic(t, "operators.OfType: nil", func() { operators.OfType[int, any](nil) })
}
