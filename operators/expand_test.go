package operators_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// children returns the children of a number in a tree: 1 has 10 to 12, and 12 has 120 to 122.
func children(n int) numbers {
	if n >= 100 {
		return source.Empty[int]()
	}
	return source.Range(10*n, 3)
}

func TestExpandGoesLevelByLevel(t *testing.T) {
	requireResult(t, operators.Expand(source.Of(1, 2), children), nil,
		1, 10, 11, 12, 100, 101, 102, 110, 111, 112, 120, 121, 122,
		2, 20, 21, 22, 200, 201, 202, 210, 211, 212, 220, 221, 222)
}

func TestExpand(t *testing.T) {
	below := pictures{"a": "-b-b|", "b": "-c|", "f": "-#", "n": "--", "e": "|", "c": "|"}
	for _, c := range []struct{ src, want string }{
		{"|           ", "|           "},
		{"#           ", "#           "},
		{"------------", "------------"},
		{"-e|         ", "-e|         "},
		{"-a|         ", "-ab-b-c-c|  "},
		{"-f|         ", "-f#         "},
		{"-n|         ", "-n----------"},
	} {
		requireMarbles(t, c.want, operators.Expand(marbles(c.src), below.run))
	}
}

func TestExpandKeepsTheContract(t *testing.T) {
	checkAllocating(t, func(src numbers) numbers {
		return operators.Expand(src, func(i int) numbers { return source.Range(0, min(i, 3)) })
	})
}

func TestExpandWithoutEndIsStopped(t *testing.T) {
	pages := operators.Expand(source.Of(0), func(page int) numbers { return source.Of(page + 1) })
	got, err := operators.Take(pages, 5).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2, 3, 4}, got)
}

func TestExpandMisused(t *testing.T) {
	requirePanic(t, "operators.Expand: nil", func() { operators.Expand(nil, children) })
	requirePanic(t, "operators.Expand: nil", func() { operators.Expand[int](source.Of(1), nil) })

	expanded := operators.Expand(source.Of(1), func(int) numbers { return nil })
	require.PanicsWithValue(t, "operators.Expand: f returned a nil Observable", func() {
		_, _ = expanded.Collect(t.Context())
	})
}
