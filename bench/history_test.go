package bench

import (
	"context"
	"strconv"
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkHistory emits the last n items, the newest first, as slices that the consumer may keep. Both contenders are a
// stage of the same stream. The checksum is the sum of the oldest items.
func BenchmarkHistory(b *testing.B) {
	const n = 100_000
	items := source.FromSlice(numbers(n))
	for _, length := range []int{20, 1000} {
		b.Run(strconv.Itoa(length), func(b *testing.B) {
			copying := operators.Scan(items, nil, func(history []int, v int) []int {
				next := make([]int, min(len(history)+1, length))
				next[0] = v
				copy(next[1:], history)
				return next
			})
			race(b, n, "event",
				by("copying", func() int { return sumOldest(copying) }),
				rivulet(func() int { return sumOldest(operators.History(items, length)) }),
			)
		})
	}
}

func sumOldest(histories observable.Observable[[]int]) (total int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := histories.ForEach(ctx, func(history []int) { total += history[len(history)-1] })
	if err != nil {
		panic(err)
	}
	return total
}

// country and model are those of the visitors example.
type country struct {
	Name      string `json:"name"`
	Flag      string `json:"flag"`
	Code      string `json:"code"`
	Timestamp int64  `json:"timestamp"`
}

type model struct {
	visitor   *country
	history   []country
	connected bool
	visits    int
}

func fold(m model, visitor country) model {
	m.visitor, m.connected = &visitor, true
	m.visits++
	history := make([]country, 0, 20)
	history = append(history, visitor)
	m.history = append(history, m.history[:min(len(m.history), 19)]...)
	return m
}

// BenchmarkScanModel folds visitors into the model of the example.
func BenchmarkScanModel(b *testing.B) {
	const n = 10_000
	visitors := make([]country, n)
	for i := range visitors {
		visitors[i] = country{Name: "United Kingdom", Flag: "🇬🇧", Code: "GB", Timestamp: int64(i)}
	}
	oldest := func(m model) int { return int(m.history[len(m.history)-1].Timestamp) }
	race(b, n, "event",
		limit(func() int {
			var m model
			total := 0
			for _, visitor := range visitors {
				m = fold(m, visitor)
				total += oldest(m)
			}
			return total
		}),
		rivulet(func() int {
			return sum(operators.Map(operators.Scan(source.FromSlice(visitors), model{}, fold), oldest))
		}),
	)
}
