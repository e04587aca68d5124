package operators_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// anything is a stream for tests that look only at its source.
type anything = observable.Observable[any]

func erased[T any](o observable.Observable[T]) anything {
	return operators.Map(o, func(v T) any { return v })
}

// ofSeveral has the operators of any number of sources.
var ofSeveral = map[string]func(...numbers) anything{
	"CombineLatestAll":  func(s ...numbers) anything { return erased(operators.CombineLatestAll(s...)) },
	"Concat":            func(s ...numbers) anything { return erased(operators.Concat(s...)) },
	"ForkJoin":          func(s ...numbers) anything { return erased(operators.ForkJoin(s...)) },
	"Merge":             func(s ...numbers) anything { return erased(operators.Merge(s...)) },
	"MergeDelayError":   func(s ...numbers) anything { return erased(operators.MergeDelayError(s...)) },
	"OnErrorResumeNext": func(s ...numbers) anything { return erased(operators.OnErrorResumeNext(s...)) },
	"Race":              func(s ...numbers) anything { return erased(operators.Race(s...)) },
	"ZipAll":            func(s ...numbers) anything { return erased(operators.ZipAll(s...)) },
}

// What the caller does to a slice that it has given does not change the stream.
func TestSourcesThatTheCallerChanges(t *testing.T) {
	for name, op := range ofSeveral {
		t.Run(name, func(t *testing.T) {
			sources := []numbers{source.Of(1), source.Of(2)}
			o := op(sources...)
			clear(sources)
			got, err := o.Collect(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, got)
		})
	}
	values := []int{1, 2}
	o := operators.EndWith(operators.StartWith(source.Of(0), values...), values...)
	clear(values)
	requireResult(t, o, nil, 1, 2, 0, 1, 2)
}

func TestSourcesThatAreNil(t *testing.T) {
	for name, op := range ofSeveral {
		t.Run(name, func(t *testing.T) {
			requirePanic(t, "operators."+name+": nil source (number 3)", func() { op(source.Of(1), source.Of(2), nil) })
		})
	}
}
