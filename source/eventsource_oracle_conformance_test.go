package source_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oracle reads a whole body in the steps of the standards, one after the other and without regard to cost: "UTF-8
// decode" of the Encoding standard, then "Interpreting an event stream" of the HTML standard.
func oracle(body string) []string {
	text := strings.TrimPrefix(decodeUTF8(body), bom)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	var events []string
	data, typ, id := "", "", ""
	for _, line := range lines[:len(lines)-1] { // a text after the last line end is no line
		if line == "" {
			if data != "" {
				if typ == "" {
					typ = "message"
				}
				events = append(events, typ+"|"+strings.TrimSuffix(data, "\n")+"|"+id)
			}
			data, typ = "", ""
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case field == "data":
			data += value + "\n"
		case field == "event":
			typ = value
		case field == "id" && !strings.Contains(value, "\x00"):
			id = value
		}
	}
	return events
}

// decodeUTF8 is the state machine of the Encoding standard's UTF-8 decoder, which replaces errors.
func decodeUTF8(body string) string {
	var out strings.Builder
	char, seen, needed := rune(0), 0, 0
	lower, upper := byte(0x80), byte(0xBF)
	for i := 0; i < len(body); i++ {
		b := body[i]
		switch {
		case needed == 0:
			char, needed, lower, upper = leadByte(b)
			switch {
			case needed < 0:
				out.WriteRune('\uFFFD')
				needed = 0
			case needed == 0:
				out.WriteRune(char)
			}
		case b < lower || b > upper:
			out.WriteRune('\uFFFD')
			seen, needed = 0, 0
			i-- // this byte starts another sequence
		default:
			lower, upper = 0x80, 0xBF
			char = char<<6 | rune(b&0x3F)
			if seen++; seen == needed {
				out.WriteRune(char)
				seen, needed = 0, 0
			}
		}
	}
	if needed > 0 {
		out.WriteRune('\uFFFD')
	}
	return out.String()
}

// leadByte returns the bits of a first byte, how many bytes must follow (-1: it cannot be one), and in which range
// the next one must be.
func leadByte(b byte) (char rune, needed int, lower, upper byte) {
	lower, upper = 0x80, 0xBF
	switch {
	case b <= 0x7F:
		return rune(b), 0, lower, upper
	case b >= 0xC2 && b <= 0xDF:
		return rune(b & 0x1F), 1, lower, upper
	case b >= 0xE0 && b <= 0xEF:
		if b == 0xE0 {
			lower = 0xA0
		}
		if b == 0xED {
			upper = 0x9F
		}
		return rune(b & 0xF), 2, lower, upper
	case b >= 0xF0 && b <= 0xF4:
		if b == 0xF0 {
			lower = 0x90
		}
		if b == 0xF4 {
			upper = 0x8F
		}
		return rune(b & 0x7), 3, lower, upper
	default:
		return 0, -1, lower, upper
	}
}

// The table of cases says what the standards say.
func TestDecodingRowsAgreeWithTheOracle(t *testing.T) {
	for _, row := range decodingRows {
		require.Equal(t, row.want, oracle(whole(row.in)), row.name)
	}
}

// Streams of parts that are likely to go wrong together, cut at random, are read as the standards read them.
func TestDecodingAgreesWithTheOracle(t *testing.T) {
	parts := []string{
		"data", "data:", "data: ", "data:x", "event:", "event: e", "id", "id:", "id: 7", "retry:", "retry: 5", "other:", ":",
		"Data:", "a:b", "x", " ", "\t", "\x00", "\n", "\n", "\n\n", "\r", "\r\r", "\r\n", "\r\n\r\n", "\u0085", "\u2028",
		bom, "\xEF", "\xBB", "\xBF", "€", "\xE2\x82", "\xF0\x9F", "\x98\x80", "\xED\xA0\x80", "\xC0", "\xFF",
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range 5_000 {
		var in strings.Builder
		for range 1 + random.IntN(30) {
			in.WriteString(parts[random.IntN(len(parts))])
		}
		pieces := chop(in.String(), func() int { return 1 + random.IntN(12) })
		if len(pieces) == 0 {
			continue
		}
		if want, got := oracle(in.String()), readAll(t, pieces...); fmt.Sprint(want) != fmt.Sprint(got) {
			require.Equal(t, want, got, "stream %d, seed %d: %q", i, seed, in.String())
		}
	}
}
