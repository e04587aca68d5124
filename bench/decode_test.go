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

const (
	visitorData  = `{"name":"United Kingdom","flag":"🇬🇧","code":"GB","timestamp":1700000000000}`
	visitorEvent = "event: visitor\ndata: " + visitorData + "\n\n"
)

// BenchmarkDecode reads a stream of events from memory. The checksum is the length of all their data.
//
// Rivulet lends the data as bytes, which are valid until the next event and go into a JSON decoder as they are; go-sse
// and launchdarkly return it as a string, which costs an allocation but may be kept. rivulet-string returns a string,
// too. Only Rivulet looks for invalid UTF-8.
func BenchmarkDecode(b *testing.B) {
	for _, c := range []struct{ name, before, data string }{
		{"16B", "", "12345678"},
		{"visitor", "event: visitor\n", visitorData},
		{"4KiB", "", strings.Repeat("x", 4<<10-8)},
		{"1MiB", "", strings.Repeat("x", 1<<20-8)},
		{"1000-lines", "", strings.Repeat("0123456789\n", 999) + "0123456789"},
	} {
		b.Run(c.name, func(b *testing.B) {
			event := c.before + "data: " + strings.ReplaceAll(c.data, "\n", "\ndata: ") + "\n\n"
			n := max(4<<20/len(event), 64) // many enough that what a buffer costs at first does not count
			stream := []byte(strings.Repeat(event, n))
			race(b, n, "event",
				limit(func() int { return blankLines(stream) * len(c.data) }),
				rivulet(func() int { return decoded(stream) }),
				by("rivulet-string", func() int { return decodedStrings(stream) }),
				by("go-sse", func() int { return decodedGoSSE(stream) }),
				by("launchdarkly", func() int { return decodedLaunchDarkly(stream) }),
				by("r3labs", func() int { return decodedR3labs(stream) * len(c.data) }),
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

func decoded(stream []byte) (total int) {
	d := sse.NewDecoder(16<<20, nil)
	d.Reset(bytes.NewReader(stream))
	for {
		e, err := d.Next()
		if err != nil {
			return total
		}
		total += len(e.Data)
	}
}

// kept keeps the compiler from leaving out a string that is not read.
var kept string

func decodedStrings(stream []byte) (total int) {
	d := sse.NewDecoder(16<<20, nil)
	d.Reset(bytes.NewReader(stream))
	for {
		e, err := d.Next()
		if err != nil {
			return total
		}
		kept = string(e.Data)
		total += len(kept)
	}
}

func decodedGoSSE(stream []byte) (total int) {
	for e, err := range gosse.Read(bytes.NewReader(stream), &gosse.ReadConfig{MaxEventSize: 16 << 20}) {
		if err != nil {
			panic(err)
		}
		total += len(e.Data)
	}
	return total
}

func decodedLaunchDarkly(stream []byte) (total int) {
	d := eventsource.NewDecoder(bytes.NewReader(stream))
	for {
		e, err := d.Decode()
		if err == io.EOF {
			return total
		} else if err != nil {
			panic(err)
		}
		total += len(e.Data())
	}
}

// decodedR3labs counts the events. The exported API only cuts the stream into events and does not read their fields.
func decodedR3labs(stream []byte) (n int) {
	r := r3labs.NewEventStreamReader(bytes.NewReader(stream), 16<<20)
	for {
		if _, err := r.ReadEvent(); err != nil {
			return n
		}
		n++
	}
}
