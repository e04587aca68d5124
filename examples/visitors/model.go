package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
	"github.com/rivulet-go/rivulet/source"
)

// Country is where a visitor is from: the data of a "visitor" event.
type Country struct {
	Name      string `json:"name"`
	Flag      string `json:"flag"`
	Code      string `json:"code"`
	Timestamp int64  `json:"timestamp"` // Unix time in milliseconds
}

// Model is what the program knows of its visitors.
type Model struct {
	Visitor   *Country  `json:"visitor"`   // the latest, nil before the first
	History   []Country `json:"history"`   // the latest first, at most historyLength
	Counts    []Count   `json:"counts"`    // the highest first, at most maxCounts
	Connected bool      `json:"connected"` // the server has said so
	Visits    int       `json:"visits"`    // since the program began
}

// Count is how many visitors there were from a country.
type Count struct {
	Name   string `json:"name"`
	Flag   string `json:"flag"`
	Visits int    `json:"visits"`
}

const (
	historyLength = 20
	maxCounts     = 250 // about as many as there are countries; a server could make up more
)

// message is what one event of the stream says.
type message struct {
	visitor *Country // nil for a "connected" event
}

// decode reads an event of type "connected" or "visitor".
func decode(event source.Event[json.RawMessage]) (message, *source.ParseError) {
	if event.Type == "connected" {
		return message{}, nil
	}
	visitor := new(Country)
	if err := json.Unmarshal(event.Data, visitor); err != nil {
		return message{}, &source.ParseError{ID: event.ID, Type: event.Type, Data: event.Data, Err: err}
	}
	visitor.Name, visitor.Flag = demo.Printable(visitor.Name, ""), demo.Printable(visitor.Flag, "")
	return message{visitor}, nil
}

// fold is the model after a message. It leaves the model before as it was, for whoever still shows it.
func fold(m Model, msg message) Model {
	if msg.visitor == nil {
		m.Connected = true
		return m
	}
	m.Visitor = msg.visitor
	m.Visits++
	history := append([]Country{*msg.visitor}, m.History...)
	m.History = history[:min(len(history), historyLength)]
	m.Counts = count(m.Counts, *msg.visitor)
	return m
}

// count is the counts after a visitor. It leaves those before as they were.
func count(counts []Count, visitor Country) []Count {
	counts = slices.Clone(counts)
	i := slices.IndexFunc(counts, func(c Count) bool { return c.Name == visitor.Name })
	if i < 0 {
		i = len(counts)
		counts = append(counts, Count{Name: visitor.Name, Flag: visitor.Flag})
	}
	counts[i].Visits++
	for ; i > 0 && counts[i-1].Visits < counts[i].Visits; i-- {
		counts[i-1], counts[i] = counts[i], counts[i-1]
	}
	return counts[:min(len(counts), maxCounts)]
}

// String is the line that the terminal and the page show.
func (m Model) String() string {
	if m.Visitor == nil {
		return "Waiting for visitors…"
	}
	return fmt.Sprintf("%s User visited from %s", m.Visitor.Flag, m.Visitor.Name)
}

// flags is the history in one line.
func (m Model) flags() string {
	flags := make([]string, len(m.History))
	for i, country := range m.History {
		flags[i] = country.Flag + " " + country.Name
	}
	return strings.Join(flags, ", ")
}
