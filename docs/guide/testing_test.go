package guide_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func searches(
	typed observable.Observable[string], search func(string) observable.Observable[string],
) observable.Observable[string] {
	settled := operators.DistinctUntilChanged(operators.Debounce(typed, 40*time.Millisecond))
	return operators.SwitchMap(settled, search)
}

func TestASearchStartsAfterAPause(t *testing.T) {
	typed := observabletest.Marbles[string]("-a-b-----------c-------|", nil)
	search := func(word string) observable.Observable[string] {
		return observabletest.Marbles("--r|", map[rune]string{'r': "results for " + word})
	}
	observabletest.ExpectMarbles(t, "---------B-----------C-|", searches(typed, search),
		map[rune]string{'B': "results for b", 'C': "results for c"})
}

func TestTheFeedIsReportedAsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorder := observabletest.NewRecorder[int]()
		silent := operators.Timeout(source.Never[int](), time.Minute)
		err := silent.Subscribe(t.Context(), recorder.Observer()).Wait()
		require.ErrorIs(t, err, operators.ErrTimeout)
		require.Equal(t, time.Minute, recorder.Notes()[0].At)
	})
}

func TestEventsFromAString(t *testing.T) {
	ctx := t.Context()
	body := strings.NewReader("event: visitor\ndata: {\"Name\":\"Ghana\"}\n\n")
	visitors := operators.Map(source.FromEventStream[Visitor](body), source.Data[Visitor])
	first, err := visitors.First(ctx)
	require.NoError(t, err)
	require.Equal(t, Visitor{Name: "Ghana"}, first)
}

func TestSearchesKeepTheContract(t *testing.T) {
	typed := observabletest.Marbles[string]("-a-b-----------c-------|", nil)
	search := func(word string) observable.Observable[string] { return source.Of(word) }
	observabletest.Check(t, searches(typed, search))
}
