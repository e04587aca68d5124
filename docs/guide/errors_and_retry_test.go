package guide_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

var errBusy = errors.New("busy")

func TestRetryGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, attempts := t.Context(), 0
		fetchRates := source.FromFunc(func(context.Context) (float64, error) {
			attempts++
			return 0, errBusy
		})
		rates := operators.Retry(fetchRates, retry.Policy{
			InitialDelay: 100 * time.Millisecond,
			MaxAttempts:  4,
			Retryable:    func(err error) bool { return errors.Is(err, errBusy) },
		})
		_, err := rates.Collect(ctx)
		if gaveUp, ok := errors.AsType[*retry.Error](err); ok {
			fmt.Println(gaveUp.Attempts, "attempts:", gaveUp.Err)
		}
		require.ErrorIs(t, err, errBusy)
		require.Equal(t, 4, attempts)
	})
}

func Example_retryGivesUp() {
	ctx := context.Background()
	rates := operators.Retry(source.Throw[float64](errBusy), retry.Policy{InitialDelay: -1, MaxAttempts: 4})
	_, err := rates.Collect(ctx)
	if gaveUp, ok := errors.AsType[*retry.Error](err); ok {
		fmt.Println(gaveUp.Attempts, "attempts:", gaveUp.Err)
	}
	// Output: 4 attempts: busy
}

func TestCatchRunsAnotherStream(t *testing.T) {
	live, yesterday := operators.Concat(source.Of("a"), source.Throw[string](errBusy)), source.Of("b")
	// news emits the live news, or yesterday's if the live ones fail.
	news := operators.Catch(live, func(err error) observable.Observable[string] {
		slog.Warn("the live news have failed", "error", err)
		return yesterday
	})
	got, err := news.Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, got)
}

func fetchTitle(_ context.Context, page string) (string, error) {
	if page == "/lost" {
		return "", errors.New("not found")
	}
	return "title of " + page, nil
}

// titles emits a title for each page that can be fetched, and logs the others.
func titles(pages observable.Observable[string]) observable.Observable[string] {
	return operators.FlatMap(pages, 8, func(page string) observable.Observable[string] {
		title := source.FromFunc(func(ctx context.Context) (string, error) { return fetchTitle(ctx, page) })
		return operators.Catch(title, func(err error) observable.Observable[string] {
			slog.Warn("skipping a page", "page", page, "error", err)
			return source.Empty[string]()
		})
	})
}

func TestABadItemDoesNotEndTheStream(t *testing.T) {
	got, err := titles(source.Of("/a", "/lost", "/b")).Collect(t.Context())
	require.NoError(t, err)
	slices.Sort(got) // FlatMap emits in order of arrival
	require.Equal(t, []string{"title of /a", "title of /b"}, got)
}

func TestTheOrderOfRetryAndCatch(t *testing.T) {
	runs := 0
	failing := source.Defer(func() observable.Observable[int] { runs++; return source.Throw[int](errBusy) })
	fallback := func(error) observable.Observable[int] { return source.Of(0) }
	twice := retry.Policy{InitialDelay: -1, MaxAttempts: 2}
	for _, c := range []struct {
		stream observable.Observable[int]
		runs   int
	}{
		{operators.Catch(operators.Retry(failing, twice), fallback), 2},
		{operators.Retry(operators.Catch(failing, fallback), twice), 1},
	} {
		runs = 0
		got, err := c.stream.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{0}, got)
		require.Equal(t, c.runs, runs)
	}
}
