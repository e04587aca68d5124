package sse_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/sse"
)

func TestLimit(t *testing.T) {
	const limit = 100
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, test := range []struct {
		name, body string
		events     int
		fails      bool
	}{
		{"data", "data: " + x(limit) + "\n\n", 1, false},
		{"data, too large", "data: " + x(limit+1) + "\n\n", 0, true},
		{"data after a BOM", bom + "data: " + x(limit) + "\n\n", 1, false},
		{"data, unfinished and too large", "data:" + x(limit+1), 0, true},
		{"data of two lines", "data: " + x(50) + "\ndata: " + x(49) + "\n\n", 1, false},
		{"data of two lines, too large", "data: " + x(50) + "\ndata: " + x(50) + "\n\n", 0, true},
		{"empty lines", strings.Repeat("data\n", limit+1) + "\n", 1, false},
		{"empty lines, too large", strings.Repeat("data\n", limit+2) + "\n", 0, true},
		{"a line that begins as data", "data:" + x(limit) + "\ndatabase\n\n", 1, false},
		{"each event begins anew", strings.Repeat("data: "+x(limit)+"\n\n", 3), 3, false},
		{"heartbeats", strings.Repeat(":"+x(limit)+"\n\n\n", 50) + "data:x\n\n", 1, false},
		{"comments in an event", "data:" + x(limit) + "\n" + strings.Repeat(": "+x(limit)+"\n", 9) + "\n", 1, false},
		{"comment, too large", "data:a\n\n: " + x(limit+1) + "\n", 1, true},
		{"type", "event: " + x(limit) + "\ndata:x\n\n", 1, false},
		{"type, too large", "event: " + x(limit+1) + "\ndata:x\n\n", 0, true},
		{"ID", "id: " + x(limit) + "\ndata:x\n\n", 1, false},
		{"ID, too large", "id: " + x(limit+1) + "\ndata:x\n\n", 0, true},
		{"unknown", x(limit) + "\ndata:x\n\n", 1, false},
		{"unknown, too large", x(limit+1) + "\ndata:x\n\n", 0, true},
		{"unknown field, too large", "foo:" + x(limit), 0, true},
		{"U+FFFD is longer", "data:" + strings.Repeat("\xFF", limit/3) + "\n\n", 1, false},
		{"U+FFFD is longer, too large", "data:" + strings.Repeat("\xFF", limit/3+1) + "\n\n", 0, true},
		{"after the failure", "data:" + x(limit+1) + "\n\ndata:a\n\n", 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			for cutting, chunks := range cuttings(test.body) {
				d := sse.NewDecoder(limit, nil)
				got, err := decode(d, bodyOf(chunks))
				require.Len(t, got, test.events, cutting)
				if !test.fails {
					require.Equal(t, io.EOF, err, cutting)
					continue
				}
				require.Equal(t, sse.ErrTooLarge, err, cutting)
				_, err = d.Next()
				require.Equal(t, sse.ErrTooLarge, err, cutting)
			}
		})
	}
}

func TestATinyLimitDoesNotMindTheNameOfAField(t *testing.T) {
	for cutting, chunks := range cuttings(bom + "event:a\ndata: b\nretry:1\nid:c\n\n") {
		got, err := decode(sse.NewDecoder(1, nil), bodyOf(chunks))
		require.Equal(t, io.EOF, err, cutting)
		require.Equal(t, []event{{"a", "b", "c"}}, got, cutting)
	}
}

// endlessLine never ends a line.
type endlessLine struct{ read int }

func (e *endlessLine) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += len(p)
	return len(p), nil
}

func TestAnEndlessLineIsNotHeld(t *testing.T) {
	for _, begin := range []string{"", "data:", ":", "id:", "data:" + strings.Repeat("y", limit) + "\n:"} {
		line := &endlessLine{}
		d := sse.NewDecoder(limit, nil)
		_, err := decode(d, io.MultiReader(strings.NewReader(begin), line))
		require.Equal(t, sse.ErrTooLarge, err)
		require.LessOrEqual(t, line.read, 2*limit+8<<10)
		require.LessOrEqual(t, d.Held(), 2*limit+8<<10)
	}
}

func TestMemoryShrinksAfterAGiant(t *testing.T) {
	x := strings.Repeat("x", limit-10)
	for name, giant := range map[string]string{
		"data": "data:" + x + "\n\n", "lines": "data:" + x[:limit/2] + "\ndata:" + x[:limit/3] + "\n\n",
		"comment": ":" + x + "\n\n", "invalid": "data:\xFF" + x + "\n\n",
	} {
		for _, after := range []string{"data:a\n\n", ":\n\n"} {
			t.Run(name, func(t *testing.T) {
				d := sse.NewDecoder(limit, nil)
				_, err := decode(d, bodyOf([]string{giant, after, after, after, after, after, after}))
				require.Equal(t, io.EOF, err)
				require.LessOrEqual(t, d.Held(), 5<<10)
			})
		}
	}
}

func TestMemoryStaysForOneGiantAfterTheOther(t *testing.T) {
	giant := "data: " + strings.Repeat("x", limit-10) + "\n\n"
	d := sse.NewDecoder(limit, nil)
	d.Reset(&endless{event: []byte(giant)})
	require.Zero(t, testing.AllocsPerRun(20, func() { _, _ = d.Next() }))
}
