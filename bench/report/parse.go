package main

import (
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// results are all measurements of a run.
type results struct {
	cpu    string
	loads  []float64 // of the machine, if they were recorded
	themes []*theme  // in the order of the run
}

// theme is a benchmark function, such as BenchmarkMerge.
type theme struct {
	name  string
	cases []*row
}

// row is a case of a theme, such as the merge of 8 sources.
type row struct {
	name       string
	contenders []*contender
}

type contender struct {
	name   string
	unit   string    // ns/item and so on
	values []float64 // one for each count
	allocs float64   // per operation
	extra  map[string][]float64
}

// sample is a median, with how far the values lie around it.
type sample struct {
	median, spread float64 // spread: half of the range of the middle half, relative to the median
}

func sampleOf(values []float64) sample {
	sorted := slices.Sorted(slices.Values(values))
	at := func(q float64) float64 {
		position := q * float64(len(sorted)-1)
		low := int(position)
		high := min(low+1, len(sorted)-1)
		return sorted[low] + (sorted[high]-sorted[low])*(position-float64(low))
	}
	m := at(0.5)
	if m == 0 {
		return sample{}
	}
	return sample{median: m, spread: (at(0.75) - at(0.25)) / 2 / m}
}

func (c *contender) sample() sample { return sampleOf(c.values) }

// in returns the values in a unit; that of the cost is "".
func (c *contender) in(unit string) []float64 {
	if unit == "" {
		return c.values
	}
	return c.extra[unit]
}

// ofServe reports whether the results are those of the program serve.
func (r *results) ofServe() bool { return ofServe(r.themes[0].name) }

func ofServe(theme string) bool { return strings.HasPrefix(theme, "Serve") }

// page is the file that has the results.
func (r *results) page() string {
	if r.ofServe() {
		return "SERVE.md"
	}
	return "RESULTS.md"
}

// parse reads the output of go test -bench.
func parse(r io.Reader, name string) (*results, error) {
	all := &results{}
	reader := benchfmt.NewReader(r, name)
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			all.cpu = strings.TrimSpace(record.GetConfig("cpu"))
			if load, err := strconv.ParseFloat(record.GetConfig("load"), 64); err == nil {
				all.loads = append(all.loads, load)
			}
			all.add(record)
		case *benchfmt.SyntaxError:
			return nil, record
		}
	}
	if len(all.themes) == 0 {
		return nil, errors.Join(reader.Err(), errors.New("no benchmark in "+name))
	}
	return all, reader.Err()
}

func (r *results) add(record *benchfmt.Result) {
	base, parts := record.Name.Parts()
	var path []string
	for _, part := range parts {
		if text := string(part); strings.HasPrefix(text, "/") {
			path = append(path, text[1:])
		}
	}
	if len(path) == 0 {
		return // a benchmark without contenders
	}
	last := len(path) - 1
	c := r.contender(string(base), strings.Join(path[:last], "/"), path[last])
	for _, v := range record.Values {
		unit, value := v.Unit, v.Value
		if v.OrigUnit != "" { // nanoseconds, which the reader made seconds
			unit, value = v.OrigUnit, v.OrigValue
		}
		switch {
		case strings.HasPrefix(unit, "ns/") && unit != "ns/op":
			c.unit = unit
			c.values = append(c.values, value)
		case unit == "allocs/op":
			c.allocs = value
		case unit != "sec/op" && unit != "ns/op" && unit != "B/op":
			c.extra[unit] = append(c.extra[unit], value)
		}
	}
}

// contender finds or makes the place for a measurement.
func (r *results) contender(themeName, caseName, name string) *contender {
	t := findOr(&r.themes, func(t *theme) bool { return t.name == themeName }, &theme{name: themeName})
	c := findOr(&t.cases, func(c *row) bool { return c.name == caseName }, &row{name: caseName})
	return findOr(&c.contenders, func(c *contender) bool { return c.name == name },
		&contender{name: name, extra: map[string][]float64{}})
}

func findOr[T any](all *[]*T, is func(*T) bool, otherwise *T) *T {
	if i := slices.IndexFunc(*all, is); i >= 0 {
		return (*all)[i]
	}
	*all = append(*all, otherwise)
	return otherwise
}

// median of a contender of a case, in nanoseconds or a unit of its own; NaN when it was not measured.
func (r *results) median(themeName, caseName, name, unit string) float64 {
	for _, t := range r.themes {
		for _, c := range t.cases {
			for _, one := range c.contenders {
				if values := one.in(unit); t.name == themeName && c.name == caseName && one.name == name && len(values) > 0 {
					return sampleOf(values).median
				}
			}
		}
	}
	return math.NaN()
}
