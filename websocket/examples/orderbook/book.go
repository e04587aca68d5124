package main

import (
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
)

// Side is one side of an order book: the amount that is offered at each price, both as whole numbers.
type Side map[int]int

// Book is an order book after the change with the number Seq.
type Book struct {
	Seq        int  `json:"seq"`
	Bids, Asks Side `json:",omitempty"`
}

// Delta is a change of a book: the new amounts at some prices, 0 for one that is gone.
type Delta struct {
	Seq        int    `json:"seq"`
	Bids, Asks Side   `json:",omitempty"`
	Checksum   uint32 `json:"checksum"` // of the book after it
}

var (
	errGap      = errors.New("a change is missing")
	errChecksum = errors.New("the book differs from that of the exchange")
)

// Apply makes the next change. A change that the book has already, as a snapshot may, is skipped.
func (b *Book) Apply(d Delta) error {
	if d.Seq <= b.Seq {
		return nil
	}
	if d.Seq != b.Seq+1 {
		return fmt.Errorf("%w: %d follows %d", errGap, d.Seq, b.Seq)
	}
	b.Seq = d.Seq
	b.Bids.apply(d.Bids)
	b.Asks.apply(d.Asks)
	if sum := b.Checksum(); sum != d.Checksum {
		return fmt.Errorf("%w: change %d", errChecksum, d.Seq)
	}
	return nil
}

func (s Side) apply(changes Side) {
	for price, amount := range changes {
		if amount == 0 {
			delete(s, price)
		} else {
			s[price] = amount
		}
	}
}

// Checksum returns a number that two books share only if they are the same.
func (b *Book) Checksum() uint32 {
	sum := crc32.NewIEEE()
	for _, side := range []Side{b.Bids, b.Asks} {
		for _, level := range side.levels(len(side), func(a, b int) int { return a - b }) {
			fmt.Fprintf(sum, "%d:%d,", level.Price, level.Amount)
		}
		fmt.Fprint(sum, ";")
	}
	return sum.Sum32()
}

// Level is the amount at a price.
type Level struct {
	Price  int `json:"price"`
	Amount int `json:"amount"`
}

// levels returns the first n levels in the order of their prices.
func (s Side) levels(n int, order func(a, b int) int) []Level {
	prices := slices.SortedFunc(maps.Keys(s), order)
	levels := make([]Level, 0, n)
	for _, price := range prices[:min(n, len(prices))] {
		levels = append(levels, Level{price, s[price]})
	}
	return levels
}

// depth is how many levels of each side are shown.
const depth = 8

// View is what the page shows: the best prices of both sides.
type View struct {
	Seq        int     `json:"seq"`
	Connection int     `json:"connection"`
	Bids       []Level `json:"bids"`
	Asks       []Level `json:"asks"`
}

// view shows a book.
func (b *Book) view(connection int) View {
	return View{
		Seq:        b.Seq,
		Connection: connection,
		Bids:       b.Bids.levels(depth, func(a, b int) int { return cmp.Compare(b, a) }),
		Asks:       b.Asks.levels(depth, cmp.Compare[int]),
	}
}
