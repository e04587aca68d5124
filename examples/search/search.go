package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// An answer is the result of a search, or why it failed.
type answer struct {
	query string
	found []string
	err   error
}

// String returns the line that the terminal shows.
func (a answer) String() string {
	switch {
	case a.err != nil:
		return fmt.Sprintf("%q: %s", a.query, printable(a.err.Error()))
	case len(a.found) == 0:
		return fmt.Sprintf("%q: nothing found", a.query)
	}
	return fmt.Sprintf("%q: %s", a.query, printable(strings.Join(a.found, ", ")))
}

// answers searches for what was typed when it has not changed for a pause. A new query cancels the search before. A
// search that fails is an answer, so that the next one can succeed.
func answers(
	typed observable.Observable[string], pause time.Duration, search func(string) observable.Observable[[]string],
) observable.Observable[answer] {
	queries := operators.Filter(operators.Map(typed, strings.TrimSpace), func(query string) bool { return query != "" })
	settled := operators.DistinctUntilChanged(operators.Debounce(queries, pause))
	return operators.SwitchMap(settled, func(query string) observable.Observable[answer] {
		found := operators.Map(search(query), func(found []string) answer { return answer{query: query, found: found} })
		return operators.OnErrorReturn(found, func(err error) answer { return answer{query: query, err: err} })
	})
}

// typing emits the content of a search field into which the words are typed, one letter at a time, with a rest after
// each word.
func typing(words []string, every, rest time.Duration) observable.Observable[string] {
	return operators.ConcatMap(source.FromSlice(words), func(word string) observable.Observable[string] {
		letters := []rune(word)
		field := operators.Map(operators.Take(source.Interval(every), len(letters)), func(i int) string {
			return string(letters[:i+1])
		})
		return operators.Concat(field, operators.DelaySubscription(source.Empty[string](), rest))
	})
}

// A client asks a search server.
type client struct {
	http *http.Client
	url  string
}

const (
	maxAnswer = 1 << 20 // bytes
	timeout   = 5 * time.Second
)

// search emits what the server finds. Stopping the stream cancels the request.
func (c *client) search(query string) observable.Observable[[]string] {
	request := source.FromFunc(func(ctx context.Context) ([]string, error) { return c.get(ctx, query) })
	return operators.Timeout(request, timeout)
}

func (c *client) get(ctx context.Context, query string) (found []string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"?q="+url.QueryEscape(query), nil)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answered %s", response.Status)
	}
	return found, json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&found)
}
