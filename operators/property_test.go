package operators_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// input is what a law is tried with: random items, and small random numbers for an operator's settings.
type input struct {
	*rapid.T
	items []int
}

func (in input) src() numbers { return source.FromSlice(in.items) }

// count draws a number from lowest to 9.
func (in input) count(name string, lowest int) int { return rapid.IntRange(lowest, 9).Draw(in.T, name) }

// more draws further items.
func (in input) more(name string) []int {
	return rapid.SliceOfN(rapid.IntRange(-4, 4), 0, 12).Draw(in.T, name)
}

// law tries what an operator makes of random items against what a computation on slices makes of them: the whole of
// it, and the items up to a random one at which it is stopped.
func law[T any](t *testing.T, name string, build func(in input) (observable.Observable[T], []T)) {
	lawWithFailure(t, name, func(in input) (observable.Observable[T], []T, error) {
		o, want := build(in)
		return o, want, nil
	})
}

// lawWithFailure is law for an operator that fails for some inputs.
func lawWithFailure[T any](t *testing.T, name string, build func(in input) (observable.Observable[T], []T, error)) {
	t.Run(name, func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			in := input{T: r}
			in.items = in.more("items")
			o, want, failure := build(in)
			got, err := o.Collect(t.Context())
			require.Equal(r, failure, err)
			requireSame(r, want, got)
			if len(want) > 0 {
				requireStops(r, o, want, rapid.IntRange(1, len(want)).Draw(r, "stop at"))
			}
		})
	})
}

// requireStops requires that o, stopped at an item, has emitted what is wanted up to there and ends without an error.
func requireStops[T any](r *rapid.T, o observable.Observable[T], want []T, stopAt int) {
	var got []T
	err := o(r.Context(), func(v T) bool {
		got = append(got, v)
		return len(got) < stopAt
	})
	require.NoError(r, err)
	requireSame(r, want[:stopAt], got)
}

// requireSame takes nil and a slice without items as equal.
func requireSame[T any](r *rapid.T, want, got []T) {
	require.Len(r, got, len(want))
	for i := range want {
		require.Equal(r, want[i], got[i], "item %d", i)
	}
}

func filtered[T any](items []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(items), func(v T) bool { return !keep(v) })
}

func mapped[A, B any](items []A, f func(A) B) []B {
	var all []B
	for _, v := range items {
		all = append(all, f(v))
	}
	return all
}
