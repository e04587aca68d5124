package main

import (
	"fmt"
	"slices"
	"strings"
)

// Country is where a visitor is from: the data of a "visitor" event.
type Country struct {
	Name      string `json:"name"`
	Flag      string `json:"flag"`
	Code      string `json:"code"`
	Timestamp int64  `json:"timestamp"` // Unix time in milliseconds
}

// Model is what the program knows about its visitors.
type Model struct {
	Visitor *Country  `json:"visitor"` // the latest, nil before the first
	History []Country `json:"history"` // the latest first, at most historyLength
	Counts  []Count   `json:"counts"`  // the highest first, at most maxCounts
	Visits  int       `json:"visits"`  // since the program began
}

// Count is the number of visitors from a country.
type Count struct {
	Name   string `json:"name"`
	Flag   string `json:"flag"`
	Visits int    `json:"visits"`
}

const (
	historyLength = 20
	maxCounts     = 250 // about as many as there are countries; a server could make up more
)

// fold returns the model after a visitor, the first of the history. It does not change the model before.
func fold(m Model, history []Country) Model {
	m.Visitor, m.History = &history[0], history
	m.Counts = count(m.Counts, history[0])
	m.Visits++
	return m
}

// count returns the counts after a visitor. It does not change the counts before.
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

// String returns the line that the terminal and the page show.
func (m Model) String() string {
	if m.Visitor == nil {
		return "Waiting for visitors…"
	}
	return fmt.Sprintf("%s User visited from %s", m.Visitor.Flag, m.Visitor.Name)
}

// flags returns the history in one line.
func (m Model) flags() string {
	flags := make([]string, len(m.History))
	for i, country := range m.History {
		flags[i] = country.Flag + " " + country.Name
	}
	return strings.Join(flags, ", ")
}
