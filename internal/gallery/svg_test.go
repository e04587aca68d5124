package gallery_test

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	labelWidth = 110
	frameWidth = 26
	rowHeight  = 34
	itemHeight = 22
	itemStep   = 24 // from one item to the next of the same time
	boxHeight  = 32
	charWidth  = 8 // of the text in the box and in items
)

const style = `<style>
text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: #24292f }
.label, .tick { fill: #57606a } .tick { font-size: 10px }
.line, .end { stroke: #57606a; stroke-width: 1.5; fill: none }
.grid { stroke: #d0d7de; stroke-width: 1; stroke-dasharray: 2 4 }
.fail { stroke: #cf222e; stroke-width: 2; fill: none }
.box { fill: #f6f8fa; stroke: #d0d7de }
.in { fill: #ddf4ff; stroke: #0969da } .out { fill: #dafbe1; stroke: #1a7f37 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .label, .tick { fill: #8b949e }
  .line, .end { stroke: #8b949e } .grid { stroke: #30363d } .fail { stroke: #ff7b72 }
  .box { fill: #161b22; stroke: #30363d }
  .in { fill: #0c2d6b; stroke: #58a6ff } .out { fill: #0f3d1f; stroke: #3fb950 }
}
</style>
`

// A drawing is a picture of the runs of a scene.
type drawing struct {
	strings.Builder
	length time.Duration // of the time that it shows
	y      int
}

// draw returns the picture of the runs as SVG. The box between the streams that the operator consumes and its results
// contains the code that ran.
func draw(name, code string, runs []*run) string {
	var d drawing
	d.length = length(runs)
	first := slices.IndexFunc(runs, func(r *run) bool { return r.result })
	for _, r := range runs[:first] {
		d.run(r)
	}
	d.y += boxHeight + 12
	box := d.y
	for _, r := range runs[first:] {
		d.run(r)
	}
	width := max(int(x(d.length))+24, utf8.RuneCountInString(code)*charWidth+24)
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" role="img" aria-label="%[3]s">`+"\n",
		width, d.y+22, html.EscapeString("Marble diagram of "+name))
	svg.WriteString(style)
	svg.WriteString(d.grid())
	fmt.Fprintf(&svg, `<rect class="box" x="1" y="%d" width="%d" height="%d" rx="6"/>`, box-boxHeight-6, width-2, boxHeight)
	fmt.Fprintf(&svg, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n",
		width/2, box-boxHeight/2-1, html.EscapeString(code))
	svg.WriteString(d.String())
	svg.WriteString("</svg>\n")
	return svg.String()
}

// length returns the time that a picture of the runs shows: a frame more than their last mark, or three if a run has
// not ended.
func length(runs []*run) (last time.Duration) {
	more := frame
	for _, r := range runs {
		end := r.marks[len(r.marks)-1]
		last = max(last, end.at)
		if r.marks[0].kind == started && end.kind <= item {
			more = 3 * frame
		}
	}
	return last + more
}

// x returns where a time is drawn.
func x(at time.Duration) float64 { return labelWidth + 14 + float64(at)/float64(frame)*frameWidth }

// grid draws a line each 50 ms, and the time below it.
func (d *drawing) grid() string {
	var grid strings.Builder
	for at := time.Duration(0); at <= d.length; at += 5 * frame {
		fmt.Fprintf(&grid, `<path class="grid" d="M%.1f 4V%d"/>`, x(at), d.y+4)
		fmt.Fprintf(&grid, `<text class="tick" x="%.1f" y="%d" text-anchor="middle">%d ms</text>`+"\n",
			x(at), d.y+16, at.Milliseconds())
	}
	return grid.String()
}

// run draws a run: its label, its line, its items and its end. Items of one time are drawn below one another.
func (d *drawing) run(r *run) {
	top, middle := d.y, d.y+rowHeight/2
	fmt.Fprintf(d, `<text class="label" x="4" y="%d">%s</text>`, middle+4, html.EscapeString(r.label))
	if r.marks[0].kind == started {
		d.line(r, middle)
	}
	class := "in"
	if r.result {
		class = "out"
	}
	level, edge := 0, 0.0
	before := mark{at: -frame}
	for _, m := range r.marks {
		if level++; m.at-before.at >= frame/2 {
			level = 0
		}
		switch {
		case m.kind == item:
			edge = max(edge, d.item(class, m, middle+level*itemStep))
			d.y = max(d.y, top+level*itemStep)
			before = m
		case m.kind > item:
			d.end(m, edge, middle)
		}
	}
	d.WriteByte('\n')
	d.y += rowHeight
}

// line draws the line of a run, with an arrow if the run has not ended.
func (d *drawing) line(r *run, middle int) {
	until := r.marks[len(r.marks)-1]
	if until.kind <= item {
		until.at = d.length
		fmt.Fprintf(d, `<path class="line" d="M%.1f %dl6 5l-6 5"/>`, x(until.at)-6, middle-5)
	}
	fmt.Fprintf(d, `<path class="line" d="M%.1f %dH%.1f"/>`, x(r.marks[0].at), middle, x(until.at))
}

// item draws an item and returns where it ends.
func (d *drawing) item(class string, m mark, middle int) (edge float64) {
	width := float64(max(itemHeight, utf8.RuneCountInString(m.text)*charWidth+8))
	fmt.Fprintf(d, `<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d" rx="11"/>`,
		class, x(m.at)-width/2, middle-itemHeight/2, width, itemHeight)
	fmt.Fprintf(d, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, x(m.at), middle+4, html.EscapeString(m.text))
	return x(m.at) + width/2
}

// end draws how a run ended, to the right of its items.
func (d *drawing) end(m mark, edge float64, middle int) {
	at := x(m.at)
	if at < edge+5 {
		at = edge + 5
		fmt.Fprintf(d, `<path class="line" d="M%.1f %dH%.1f"/>`, edge, middle, at)
	}
	switch m.kind {
	case completed:
		fmt.Fprintf(d, `<path class="end" d="M%.1f %dv20"/>`, at, middle-10)
	case failed:
		fmt.Fprintf(d, `<path class="fail" d="M%.1f %dl14 14m-14 0l14 -14"/>`, at-7, middle-7)
	default:
		fmt.Fprintf(d, `<circle class="end" cx="%.1f" cy="%d" r="4"/>`, at+4, middle)
	}
}
