package operators_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestElements(t *testing.T) {
	first, last, single := operators.First[int], operators.Last[int], operators.Single[int]
	at := func(index int) func(numbers) numbers {
		return func(src numbers) numbers { return operators.ElementAt(src, index) }
	}
	find := func(src numbers) numbers { return operators.Find(src, even) }
	empty, one, three := source.Empty[int](), source.Of(4), source.Of(3, 4, 6)
	forever := operators.Concat(three, source.Never[int]())
	for name, test := range map[string]struct {
		op      func(numbers) numbers
		src     numbers
		failure error
		items   []int
	}{
		"First of none":              {first, empty, observable.ErrEmpty, nil},
		"First of one":               {first, one, nil, []int{4}},
		"First of several":           {first, three, nil, []int{3}},
		"First waits for no other":   {first, forever, nil, []int{3}},
		"First before a failure":     {first, failing(1), nil, []int{1}},
		"First of a failure":         {first, failing(), errSource, nil},
		"Last of none":               {last, empty, observable.ErrEmpty, nil},
		"Last of one":                {last, one, nil, []int{4}},
		"Last of several":            {last, three, nil, []int{6}},
		"Last before a failure":      {last, failing(1), errSource, nil},
		"Single of none":             {single, empty, observable.ErrEmpty, nil},
		"Single of one":              {single, one, nil, []int{4}},
		"Single of several":          {single, three, operators.ErrMoreThanOne, nil},
		"Single fails at the second": {single, forever, operators.ErrMoreThanOne, nil},
		"Single before a failure":    {single, failing(1), errSource, nil},
		"ElementAt of none":          {at(0), empty, operators.ErrOutOfRange, nil},
		"ElementAt the beginning":    {at(0), three, nil, []int{3}},
		"ElementAt the middle":       {at(1), forever, nil, []int{4}},
		"ElementAt the end":          {at(2), forever, nil, []int{6}},
		"ElementAt beyond":           {at(3), three, operators.ErrOutOfRange, nil},
		"ElementAt after a failure":  {at(2), failing(1), errSource, nil},
		"Find in none":               {find, empty, nil, nil},
		"Find in vain":               {find, source.Of(1, 3), nil, nil},
		"Find the first of two":      {find, forever, nil, []int{4}},
		"Find before a failure":      {find, failing(1, 2), nil, []int{2}},
		"Find after a failure":       {find, failing(1), errSource, nil},
	} {
		t.Run(name, func(t *testing.T) { requireResult(t, test.op(test.src), test.failure, test.items...) })
	}
}

func TestFindAsksNoFurther(t *testing.T) {
	asked := 0
	found := operators.Find(source.Of(1, 2, 4), func(v int) bool {
		asked++
		return even(v)
	})
	requireResult(t, found, nil, 2)
	require.Equal(t, 2, asked)
}

var elements = map[string]func(numbers) numbers{
	"First":     operators.First[int],
	"Last":      operators.Last[int],
	"Single":    operators.Single[int],
	"ElementAt": func(src numbers) numbers { return operators.ElementAt(src, 2) },
	"Find":      func(src numbers) numbers { return operators.Find(src, even) },
}

func TestElementsKeepTheContract(t *testing.T) {
	for name, op := range elements {
		t.Run(name, func(t *testing.T) { checkSynchronous(t, op) })
	}
}

func TestElementsMisused(t *testing.T) {
	requirePanic(t, "operators.First: nil", func() { operators.First[int](nil) })
	requirePanic(t, "operators.Last: nil", func() { operators.Last[int](nil) })
	requirePanic(t, "operators.Single: nil", func() { operators.Single[int](nil) })
	requirePanic(t, "operators.ElementAt: nil", func() { operators.ElementAt[int](nil, 1) })
	requirePanic(t, "operators.ElementAt: index is -1,", func() { operators.ElementAt(source.Of(1), -1) })
	requirePanic(t, "operators.Find: nil", func() { operators.Find(source.Of(1), nil) })
}
