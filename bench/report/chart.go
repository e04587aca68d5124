package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// titles say what a theme measures; a theme without one has its name.
var titles = map[string]string{
	"Chain":             "map → filter → scan over 100,000 ints",
	"ChainOfLiterals":   "map → filter → scan of functions that can be inlined, by how the chain is written",
	"ChainOfStructs":    "map → filter → scan over structs of 72 bytes",
	"Depth":             "A stage of a chain, by depth",
	"Boundary":          "From one goroutine to another, by capacity",
	"Merge":             "Merging, by number of sources",
	"MergeMany":         "Merging many sources, by their number",
	"GroupBy":           "Grouping, by number of keys",
	"SetUp":             "One item through an operator: what starting and stopping costs",
	"ShareJoin":         "Joining a shared stream, getting its latest item and leaving",
	"FlatMap":           "FlatMap of 10 items each, 8 at a time",
	"SwitchMap":         "Switching to the next stream",
	"Zip":               "Zip, by number of sources",
	"CombineLatest":     "CombineLatest, by number of sources",
	"ParallelMap":       "ParallelMap, by work per item",
	"FanOut":            "One item for one subscriber, by number of subscribers",
	"BufferTimeOrCount": "Slices of 100 under a timer",
	"Debounce":          "Debounce of a fast source",
	"History":           "The last n items, by n",
	"ScanModel":         "Folding visitors into a model",
	"Decode":            "Decoding Server-Sent Events, by size",
	"EventSource":       "Over HTTP: bytes → event → JSON → history",
	"ServeSecond":       "Server's processor time for each client at an item a second, by number of clients",
	"ServeBurst":        "The same at 20 items each second",
	"ServeFull":         "One event for one client at full speed, by number of clients",
	"StartUp":           "Building, running and completing an empty chain",
}

func (t *theme) title() string {
	if title, ok := titles[t.name]; ok {
		return title
	}
	return t.name
}

// file is the name of the chart, without its ending.
func (t *theme) file() string { return strings.ToLower(t.name) }

const (
	chartWidth = 760
	labelWidth = 200
	valueWidth = 90
	barHeight  = 16
	barStep    = 20
)

// chart is the theme as bars on a log scale, in SVG that reads on a light and on a dark page.
func (t *theme) chart() string {
	low, high := t.bounds()
	y := 34
	var bars strings.Builder
	for _, c := range t.cases {
		if c.name != "" {
			fmt.Fprintf(&bars, `<text class="case" x="0" y="%d">%s</text>`+"\n", y+12, html.EscapeString(c.name))
		}
		for _, one := range c.contenders {
			if len(one.values) == 0 {
				continue
			}
			writeBar(&bars, one, y, low, high)
			y += barStep
		}
		y += 8
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
<style>
text { font: 13px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600; font-size: 14px; fill: #24292f }
.case { font-weight: 600 }
.bar { fill: #8c959f } .ours { fill: #0969da } .limit { fill: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #8b949e } .title { fill: #e6edf3 }
  .bar { fill: #6e7681 } .ours { fill: #58a6ff } .limit { fill: #30363d }
}
</style>
<text class="title" x="0" y="16">%s: ns per %s, log scale, less is better</text>
%s</svg>
`, chartWidth, y, html.EscapeString(t.title()), html.EscapeString(t.title()), t.unit(), bars.String())
	return b.String()
}

func writeBar(b *strings.Builder, c *contender, y int, low, high float64) {
	class := "bar"
	switch c.name {
	case "rivulet":
		class = "ours"
	case "limit":
		class = "limit"
	}
	v := c.sample().median
	const room = chartWidth - labelWidth - valueWidth
	width := room * math.Log(v/low) / math.Log(high/low)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, labelWidth-8, y+12, html.EscapeString(c.name))
	fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`, class, labelWidth, y, width, barHeight)
	fmt.Fprintf(b, `<text x="%.1f" y="%d">%s</text>`+"\n", labelWidth+width+6, y+12, number(v))
}

// bounds are the ends of the scale: it begins below the least value, so that each has a bar.
func (t *theme) bounds() (low, high float64) {
	low, high = math.Inf(1), 0
	for _, c := range t.cases {
		for _, one := range c.contenders {
			if len(one.values) > 0 {
				v := one.sample().median
				low, high = min(low, v), max(high, v)
			}
		}
	}
	return low / 2, max(high, low*2)
}
