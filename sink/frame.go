package sink

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/textproto"
	"strings"

	"github.com/launchdarkly/eventsource"
)

// frame is an event as it goes over the wire.
type frame struct {
	id   string
	wire []byte
}

// frame encodes an item of the stream.
func (c *Config[T]) frame(v T) (frame, error) {
	// The ID comes back in a header, which has no space at its ends.
	id := textproto.TrimString(oneLine(c.ID(v)))
	wire, err := c.encode(id, v)
	return frame{id: id, wire: wire}, err
}

// encode is an item on the wire.
func (c *Config[T]) encode(id string, v T) ([]byte, error) {
	data, err := c.Encode(v)
	if err != nil {
		return nil, fmt.Errorf("rivulet: encoding a %T to publish it: %w", v, err)
	}
	var wire bytes.Buffer
	err = eventsource.NewEncoder(&wire, false).Encode(event{id: id, typ: oneLine(c.Type(v)), data: lines(data)})
	return wire.Bytes(), err
}

// event is an eventsource.Event.
type event struct{ id, typ, data string }

func (e event) Id() string    { return e.id } //nolint:revive // the name is that of the interface
func (e event) Event() string { return e.typ }
func (e event) Data() string  { return e.data }

// normalLines keeps CRs from the encoder of launchdarkly/eventsource. It puts what follows an LF in data on a line of
// its own, but writes a CR as it is, which a client takes for the end of a line: what follows it could forge a field or
// an event.
var normalLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func lines(data []byte) string { return normalLines.Replace(valid(string(data))) }

// oneLine is an ID or a type without the characters that would end it, that make a client ignore it (NUL), or that no
// header may have, in which the ID comes back.
func oneLine(field string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\t' || c == 0x7F {
			return ' '
		}
		return c
	}, valid(field))
}

// valid is text as a client will read it: a stream is UTF-8.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func encodeJSON[T any](v T) ([]byte, error) { return json.Marshal(v) }

// numbered returns a function that counts, with a prefix that no other has.
func numbered[T any]() func(T) string {
	prefix, n := rand.Text()[:8], 0
	return func(T) string {
		n++
		return fmt.Sprintf("%s-%d", prefix, n)
	}
}
