package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
)

const frame = observabletest.Frame

var quotes = map[rune]quote{'a': {"tin", 1}, 'b': {"tin", 2}}

// states are the prices of an exchange and whether it is silent. Capital letters are silent.
var states = map[rune]string{'n': "0 false", 'N': "0 true", 'a': "1 false", 'A': "1 true", 'b': "2 false", 'B': "2 true"}

func TestSilence(t *testing.T) {
	for name, c := range map[string]struct{ quotes, want string }{
		"an exchange that sends":        {"a--b--a--", "(na)--b--a--"},
		"an exchange that falls silent": {"a---------", "(na)----A----"},
		"an exchange that is back":      {"a-------b---", "(na)----A--b---"},
		"an exchange that never sends":  {"-------", "n----N-"},
		"an exchange whose feed ends":   {"-a|", "na----(A|)"},
	} {
		t.Run(name, func(t *testing.T) {
			all := exchangeStates("east", observabletest.Marbles(c.quotes, quotes), 5*frame)
			got := operators.Map(all, func(e exchange) string { return fmt.Sprint(e.prices["tin"], e.silent) })
			_ = observabletest.ExpectMarbles(t, c.want, got, states)
		})
	}
}

func TestExchangeStatesKeepTheContract(t *testing.T) {
	all := exchangeStates("east", observabletest.Marbles("a--b---|", quotes), 5*frame)
	observabletest.Check(t, operators.Map(all, func(e exchange) string { return fmt.Sprint(e.prices, e.silent) }))
}

func TestAnExchangeIsBounded(t *testing.T) {
	e := exchange{name: "east"}
	for i := range 2 * maxItems {
		e = e.after(update{quote: quote{fmt.Sprint("item ", i), 1}})
	}
	require.Len(t, e.prices, maxItems)
	before := e
	e = e.after(update{quote: quote{"item 7", 3}})
	require.Equal(t, 3.0, e.prices["item 7"])
	require.Equal(t, 1.0, before.prices["item 7"], "the state before is not changed")
	for _, q := range []quote{{"free", 0}, {"gift", -1}, {"", 1}, {"\x1b\u202e", 1}} {
		require.Equal(t, e, e.after(update{quote: q}))
	}
	require.Contains(t, exchange{}.after(update{quote: quote{"\x1b[2Jtin", 1}}).prices, "[2Jtin")
}

func TestBoard(t *testing.T) {
	north := exchange{name: "north", prices: map[string]float64{"tin": 37, "gold": 4080}}
	east := exchange{name: "east", prices: map[string]float64{"tin": 36}}
	want := board{Silent: []string{}, Offers: []offer{{quote{"gold", 4080}, "north"}, {quote{"tin", 36}, "east"}}}
	both := newBoard([]exchange{north, east})
	require.Equal(t, want, both)

	east.silent = true
	alone := newBoard([]exchange{north, east})
	require.Equal(t, []string{"east"}, alone.Silent)
	require.Equal(t, []string{"ALERT: east is silent", "tin         37.00 at north"}, alone.since(both))
	require.Equal(t, []string{"east is back", "tin         36.00 at east"}, both.since(alone))
	require.Empty(t, both.since(both))
}

// An exchange that fails or sends what cannot be read does not stop the others.
func TestFeeds(t *testing.T) {
	good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, "data: \x1boops\n\ndata: {\"item\":\"tin\",\"price\":36}\n\n")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}))
	defer good.Close()
	large := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: "+strings.Repeat("x", 2*maxEventBytes)+"\n\n")
	}))
	defer large.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	defer gone.Close()

	var stderr lockedBuffer
	feeds := []feed{{"good", good.URL}, {"large", large.URL}, {"gone", gone.URL}}
	boards := newBoards(feeds, 300*time.Millisecond, &stderr)
	_, err := operators.Find(boards, func(b board) bool { return len(b.Silent) == 2 && len(b.Offers) == 1 }).First(t.Context())
	require.NoError(t, err)
	require.Contains(t, stderr.String(), `good has sent an event that cannot be read: "\x1boops"`)
	require.Contains(t, stderr.String(), "large cannot be followed: ")
	require.Contains(t, stderr.String(), "gone cannot be followed: ")
}
