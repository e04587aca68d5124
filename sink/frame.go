package sink

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/launchdarkly/eventsource"
)

// frame is an event as it goes over the wire.
type frame[T any] struct {
	id    string
	wire  []byte
	value T
}

// encoder encodes items. Consecutive frames are adjacent in memory if possible, so that several are written at once.
type encoder[T any] struct {
	config *settings[T]
	block  []byte // the last frames; its capacity is for the next ones
	writer *eventsource.Encoder
	event  event
}

func newEncoder[T any](config *settings[T]) *encoder[T] {
	e := &encoder[T]{config: config}
	e.writer = eventsource.NewEncoder(e, false)
	return e
}

// Frames share blocks of this size in bytes. The first blocks are small, for handlers with few events. One write has at
// most the bytes of a block, or one event that is larger.
const (
	smallBlock = 1 << 10
	blockSize  = 32 << 10
)

// frame encodes an item of the stream.
func (e *encoder[T]) frame(v T) (*frame[T], error) {
	// The ID comes back in a header, which has no space at its ends.
	id := textproto.TrimString(oneLine(e.config.ID(v)))
	wire, err := e.encode(id, v)
	return &frame[T]{id, wire, v}, err
}

// greeting returns the bytes that every client gets first. It panics in the name of the given function.
func (s *settings[T]) greeting(function string) (wire []byte) {
	if s.Retry > 0 {
		wire = fmt.Appendf(wire, "retry: %d\n\n", s.Retry.Milliseconds())
	}
	e := newEncoder(s)
	for _, v := range s.Greeting {
		event, err := e.encode("", v)
		if err != nil {
			panic(function + ": Config.Greeting: " + err.Error())
		}
		wire = append(wire, event...)
	}
	return wire
}

// encode returns an item on the wire.
func (e *encoder[T]) encode(id string, v T) ([]byte, error) {
	data, err := e.config.Encode(v)
	if err != nil {
		return nil, fmt.Errorf("rivulet: encoding a %T to publish it: %w", v, err)
	}
	e.event = event{id: id, typ: oneLine(e.config.Type(v)), data: lines(data)}
	const syntax = 32 // bytes, of an event whose data is one line
	if size := len(id) + len(e.event.typ) + len(e.event.data) + syntax; size > cap(e.block)-len(e.block) {
		e.block = make([]byte, 0, max(size, min(2*cap(e.block), blockSize), smallBlock))
	}
	begin := len(e.block)
	err = e.writer.Encode(&e.event)
	return e.block[begin:], err
}

// Write appends to the block. It is for the encoder of launchdarkly/eventsource.
func (e *encoder[T]) Write(p []byte) (int, error) {
	e.block = append(e.block, p...)
	return len(p), nil
}

// WriteString is like Write.
func (e *encoder[T]) WriteString(s string) (int, error) {
	e.block = append(e.block, s...)
	return len(s), nil
}

// joined returns the bytes of the first n frames, n being the number of those that lie one behind the other in memory.
func joined[T any](frames []*frame[T]) (wire []byte, n int) {
	wire = frames[0].wire
	for n = 1; n < len(frames); n++ {
		next := frames[n].wire
		end := len(wire)
		if cap(wire) == end || &wire[:end+1][end] != &next[0] {
			break
		}
		wire = wire[:end+len(next)]
	}
	return wire, n
}

// event is an eventsource.Event.
type event struct{ id, typ, data string }

func (e *event) Id() string    { return e.id } //nolint:revive // the name is that of the interface
func (e *event) Event() string { return e.typ }
func (e *event) Data() string  { return e.data }

// normalLines replaces each end of a line by LF, for the encoder of launchdarkly/eventsource. That begins a new line of
// data after an LF but writes a CR as it is. A client takes a CR for the end of a line, so that the text after it could
// forge a field or an event.
var normalLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func lines(data []byte) string {
	text := valid(string(data))
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return normalLines.Replace(text)
}

// oneLine returns an ID or a type with spaces for control characters. CR and LF would end it, with a NUL a client
// ignores an ID, and the others are not allowed in the header in which a client sends the ID.
func oneLine(field string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\t' || c == 0x7F {
			return ' '
		}
		return c
	}, valid(field))
}

// valid returns text as a client reads it: a stream is UTF-8.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// encode is the default of Config.Encode.
func encode[T any](v T) ([]byte, error) {
	switch data := any(v).(type) {
	case string:
		return []byte(data), nil
	case []byte:
		return data, nil
	}
	return json.Marshal(v)
}

// numbered returns a function that returns consecutive IDs with a random prefix, and the ID before the first one.
func numbered[T any]() (origin string, next func(T) string) {
	prefix, n := rand.Text()[:8]+"-", 0
	return prefix + "0", func(T) string {
		n++
		return prefix + strconv.Itoa(n)
	}
}
