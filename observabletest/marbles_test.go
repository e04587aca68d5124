package observabletest

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

func TestMarblesKeepTheContract(t *testing.T) {
	for _, picture := range []string{"", "|", "#", "---", "a", "--a-b--|", "-(ab)--c#", "(abc|)"} {
		t.Run(picture, func(t *testing.T) { Check(t, Marbles[string](picture, nil)) })
	}
}

func TestMarblesThereAndBack(t *testing.T) {
	for _, picture := range []string{"", "|", "#", "---", "a", "--a-b--|", "-(ab)--c#", "(abc|)", "-é日-"} {
		require.NoError(t, dropErrMarbles(ExpectMarbles(t, picture, Marbles[string](picture, nil), nil)), picture)
	}
}

func dropErrMarbles(err error) error {
	if err == ErrMarbles {
		return nil
	}
	return err
}

func TestMarblesOfLetters(t *testing.T) {
	require.NoError(t, ExpectMarbles(t, "-a-(bc)|", Marbles[rune]("-a-(bc)|", nil), nil))
	require.NoError(t, ExpectMarbles(t, "-a-(bc)|", Marbles[int]("-1-(23)|", nil), map[rune]int{'a': 1, 'b': 2, 'c': 3}))
}

func TestMarblesTakeTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRecorder[int]()
		err := Marbles("1 -(23)--x#", map[rune]int{'x': -1}).Subscribe(t.Context(), r.Observer()).Wait()
		require.Equal(t, ErrMarbles, err)
		require.Equal(t, []Note[int]{
			{At: 0, Value: 1},
			{At: 2 * Frame, Value: 2},
			{At: 2 * Frame, Value: 3},
			{At: 5 * Frame, Value: -1},
			{At: 6 * Frame, End: true, Err: ErrMarbles},
		}, r.Notes())
		require.Equal(t, []int{1, 2, 3, -1}, r.Values())
	})
}

func TestMarblesRefuseNonsense(t *testing.T) {
	for picture, problem := range map[string]string{
		"-a|-":  `the picture "-a|-" goes on after its end`,
		"#a":    `the picture "#a" goes on after its end`,
		"(|a)":  `the picture "(|a)" goes on after its end`,
		"(a-b)": `the picture "(a-b)" has a group that is not like (abc)`,
		"((a))": `the picture "((a))" has a group that is not like (abc)`,
		"-(a":   `the picture "-(a" has a group that is not like (abc)`,
		"a)":    `the picture "a)" has a group that is not like (abc)`,
		"-12x":  `no value for the letter 'x'`,
	} {
		require.PanicsWithValue(t, "observabletest.Marbles: "+problem, func() { Marbles[int](picture, nil) }, picture)
	}
}

func TestRecorderDrawsWhatThePictureCannotSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRecorder[string]()
		observer := r.Observer()
		time.Sleep(25 * time.Millisecond)
		observer.Next("a")
		observer.Next("x")
		time.Sleep(15 * time.Millisecond)
		observer.Next("long")
		observer.Next("-")
		require.Equal(t, "--(ax)-(?b) [a came at 25ms, x came at 25ms, a ? is long]", r.Marbles(map[rune]string{'b': "-"}))
		time.Sleep(25 * time.Millisecond)
		require.Equal(t, "-------", NewRecorder[int]().at(time.Now().Add(-6*Frame)).Marbles(nil))
		observer.Error(errors.New("broken"))
		require.Equal(t, "--(ax)-(??)-# "+
			"[a came at 25ms, x came at 25ms, a ? is long, a ? is -, # came at 65ms]", r.Marbles(nil))
	})
}

func (r *Recorder[T]) at(start time.Time) *Recorder[T] {
	r.start = start
	return r
}

func TestExpectMarblesShowsADifference(t *testing.T) {

	stuck := observable.Observable[string](func(context.Context, func(string) bool) error { select {} })
	for _, c := range []struct {
		expected, actual string
		o                observable.Observable[string]
	}{
		{"--a|", "--a-|", Marbles[string]("--a-|", nil)},
		{"--a|", "--a---------------", Marbles[string]("--a", nil)},
		{"--a", "--b", Marbles[string]("--b", nil)},
		{"--a-", "--a|", Marbles[string]("--a|", nil)},
		{"--a-|", "--a-#", Marbles[string]("--a-#", nil)},
		{"--(ab)", "--(ba)", Marbles[string]("--(ba)", nil)},
		{"-|", "--------------", silent[string]},
		{"-|", "--------------", stuck},
	} {
		difference, _ := compareMarbles(t, c.expected, c.o, nil)
		require.Contains(t, difference, "expected: "+c.expected+"\nactual:   "+c.actual+"\n")
	}
}

func TestExpectMarblesOfOperators(t *testing.T) {
	letters := Marbles[string]("--a-b--(cd)-e---|", nil)
	require.NoError(t, ExpectMarbles(t, "--a-b--(c|)", operators.Take(letters, 3), nil))
	require.NoError(t, ExpectMarbles(t, "--a-b--", letters, nil))
	sums := operators.Scan(Marbles[int]("-1-(23)--4#", nil), 0, func(acc, v int) int { return acc + v })
	require.Equal(t, ErrMarbles, ExpectMarbles(t, "-1-(36)--x#", sums, map[rune]int{'x': 10}))
}
