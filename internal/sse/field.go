package sse

import (
	"bytes"
	"math"
	"time"
)

// field is the name of a field.
type field int

const (
	fieldUnknown field = iota
	fieldComment       // a field without a name
	fieldData
	fieldEvent
	fieldID
	fieldRetry
)

// longest is the length of the longest known name.
const longest = len("event")

// split returns the field and the value of a line; the value of an unknown field is the whole line. It looks only at the
// first bytes, so that the beginning of a line, if longer than longest, gives the same field and the beginning of the
// value.
func split(line []byte) (field, []byte) {
	switch n := len(line); {
	case n >= 5 && string(line[:5]) == "data:":
		return fieldData, withoutSpace(line[5:])
	case n >= 6 && string(line[:6]) == "event:":
		return fieldEvent, withoutSpace(line[6:])
	case n >= 3 && string(line[:3]) == "id:":
		return fieldID, withoutSpace(line[3:])
	case n >= 6 && string(line[:6]) == "retry:":
		return fieldRetry, withoutSpace(line[6:])
	case n >= 1 && line[0] == ':':
		return fieldComment, withoutSpace(line[1:])
	}
	switch string(line) { // without a value, the colon may be missing
	case "data":
		return fieldData, nil
	case "event":
		return fieldEvent, nil
	case "id":
		return fieldID, nil
	case "retry":
		return fieldRetry, nil
	default:
		return fieldUnknown, line
	}
}

func withoutSpace(value []byte) []byte {
	if len(value) > 0 && value[0] == ' ' {
		return value[1:]
	}
	return value
}

func withoutBOM(line []byte) []byte { return bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF")) }

// parseRetry reads a number of milliseconds, which is nothing but ASCII digits.
func parseRetry(value []byte) (t time.Duration, ok bool) {
	for _, c := range value {
		if c < '0' || c > '9' {
			return 0, false
		}
		t = min(10*t+time.Duration(c-'0')*time.Millisecond, MaxRetry)
	}
	return t, len(value) > 0
}

// names keeps the strings of type names, so that a name that occurs again costs no allocation. It keeps at most maxNames
// names of at most maxNameLen bytes.
type names struct {
	last string
	seen map[string]string
}

const (
	maxNames   = 64
	maxNameLen = 64
)

func (n *names) get(value []byte) string {
	if string(value) == n.last {
		return n.last
	}
	name, known := n.seen[string(value)]
	if !known {
		name = text(value)
		if len(value) > maxNameLen || len(n.seen) == maxNames {
			return name
		}
		if n.seen == nil {
			n.seen = make(map[string]string)
		}
		n.seen[string(value)] = name
	}
	n.last = name
	return name
}

// text returns a value as a string in which invalid UTF-8 is replaced.
func text(value []byte) string {
	if valid(value) {
		return string(value)
	}
	return string(appendValid(nil, value, math.MaxInt))
}
