package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// markdown is the whole of RESULTS.md.
func (r *results) markdown(environment string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Results

Medians, with half of the interquartile range as the spread. The ratio of a contender is its cost divided by the cost of
Rivulet: 10× means that Rivulet is ten times cheaper, 0.5× that it costs twice as much. The limit is what
physics and plain Go allow: a hand-written loop, a bare channel, a bare scan for line ends, a handler written by hand.

%s

`+"```sh\ncd bench\n%s\n```\n\n", environment, r.commands())
	r.writeTargets(&b)
	for _, t := range r.themes {
		fmt.Fprintf(&b, "## %s\n\n", t.name)
		t.writeTable(&b)
		t.writeExtras(&b)
	}
	return b.String()
}

func (r *results) commands() string {
	if r.ofServe() {
		return "go run ./serve > serve.out\ngo run ./report serve.out"
	}
	return "go test -bench . -benchmem -benchtime 0.2s -count 6 . > bench.out\ngo run ./report bench.out"
}

func (r *results) writeTargets(b *strings.Builder) {
	b.WriteString("## Targets\n\n| what | compared with | cost of Rivulet | target | |\n|---|---|---:|---:|---|\n")
	for _, t := range targets {
		if ofServe(t.theme) != r.ofServe() {
			continue
		}
		ratio, verdict := t.ratio(r), "missed"
		if t.met(ratio) {
			verdict = "met"
		}
		fmt.Fprintf(b, "| %s | %s | %s | ≤ %s | %s |\n", t.what, t.against, multiple(ratio), multiple(t.factor), verdict)
	}
	b.WriteString("\n")
}

// multiple is a ratio as people say it: 2.5×, or 1/40.
func multiple(ratio float64) string {
	switch {
	case math.IsNaN(ratio):
		return "not measured"
	case ratio < 0.8:
		return fmt.Sprintf("1/%.3g", 1/ratio)
	default:
		return fmt.Sprintf("%.3g×", ratio)
	}
}

// names are the contenders of a theme, in the order in which they first come.
func (t *theme) names() (all []string) {
	for _, c := range t.cases {
		for _, one := range c.contenders {
			if len(one.values) > 0 && !slices.Contains(all, one.name) {
				all = append(all, one.name)
			}
		}
	}
	return all
}

func (t *theme) writeTable(b *strings.Builder) {
	names := t.names()
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "%s, in ns per %s.\n\n", t.title(), t.unit())
	fmt.Fprintf(b, "| case | %s |\n|---|%s\n", strings.Join(names, " | "), strings.Repeat("---:|", len(names)))
	for _, c := range t.cases {
		cells := []string{t.caseName(c)}
		ours := c.find("rivulet")
		for _, name := range names {
			cells = append(cells, cell(c.find(name), ours))
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
	b.WriteString("\n")
}

func cell(c, ours *contender) string {
	if c == nil || len(c.values) == 0 {
		return "–"
	}
	s := c.sample()
	text := fmt.Sprintf("%s ±%.0f %%", number(s.median), 100*s.spread)
	if ours != nil && c != ours {
		return fmt.Sprintf("%s (%s)", text, multiple(s.median/ours.sample().median))
	}
	return "**" + text + "**"
}

func number(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// writeExtras lists the other figures of a theme: latencies, memory.
func (t *theme) writeExtras(b *strings.Builder) {
	written := false
	for _, c := range t.cases {
		for _, one := range c.contenders {
			for _, unit := range sortedKeys(one.extra) {
				if !written {
					b.WriteString("| contender | what | median |\n|---|---|---:|\n")
					written = true
				}
				s := sampleOf(one.extra[unit])
				fmt.Fprintf(b, "| %s | %s | %s ±%.0f %% |\n", strings.TrimSpace(c.name+" "+one.name), unit, number(s.median), 100*s.spread)
			}
		}
	}
	if written {
		b.WriteString("\n")
	}
}

func sortedKeys(m map[string][]float64) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (c *row) find(name string) *contender {
	for _, one := range c.contenders {
		if one.name == name {
			return one
		}
	}
	return nil
}

func (t *theme) caseName(c *row) string {
	if c.name == "" {
		return "–"
	}
	return c.name
}

func (t *theme) unit() string {
	for _, c := range t.cases {
		for _, one := range c.contenders {
			if one.unit != "" {
				return strings.TrimPrefix(one.unit, "ns/")
			}
		}
	}
	return "item"
}
