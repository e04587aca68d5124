package bench

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/launchdarkly/eventsource"
	r3labs "github.com/r3labs/sse/v2"
	gosse "github.com/tmaxmax/go-sse"

	"github.com/rivulet-go/rivulet/internal/sse"
)

const visitorEvent = "event: visitor\n" +
	`data: {"name":"United Kingdom","flag":"🇬🇧","code":"GB","timestamp":1700000000000}` + "\n\n"

// BenchmarkDecode reads a stream of events from memory. The checksum is their number.
func BenchmarkDecode(b *testing.B) {
	for _, c := range []struct{ name, event string }{
		{"16B", "data: 12345678\n\n"},
		{"visitor", visitorEvent},
		{"4KiB", "data: " + strings.Repeat("x", 4<<10-8) + "\n\n"},
		{"1MiB", "data: " + strings.Repeat("x", 1<<20-8) + "\n\n"},
		{"1000-lines", strings.Repeat("data: 0123456789\n", 1000) + "\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			n := max(4<<20/len(c.event), 64) // many enough that what a buffer costs at first does not count
			stream := []byte(strings.Repeat(c.event, n))
			race(b, n, "event",
				limit(func() int { return blankLines(stream) }),
				rivulet(func() int { return decoded(stream) }),
				by("go-sse", func() int { return decodedGoSSE(stream) }),
				by("launchdarkly", func() int { return decodedLaunchDarkly(stream) }),
				by("r3labs", func() int { return decodedR3labs(stream) }),
			)
		})
	}
}

// blankLines is the limit: it reads the bytes, in pieces of 4 KiB, finds all line ends and counts the lines that are
// empty.
func blankLines(stream []byte) (n int) {
	lines := bufio.NewReaderSize(bytes.NewReader(stream), 4<<10)
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case err == io.EOF:
			return n
		case len(line) == 1:
			n++
		}
	}
}

func decoded(stream []byte) (n int) {
	d := sse.NewDecoder(16<<20, nil)
	d.Reset(bytes.NewReader(stream))
	for {
		if _, err := d.Next(); err != nil {
			return n
		}
		n++
	}
}

func decodedGoSSE(stream []byte) (n int) {
	for _, err := range gosse.Read(bytes.NewReader(stream), &gosse.ReadConfig{MaxEventSize: 16 << 20}) {
		if err != nil {
			panic(err)
		}
		n++
	}
	return n
}

func decodedLaunchDarkly(stream []byte) (n int) {
	d := eventsource.NewDecoder(bytes.NewReader(stream))
	for {
		if _, err := d.Decode(); err == io.EOF {
			return n
		} else if err != nil {
			panic(err)
		}
		n++
	}
}

// decodedR3labs only cuts the stream into events: what reads their fields is not exported.
func decodedR3labs(stream []byte) (n int) {
	r := r3labs.NewEventStreamReader(bytes.NewReader(stream), 16<<20)
	for {
		if _, err := r.ReadEvent(); err != nil {
			return n
		}
		n++
	}
}
