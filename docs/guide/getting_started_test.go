package guide_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"os/signal"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

type Visitor struct{ Name, Flag string }

func latestVisitors(url string) observable.Observable[[]Visitor] {
	events := source.FromEventSource[Visitor](url, source.WithEvents("visitor"))
	visitors := operators.Map(events, source.Data[Visitor])
	return operators.History(visitors, 20)
}

func Example_aLiveStream() {
	server := httptest.NewServer(visitorFeed())
	defer server.Close()
	url := server.URL

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	err := latestVisitors(url).ForEach(ctx, func(visitors []Visitor) {
		fmt.Println(visitors[0].Flag, visitors[0].Name, "and", len(visitors)-1, "before")
	})
	if ctx.Err() == nil && err != nil {
		log.Fatal(err)
	}
	// Output:
	// 🇬🇭 Ghana and 0 before
	// 🇵🇪 Peru and 1 before
}

// visitorFeed serves two visitors. Then it answers 204, so that a client completes.
func visitorFeed() *sink.Handler[Visitor] {
	visitors := source.Of(Visitor{"Ghana", "🇬🇭"}, Visitor{"Peru", "🇵🇪"})
	return sink.EventSource(visitors, sink.Config[Visitor]{
		Type:  func(Visitor) string { return "visitor" },
		Retry: time.Millisecond,
	})
}

// changes emits the differences between consecutive prices, without zeros.
func changes(prices observable.Observable[int]) observable.Observable[int] {
	steps := operators.Map(operators.Pairwise(prices), func(p [2]int) int { return p[1] - p[0] })
	return operators.Filter(steps, func(step int) bool { return step != 0 })
}

func TestAStageOfYourOwn(t *testing.T) {
	ctx := t.Context()
	steps, err := changes(source.Of(10, 12, 12, 7)).Collect(ctx) // 2, -5
	require.NoError(t, err)
	require.Equal(t, []int{2, -5}, steps)
}
