package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
)

const frame = observabletest.Frame

// letters returns the queries of the answers.
func letters(answers observable.Observable[answer]) observable.Observable[string] {
	return operators.Map(answers, func(a answer) string {
		if a.err != nil {
			return "!"
		}
		return a.query
	})
}

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct{ typed, search, want string }{
		"when the typing pauses":              {"a-b-c---------|", "--x|", "---------c----|"},
		"once for the same query":             {"a------a------|", "--x|", "-----a--------|"},
		"the latest query cancels the search": {"a----b-----------", "------x|", "--------------b--"},
		"a search still runs at the end":      {"a----|", "---x|", "------a(|)"},
		"a search that fails is an answer":    {"a------b------|", "--#", "-----!------!-|"},
		"nothing for spaces":                  {"_---_---|", "--x|", "--------|"},
	} {
		t.Run(name, func(t *testing.T) {
			typed := observabletest.Marbles(c.typed, map[rune]string{'a': "a", 'b': "b", 'c': "c", '_': "  "})
			search := func(string) observable.Observable[[]string] {
				return observabletest.Marbles(c.search, map[rune][]string{'x': {"found"}})
			}
			_ = observabletest.ExpectMarbles(t, c.want, letters(answers(typed, 3*frame, search)), nil)
		})
	}
}

func TestTyping(t *testing.T) {
	_ = observabletest.ExpectMarbles(t, "-ab--a-|", typing([]string{"go", "g"}, frame, 2*frame),
		map[rune]string{'a': "g", 'b': "go"})
}

func TestAnswersKeepTheContract(t *testing.T) {
	typed := observabletest.Marbles[string]("a-b----c----|", nil)
	search := func(query string) observable.Observable[[]string] {
		return observabletest.Marbles("--x|", map[rune][]string{'x': {query}})
	}
	observabletest.Check(t, letters(answers(typed, 3*frame, search)))
}

func TestClient(t *testing.T) {
	server := httptest.NewServer(&index{latency: time.Millisecond})
	defer server.Close()
	for query, want := range map[string][]string{"json": {"encoding/json"}, "no such thing&q=x": {}} {
		got, err := (&client{server.Client(), server.URL}).search(query).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for status, body := range map[int]string{http.StatusNotFound: "[]", http.StatusOK: "<p>"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}))
		_, err := (&client{server.Client(), server.URL}).search("q").First(t.Context())
		require.Error(t, err)
		server.Close()
	}
}

func TestAnswerIsPrintable(t *testing.T) {
	require.Equal(t, `"q": [31mred, plain`, answer{query: "q", found: []string{"\x1b[31mred", "plain\u202e"}}.String())
	require.Equal(t, `"q": [2Jgone`, answer{query: "q", err: errors.New("\x1b[2Jgone")}.String())
}
