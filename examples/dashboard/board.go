package main

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A feed is the event stream of an exchange.
type feed struct{ name, url string }

// A quote is the data of an event: an offer.
type quote struct {
	Item  string  `json:"item"`
	Price float64 `json:"price"`
}

// An exchange is what is known about an exchange.
type exchange struct {
	name   string
	prices map[string]float64 // by item
	silent bool
}

// A board is what the terminal and the page show.
type board struct {
	Offers []offer  `json:"offers"` // the best for each item, by its name
	Silent []string `json:"silent"` // the exchanges
}

type offer struct {
	quote
	Exchange string `json:"exchange"`
}

// What a hostile exchange could make the program keep is limited.
const (
	maxEventBytes = 1 << 10
	maxItems      = 100 // for each exchange
)

const blink = 50 * time.Millisecond // no more than one board in this time can be seen

// newBoards emits the board whenever it changes. All its consumers share the connections; a new one gets the latest board.
func newBoards(feeds []feed, silence time.Duration, stderr io.Writer) observable.Observable[board] {
	var states []observable.Observable[exchange]
	for _, f := range feeds {
		states = append(states, exchangeStates(f.name, f.quotes(stderr), silence))
	}
	boards := operators.Map(operators.CombineLatestAll(states...), newBoard)
	return operators.ShareReplay(operators.Audit(boards, blink), 1)
}

// quotes emits the quotes of a feed. If the feed cannot be followed any more, it reports that and is silent.
func (f feed) quotes(stderr io.Writer) observable.Observable[quote] {
	events := source.FromEventSource[quote](f.url,
		source.WithMaxEventBytes(maxEventBytes),
		source.WithLogger(slog.New(slog.DiscardHandler)), // the board shows a lost connection as silence
		source.WithOnParseError(func(err *source.ParseError) {
			fmt.Fprintf(stderr, "dashboard: %s has sent an event that cannot be read: %q\n", f.name, err.Data)
		}),
	)
	quotes := operators.Map(events, source.Data[quote])
	return operators.Catch(quotes, func(err error) observable.Observable[quote] {
		fmt.Fprintf(stderr, "dashboard: %s cannot be followed: %s\n", f.name, printable(err.Error()))
		return source.Never[quote]()
	})
}

// An update is a quote, or the sign that there was none for some time.
type update struct {
	quote
	silent bool
}

// exchangeStates emits the state of an exchange, at the start and after each change.
func exchangeStates(name string, quotes observable.Observable[quote], silence time.Duration) observable.Observable[exchange] {
	silent := operators.DelaySubscription(source.Of(update{silent: true}), silence)
	updates := operators.SwitchMap(operators.StartWith(quotes, quote{}), func(q quote) observable.Observable[update] {
		return operators.StartWith(silent, update{quote: q}) // the next quote cancels the alert
	})
	return operators.Scan(updates, exchange{name: name}, exchange.after)
}

// after returns the state after an update. It does not change the state before.
func (e exchange) after(u update) exchange {
	e.silent = u.silent
	item := printable(u.Item)
	_, known := e.prices[item]
	if u.silent || item == "" || u.Price <= 0 || !known && len(e.prices) == maxItems {
		return e
	}
	prices := map[string]float64{item: u.Price}
	for other, price := range e.prices {
		if other != item {
			prices[other] = price
		}
	}
	e.prices = prices
	return e
}

// newBoard returns the lowest price for each item at the exchanges that are not silent.
func newBoard(exchanges []exchange) board {
	b := board{Silent: []string{}, Offers: []offer{}}
	best := map[string]offer{}
	for _, e := range exchanges {
		if e.silent {
			b.Silent = append(b.Silent, e.name)
			continue
		}
		for item, price := range e.prices {
			if lowest, found := best[item]; !found || price < lowest.Price {
				best[item] = offer{quote{item, price}, e.name}
			}
		}
	}
	for _, item := range slices.Sorted(maps.Keys(best)) {
		b.Offers = append(b.Offers, best[item])
	}
	return b
}

// since returns a line for each difference from the board before.
func (b board) since(before board) (lines []string) {
	for _, name := range b.Silent {
		if !slices.Contains(before.Silent, name) {
			lines = append(lines, "ALERT: "+name+" is silent")
		}
	}
	for _, name := range before.Silent {
		if !slices.Contains(b.Silent, name) {
			lines = append(lines, name+" is back")
		}
	}
	for _, o := range b.Offers {
		if !slices.Contains(before.Offers, o) {
			lines = append(lines, fmt.Sprintf("%-8s %8.2f at %s", o.Item, o.Price, o.Exchange))
		}
	}
	return lines
}

// printable returns a text from the network without the characters that a terminal obeys.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return -1
		}
		return c
	}, text)
}
