package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestZip2(t *testing.T) {
	pairs := map[rune]string{'A': "ax", 'B': "by", 'C': "cz"}
	for _, c := range []struct{ a, b, want string }{
		{"|         ", "--x-y-|    ", "|         "},
		{"----|     ", "--x-y-|    ", "----|     "},
		{"--a-b-|   ", "-----------", "----------"},
		{"----------", "-----------", "----------"},
		{"-a-b-c-|  ", "--x-y-z--| ", "--A-B-C|  "}, // all of a is used up
		{"-a---b---c", "--x-y-z----", "--A--B---C"},
		{"-abc------", "---x-y|    ", "---A-B|   "},
		{"-abc|     ", "------x-y-z", "------A-B-(C|)"},
		{"-a-#      ", "-----------", "---#      "}, // a failure does not wait for b
		{"-abc#     ", "--x--------", "--A-#     "},
		{"--a-b-|   ", "---#       ", "--- #     "},
		{"#         ", "-----------", "#         "},
	} {
		zipped := operators.Zip2(marbles(c.a), marbles(c.b), func(a, b string) string { return a + b })
		requirePicture(t, c.want, zipped, pairs)
	}
}

func TestZipKeepsTheContract(t *testing.T) {
	for n, op := range map[int]combination[int]{
		2: func(s ...numbers) numbers {
			return operators.Zip2(s[0], s[1], add)
		},
		3: func(s ...numbers) numbers {
			return operators.Zip3(s[0], s[1], s[2], func(a, b, c int) int { return a + b + c })
		},
		4: func(s ...numbers) numbers {
			return operators.Zip4(s[0], s[1], s[2], s[3], func(a, b, c, d int) int { return a + b + c + d })
		},
	} {
		checkSources(t, n, op)
		checkFailures(t, n, op)
		checkTeardown(t, n, op)
	}
}

func TestZipAllKeepsTheContract(t *testing.T) {
	op := func(sources ...numbers) observable.Observable[[]int] { return operators.ZipAll(sources...) }
	checkSources(t, 3, op)
	checkFailures(t, 3, op)
	checkTeardown(t, 3, op)
}

func TestZipOfMoreSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		words, flags := source.Of("a", "b", "c"), source.Of(true, false, true)
		type row struct {
			n    int
			word string
			flag bool
			time time.Duration
		}
		three := func(n int, word string, flag bool) row { return row{n, word, flag, 0} }
		requireResult(t, operators.Zip3(source.Range(1, 9), words, flags, three), nil,
			row{1, "a", true, 0}, row{2, "b", false, 0}, row{3, "c", true, 0})
		four := func(n int, word string, flag bool, d time.Duration) row { return row{n, word, flag, d} }
		requireResult(t, operators.Zip4(source.Range(1, 9), words, flags, source.Of(time.Second, time.Minute), four), nil,
			row{1, "a", true, time.Second}, row{2, "b", false, time.Minute})
	})
}

func TestZipAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, operators.ZipAll(source.Of(1, 2, 3), source.Of(4, 5), source.Of(6, 7, 8)), nil,
			[]int{1, 4, 6}, []int{2, 5, 7})
		requireResult(t, operators.ZipAll(source.Of(1, 2)), nil, []int{1}, []int{2})
	})
	requireResult(t, operators.ZipAll[int](), nil)
}

func TestZipHoldsTheFasterSideBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := 0
		fast := operators.Map(numbers(endless), func(i int) int { begun++; return i })
		slow := operators.Take(source.Interval(time.Second), 1000)
		n := 0
		err := operators.Zip2(fast, slow, func(a, b int) bool { return a == b }).ForEach(t.Context(), func(same bool) {
			n++
			require.True(t, same)
			synctest.Wait()
			require.LessOrEqual(t, begun, n+2*128+1)
		})
		require.NoError(t, err)
		require.Equal(t, 1000, n)
	})
}

func TestZipEmitsWhatIsCompleteBeforeAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := operators.Concat(source.Of(1, 2, 3), operators.DelaySubscription(source.Throw[int](errSource), time.Second))
		b := operators.Concat(source.Of(1, 2), silent)
		got, err := operators.ZipAll(a, b).Collect(t.Context())
		require.Equal(t, errSource, err)
		require.Equal(t, [][]int{{1, 1}, {2, 2}}, got)
	})
}

func TestZipMisused(t *testing.T) {
	src := source.Of(1)
	requirePanic(t, "operators.Zip2: nil", func() { operators.Zip2(src, nil, func(int, int) int { return 0 }) })
	requirePanic(t, "operators.Zip2: nil", func() { operators.Zip2[int, int, int](src, src, nil) })
	requirePanic(t, "operators.Zip3: nil", func() { operators.Zip3[int, int, int, int](src, src, src, nil) })
	requirePanic(t, "operators.Zip4: nil", func() { operators.Zip4[int, int, int, int, int](src, src, src, src, nil) })
	requirePanic(t, "operators.ZipAll: nil", func() { operators.ZipAll(src, nil) })
}
