package sse_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rivulet-go/rivulet/internal/sse"
)

// endless repeats an event without end, as full reads.
type endless struct {
	event []byte
	at    int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		c := copy(p[n:], e.event[e.at:])
		e.at = (e.at + c) % len(e.event)
		n += c
	}
	return n, nil
}

// scanLines is the limit for the decoder: it reads the same bytes and only finds the ends of n events, in a buffer that is
// large enough.
func scanLines(src *endless, buffer []byte, n int) error {
	from, to, lineFrom := 0, 0, 0
	for n > 0 {
		i := bytes.IndexByte(buffer[from:to], '\n')
		if i < 0 {
			to = copy(buffer, buffer[lineFrom:to])
			from, lineFrom = to, 0
			m, err := src.Read(buffer[to:])
			if err != nil {
				return err
			}
			to += m
			continue
		}
		if from+i == lineFrom {
			n--
		}
		from += i + 1
		lineFrom = from
	}
	return nil
}

const visitor = "event: visitor\n" +
	`data: {"name":"United Kingdom","flag":"🇬🇧","code":"GB","timestamp":1700000000000}` + "\n\n"

var benchEvents = []struct{ name, event string }{
	{"visitor", visitor},
	{"16B", "data: 12345678\n\n"},
	{"1KiB", "data: " + strings.Repeat("x", 1<<10-8) + "\n\n"},
	{"64KiB", "data: " + strings.Repeat("x", 64<<10-8) + "\n\n"},
	{"1MiB", "data: " + strings.Repeat("x", 1<<20-8) + "\n\n"},
	{"100000_lines", strings.Repeat("data: 0123456789\n", 100_000) + "\n"},
	{"CRLF", strings.ReplaceAll(visitor, "\n", "\r\n")},
	{"CR", strings.ReplaceAll(visitor, "\n", "\r")},
	{"1MiB_umlaut", "data: Ä" + strings.Repeat("x", 1<<20-10) + "\n\n"},
	{"German", "data: " + strings.Repeat("Falsches Üben von Xylophonmusik quält jeden größeren Zwerg. ", 10) + "\n\n"},
	{"ids", "id: 1\nevent: visitor\n" + `data: {"name":"United Kingdom"}` + "\n\n"},
}

func BenchmarkDecoder(b *testing.B) {
	for _, bench := range benchEvents {
		b.Run(bench.name, func(b *testing.B) {
			d := sse.NewDecoder(16<<20, nil)
			d.Reset(&endless{event: []byte(bench.event)})
			b.SetBytes(int64(len(bench.event)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLineScan is the limit for BenchmarkDecoder.
func BenchmarkLineScan(b *testing.B) {
	for _, bench := range benchEvents {
		if strings.Contains(bench.event, "\r") {
			continue
		}
		b.Run(bench.name, func(b *testing.B) {
			src := &endless{event: []byte(bench.event)}
			buffer := make([]byte, max(4<<10, 2*len(bench.event)))
			b.SetBytes(int64(len(bench.event)))
			b.ResetTimer()
			if err := scanLines(src, buffer, b.N); err != nil {
				b.Fatal(err)
			}
		})
	}
}
