package sse

import (
	"encoding/binary"
	"unicode/utf8"
)

// valid is utf8.Valid, but faster when most is ASCII: it takes that away at the begin, and at the end up to 64 bytes
// of it, since long data is read faster forwards.
func valid(b []byte) bool {
	rest := b[:len(b):len(b)] // without spare capacity, and cut while some is left: the least arithmetic
	for len(rest) > 32 && ascii32(rest) {
		rest = rest[32:]
	}
	from := len(b) - len(rest)
	for range 8 {
		if len(b) < 8 || !ascii8(b[len(b)-8:]) {
			break
		}
		if b = b[:len(b)-8]; len(b) <= from {
			return true
		}
	}
	return utf8.Valid(b[from:])
}

// ascii8 and ascii32 report whether the first bytes are ASCII: none has its highest bit set.
func ascii8(b []byte) bool { return word(b)&high == 0 }

func ascii32(b []byte) bool { return (word(b)|word(b[8:])|word(b[16:])|word(b[24:]))&high == 0 }

const high = 0x8080808080808080

func word(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }

// appendValid appends src with each maximal subpart of an invalid sequence replaced by one U+FFFD, as the WHATWG
// Encoding standard decodes. (The Go library replaces either every byte of it or a whole run.) It stops when dst is
// longer than limit.
func appendValid(dst, src []byte, limit int) []byte {
	for len(src) > 0 && len(dst) <= limit {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			size = subpart(src)
		}
		dst = utf8.AppendRune(dst, r)
		src = src[size:]
	}
	return dst
}

// subpart returns the length of the maximal subpart at the begin of src, which is not valid: the longest begin of a
// sequence that could have become valid, or one byte. Unicode 16, table 3-7, has the ranges.
func subpart(src []byte) int {
	var length int
	switch lead := src[0]; {
	case lead >= 0xC2 && lead <= 0xDF:
		length = 2
	case lead >= 0xE0 && lead <= 0xEF:
		length = 3
	case lead >= 0xF0 && lead <= 0xF4:
		length = 4
	default:
		return 1
	}
	low, high := secondByte(src[0])
	n := 1
	for n < min(length, len(src)) && src[n] >= low && src[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}

// secondByte is the range of the byte after lead.
func secondByte(lead byte) (low, high byte) {
	switch lead {
	case 0xE0:
		return 0xA0, 0xBF
	case 0xED:
		return 0x80, 0x9F
	case 0xF0:
		return 0x90, 0xBF
	case 0xF4:
		return 0x80, 0x8F
	default:
		return 0x80, 0xBF
	}
}
