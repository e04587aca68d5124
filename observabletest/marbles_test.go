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

func TestMarblesWithTimes(t *testing.T) {
	for notation, at := range map[string][]time.Duration{
		"a 250ms b":      {0, 260 * time.Millisecond},
		"a250ms b":       {0, Frame, 2 * Frame, 3 * Frame, 4 * Frame, 5 * Frame, 6 * Frame},
		"a 250msb":       {0, Frame, 2 * Frame, 3 * Frame, 4 * Frame, 5 * Frame, 6 * Frame},
		"a b":            {0, Frame},
		"2s a 500us b":   {2 * time.Second, 2*time.Second + Frame + 500*time.Microsecond},
		" 2s  -a":        {2*time.Second + Frame},
		"1m30s (ab) 1s":  {90 * time.Second, 90 * time.Second},
		"0.5ms a 0s b":   {500 * time.Microsecond, Frame + 500*time.Microsecond},
		"0 a":            {0, Frame},
		"1 2 3x":         {0, Frame, 2 * Frame, 3 * Frame},
		"( a 2sb ) 2s c": {0, 0, 0, 0, Frame + 2*time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := NewRecorder[string]()
			subscription := Marbles[string](notation, nil).Subscribe(t.Context(), r.Observer())
			time.Sleep(2 * time.Minute)
			subscription.Dispose()
			var got []time.Duration
			for _, n := range r.Notes() {
				got = append(got, n.At)
			}
			require.Equal(t, at, got, notation)
		})
	}
}

func TestMarblesWithTimesThereAndBack(t *testing.T) {
	for _, picture := range []string{"a 250ms b 2s |", "-(ab) 1m30s c", "500us a 100us b-|", "2s", "a 480s b|"} {
		require.NoError(t, ExpectMarbles(t, picture, Marbles[string](picture, nil), nil), picture)
	}
	require.NoError(t, ExpectMarbles(t, "-- 250ms a-|", Marbles[string]("270ms a 10ms |", nil), nil))
}

func TestMarblesWithAnotherFrame(t *testing.T) {
	second, minute := WithFrame(time.Second), WithFrame(time.Minute)
	ab := Marbles[string]("-a-b|", nil, second)
	require.NoError(t, ExpectMarbles(t, "-a-b|", ab, nil, second))
	require.NoError(t, ExpectMarbles(t, "1s a 1.99s b 990ms |", ab, nil))
	require.NoError(t, ExpectMarbles(t, "-a-b|", operators.Delay(Marbles[string]("a-b|", nil, minute), time.Minute), nil, minute))
	merged := operators.Merge(ab, Marbles[string]("100ms x 2880ms y|", nil, WithFrame(20*time.Millisecond)))
	require.NoError(t, ExpectMarbles(t, "100ms x 890ms a 1990ms (by) 990ms |", merged, nil))

	require.PanicsWithValue(t, "observabletest.WithFrame: d is 0s, it must be a positive multiple of 100µs",
		func() { WithFrame(0) })
	require.PanicsWithValue(t, "observabletest.WithFrame: d is 1.00001s, it must be a positive multiple of 100µs",
		func() { WithFrame(time.Second + 10*time.Microsecond) })
}

func TestMarblesRefuseInvalidPictures(t *testing.T) {
	for picture, problem := range map[string]string{
		"-a|-":       `picture "-a|-", character 4: nothing may follow the end`,
		"#a":         `picture "#a", character 2: nothing may follow the end`,
		"-| 2s":      `picture "-| 2s", character 4: nothing may follow the end`,
		"(|a)":       `picture "(|a)", character 3: nothing may follow the end`,
		"(a-b)":      `picture "(a-b)", character 3: a group cannot contain a -`,
		"((a))":      `picture "((a))", character 2: a group cannot contain a group`,
		"(a 2s b)":   `picture "(a 2s b)", character 4: a group cannot contain a time`,
		"-(a":        `picture "-(a", character 2: the group is not closed`,
		"a)":         `picture "a)", character 2: there is no group to close`,
		"-12x":       `picture "-12x", character 4: no value for the letter 'x'`,
		"1 250us 2":  `picture "1 250us 2", character 3: the time 250us is not a multiple of 100µs`,
		"1 8m20s 2-": `picture "1 8m20s 2-", character 3: the picture is longer than 50000 frames; see WithFrame`,
		"--":         "",
	} {
		build := func() { Marbles[int](picture, nil) }
		if problem == "" {
			require.NotPanics(t, build, picture)
			continue
		}
		require.PanicsWithValue(t, "observabletest.Marbles: "+problem, build, picture)
	}
	require.PanicsWithValue(t, `observabletest.ExpectMarbles: picture "-é)", character 3: there is no group to close`,
		func() { _ = ExpectMarbles(t, "-é)", Marbles[string]("", nil), nil) })
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

// An operator may hold an item back for up to 1 ms. The picture shows it in its frame.
func TestRecorderDrawsAnItemThatIsHeldBack(t *testing.T) {
	heldBack := operators.Map(Marbles[string]("--a--(bc)|", nil), func(v string) string {
		if v != "c" {
			time.Sleep(time.Millisecond)
		}
		return v
	})
	require.NoError(t, ExpectMarbles(t, "--a--(bc)|", heldBack, nil))
	later := operators.Map(Marbles[string]("--a--(bc)|", nil), func(v string) string {
		time.Sleep(2 * time.Millisecond)
		return v
	})
	difference, _ := compareMarbles(t, "--a--(bc)|", later, nil)
	require.Contains(t, difference, "actual:   --a--(bc)| [a came at 22ms, b came at 52ms, c came at 54ms]\n")
}

func TestRecorderRoundsTimes(t *testing.T) {
	c := newPictureConfig(nil)
	for at, shown := range map[time.Duration]time.Duration{
		0:                          0,
		1:                          0,
		100:                        0,
		1001:                       1001,
		Frame - 101:                Frame - 101,
		Frame - 100:                Frame,
		Frame + 1000:               Frame,
		Frame + 1001:               Frame + 1001,
		time.Minute - 600_000:      time.Minute,
		time.Minute - 600_001:      time.Minute - 100_000,
		3_000_000 - 30 + 5:         3 * time.Millisecond,
		2_000_200_000 - 20_002 + 3: 2_000_200_000,
		25_000_300:                 25 * time.Millisecond,
		25_012_345:                 25_012_345,
	} {
		require.Equal(t, shown, c.shownAt(at), at)
	}
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
