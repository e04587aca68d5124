package observabletest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/goroutines"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

type texts = observable.Observable[string]

func text(picture string) texts { return Marbles[string](picture, nil) }

func concatenated(a, b string) string { return a + b }

// after returns a function that puts an item before those of a stream.
func after(inner texts) func(string) texts {
	return func(outer string) texts {
		return operators.Map(inner, func(v string) string { return outer + v })
	}
}

// timeline returns the signals of a stream, each after the number of its frame.
func timeline(t *testing.T, stream texts) string {
	recorder := NewRecorder[string]()
	subscription := stream.Subscribe(t.Context(), recorder.Observer())
	select {
	case <-subscription.Done():
	case <-time.After(20 * Frame):
	}
	subscription.Dispose()
	<-subscription.Done()
	var signals []string
	for _, n := range recorder.Notes() {
		switch {
		case n.At%Frame > holdBack:
			n.Value += fmt.Sprintf(" at %v", n.At)
		case n.End:
			n.Value = "|"
		}
		if n.Err != nil {
			n.Value = "#"
		}
		signals = append(signals, fmt.Sprintf("%d%s", n.At/Frame, n.Value))
	}
	return strings.Join(signals, " ")
}

// coincidences are streams in which several events are due in the same frame.
var coincidences = []struct {
	name, want string
	stream     func() texts
}{
	{"Merge", "1a 1x 3b 3y 4|", func() texts { return operators.Merge(text("-a-b|"), text("-x-y|")) }},
	{"Merge of pictures made in another order", "1x 1a 3y 3b 4|", func() texts {
		second := text("-x-y|")
		return operators.Merge(text("-a-b|"), second)
	}},
	{"Merge of groups", "1a 1b 1x 1y 1|", func() texts { return operators.Merge(text("-(ab|)"), text("-(xy|)")) }},
	{"Merge of many", "0a 0b 0c 0d 0e 0f 0g 0h 1|", func() texts {
		var pictures []texts
		for _, letter := range "abcdefgh" {
			pictures = append(pictures, text(string(letter)+"|"))
		}
		return operators.Merge(pictures...)
	}},
	{"Merge that fails", "1a 1x 2#", func() texts { return operators.Merge(text("-a#"), text("-xy")) }},
	{"SwitchMap to one picture", "1ax 2ay 3az 4bx 5by 6bz 7cx 8cy 9cz 10|", func() texts {
		return operators.SwitchMap(text("-a--b--c|"), after(text("xyz|")))
	}},
	{"SwitchMap in the frame of an inner item", "1ax 2ay 3az 3bx 4by 5bz 6|", func() texts {
		inner := text("xyz|")
		return operators.SwitchMap(text("-a-b|"), after(inner))
	}},
	{"SwitchMap of a group", "1aa 1bb 2|", func() texts {
		return operators.SwitchMap(text("-(ab)|"), func(v string) texts { return source.Of(v + v) })
	}},
	{"TakeUntil", "1a 3b 3|", func() texts { return operators.TakeUntil(text("-a-b-c|"), text("---x")) }},
	{"TakeUntil with a notifier that was made first", "1a 3|", func() texts {
		notifier := text("---x")
		return operators.TakeUntil(text("-a-b-c|"), notifier)
	}},
	{"TakeUntil of a timer", "1a 3b 3|", func() texts { return operators.TakeUntil(text("-a-b-c|"), source.Timer(3*Frame)) }},
	{"SkipUntil", "5c 6|", func() texts { return operators.SkipUntil(text("-a-b-c|"), text("---x")) }},
	{"SkipUntil with a notifier that was made first", "3b 5c 6|", func() texts {
		notifier := text("---x")
		return operators.SkipUntil(text("-a-b-c|"), notifier)
	}},
	{"Sample", "1a 3b 6|", func() texts { return operators.Sample(text("-a-b-c|"), text("-x-x")) }},
	{"Sample by a timer", "2a 4b 6c 7|", func() texts {
		return operators.Sample(text("-a-b-c-|"), source.Interval(2*Frame))
	}},
	{"Timeout", "4a 8b 12#", func() texts { return operators.Timeout(text("----a---b-----"), 4*Frame) }},
	{"Timeout in the frame of the end", "4a 8|", func() texts { return operators.Timeout(text("----a---|"), 4*Frame) }},
	{"WithLatestFrom", "3bx 5cx 6|", func() texts {
		return operators.WithLatestFrom(text("-a-b-c|"), text("--x--y|"), concatenated)
	}},
	{"WithLatestFrom another that was made first", "1ax 3bx 5cy 6|", func() texts {
		other := text("-x---y|")
		return operators.WithLatestFrom(text("-a-b-c|"), other, concatenated)
	}},
	{"Debounce", "10c 13d 13|", func() texts { return operators.Debounce(text("-a--b--c----d|"), 3*Frame) }},
	{"Audit", "4b 9c 9|", func() texts { return operators.Audit(text("-a--b-c|"), 3*Frame) }},
	{"ThrottleFirst", "1a 4d 7g 8|", func() texts { return operators.ThrottleFirst(text("-abcdefg|"), 5*Frame/2) }},
	{"ThrottleLast", "2b 4d 5|", func() texts { return operators.ThrottleLast(text("-abcd|"), 2*Frame) }},
	{"BufferTime", "2ab 4cd 6e 6|", func() texts {
		join := func(v []string) string { return strings.Join(v, "") }
		return operators.Map(operators.BufferTime(text("-abcde|"), 2*Frame), join)
	}},
	{"Zip", "1ax 3by 4|", func() texts { return operators.Zip2(text("-a-b|"), text("-x-y|"), concatenated) }},
	{"CombineLatest", "1ax 3bx 3by 4|", func() texts {
		return operators.CombineLatest2(text("-a-b|"), text("-x-y|"), concatenated)
	}},
	{"Race", "1a 2b 3|", func() texts { return operators.Race(text("-ab|"), text("-xy|")) }},
	{"FlatMap to one picture", "0ax 0bx 1ay 1by 1cx 2az 2bz 2cy 3cz 4|", func() texts {
		return operators.FlatMap(text("(ab)c|"), 9, after(text("xyz|")))
	}},
	{"FlatMap and others", "1p 1ax 2q 2ay 2bx 3r 3az 3by 4bz 5|", func() texts {
		outer, other := text("-ab|"), text("-pqr|")
		inner := text("xyz|")
		return operators.Merge(operators.FlatMap(outer, 9, after(inner)), other)
	}},
	{"ConcatMap", "1ax 1p 2ay 2q 3az 4bx 4r 5by 6bz 7|", func() texts {
		inner := text("xyz|")
		return operators.Merge(operators.ConcatMap(text("-ab|"), after(inner)), text("-pq-r|"))
	}},
	{"Delay", "1x 3y 3a 5z 5b 7|", func() texts {
		return operators.Merge(operators.Delay(text("-a-b-|"), 2*Frame), text("-x-y-z|"))
	}},
	{"Debounce and SwitchMap", "3ax 4ay 5az 6bx 7by 8bz 9|", func() texts {
		return operators.SwitchMap(operators.Debounce(text("-a--b---|"), 2*Frame), after(text("xyz|")))
	}},
}

// Each stream has the same result each time, the one that the package documentation promises. Several bubbles exist at
// the same time; they must not disturb one another.
func TestPicturesHaveOneResult(t *testing.T) {
	const bubbles, runs = 10, 20 // The race detector fails after some 16,000 timers in one bubble.
	for _, c := range coincidences {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			results := map[string]int{}
			for range bubbles {
				synctest.Test(t, func(t *testing.T) {
					for range runs {
						results[timeline(t, c.stream())]++
					}
				})
			}
			require.Equal(t, map[string]int{c.want: bubbles * runs}, results)
		})
	}
}

// A frame has room for one signal for each nanosecond of lead. All of them come before the timers.
func TestManySignalsInOneFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var streams []texts
		for range lead(Frame) {
			streams = append(streams, operators.Timeout(text("-a|"), Frame))
		}
		require.Equal(t, strings.Repeat(" 1a", len(streams))[1:]+" 2|", timeline(t, operators.Merge(streams...)))
	})
}

func TestPicturesLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.Equal(t, "1a 1a 2b 2b 3|", timeline(t, operators.Merge(text("-ab|"), text("-ab|"))))
		require.Equal(t, "0a 1b 1|", timeline(t, operators.Take(text("ab--c|"), 2)))
		require.Equal(t, "2a", timeline(t, text("--a")))
		sequencers.Lock()
		defer sequencers.Unlock()
		require.NotContains(t, sequencers.of, goroutines.Bubble())
	})
}

// A slow consumer does not shift the items that come after it.
func TestPicturesWithASlowConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := operators.Map(text("abc----d|"), func(v string) string {
			time.Sleep(3 * Frame)
			return v
		})
		require.Equal(t, "3a 6b 9c 12d 12|", timeline(t, slow))
		require.Equal(t, "3a 6b 9x 9c 12d 12|", timeline(t, operators.Merge(slow, text("---------x|"))))
	})
}
