package must_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/must"
)

func TestNotNil(t *testing.T) {
	type observable func(int) error
	var err error
	number := 1
	good := []any{func() {}, observable(func(int) error { return nil }), &number, make(chan int), map[int]int{}, 0, ""}
	require.NotPanics(t, func() { must.NotNil("p.F", good...) })

	for name, test := range map[string]struct {
		argument any
		kind     string
	}{
		"function":       {(func())(nil), "func()"},
		"named function": {observable(nil), "must_test.observable"},
		"pointer":        {(*int)(nil), "*int"},
		"channel":        {(<-chan int)(nil), "<-chan int"},
		"map":            {map[int]int(nil), "map[int]int"},
		"interface":      {err, "<nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			want := "p.F: nil argument (number 2 among those that must not be nil, a " + test.kind + ")"
			require.PanicsWithValue(t, want, func() { must.NotNil("p.F", 1, test.argument) })
		})
	}
}

func TestNumbers(t *testing.T) {
	require.NotPanics(t, func() {
		must.NotNegative("p.F", "n", 0)
		must.NotNegative("p.F", "d", time.Second)
		must.Positive("p.F", "n", int64(1))
		must.Positive("p.F", "ratio", 0.5)
	})
	for want, check := range map[string]func(){
		"p.F: n is -1, it must not be negative":  func() { must.NotNegative("p.F", "n", -1) },
		"p.F: d is -1s, it must not be negative": func() { must.NotNegative("p.F", "d", -time.Second) },
		"p.F: n is 0, it must be positive":       func() { must.Positive("p.F", "n", 0) },
		"p.F: d is -1ns, it must be positive":    func() { must.Positive("p.F", "d", time.Duration(-1)) },
	} {
		require.PanicsWithError(t, want, check)
	}
}

func TestSources(t *testing.T) {
	type stream func(context.Context, func(int) bool) error
	some := stream(func(context.Context, func(int) bool) error { return nil })
	sources := []stream{some, some}
	copied := must.Sources("p.F", sources)
	clear(sources)
	require.Len(t, copied, 2)
	require.NotNil(t, copied[1], "the caller has changed its own slice")

	require.PanicsWithError(t, "p.F: nil source (number 2)", func() { must.Sources("p.F", []stream{some, nil}) })
}

func TestMistake(t *testing.T) {
	require.EqualError(t, must.Mistake("p.F: %d of %s", 1, "two"), "p.F: 1 of two")
}
