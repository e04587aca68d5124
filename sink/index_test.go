package sink

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// The index is like a search through all events, from the end.
func TestIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, 2, 7} {
		for range 200 {
			x := newIndex(size, "origin")
			all := []string{"origin"}
			for range random.IntN(30) {
				id := ""
				if random.IntN(3) > 0 {
					id = strconv.Itoa(random.IntN(12)) // which may have been there before
				}
				x.add(id)
				all = append(all, id)
			}
			require.EqualValues(t, len(all)-1, x.end)
			require.LessOrEqual(t, len(x.after), size+2)
			for _, id := range append(all, "unknown") {
				requireFinds(t, x, all, id)
			}
		}
	}
}

func requireFinds(t *testing.T, x *index, all []string, id string) {
	t.Helper()
	want := -1
	for i, known := range slices.Backward(all) {
		if known == id {
			want = i
			break
		}
	}
	position, ok := x.find(id)
	if id == "" || want < 0 || len(all)-1-want > x.size {
		require.False(t, ok, "%q in %q", id, all)
		return
	}
	require.True(t, ok, "%q in %q", id, all)
	require.EqualValues(t, want, position)
}
