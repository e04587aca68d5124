package sink

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/launchdarkly/eventsource"
)

// frame is an event as it goes over the wire.
type frame struct {
	number uint64
	id     string
	wire   []byte
}

// frame encodes an item of the stream, under the next number.
func (h *Handler[T]) frame(v T) (frame, error) {
	id := oneLine(h.config.ID(v))
	wire, err := h.config.encode(id, v)
	if err != nil {
		return frame{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	return frame{number: h.last, id: id, wire: wire}, nil
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

// The encoder of launchdarkly/eventsource puts an LF of data on a line of its own and writes a CR as it is, which a
// client takes for the end of a line: what follows it could forge a field or an event. So no CR gets there; and in an
// ID or a type no LF or NUL either, which would end it there, or make the client ignore it.
var (
	normalLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	noBreaks    = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")
)

func lines(data []byte) string { return normalLines.Replace(string(data)) }

func oneLine(field string) string { return noBreaks.Replace(field) }

func encodeJSON[T any](v T) ([]byte, error) { return json.Marshal(v) }

// numbered returns a function that counts, with a prefix that no other has.
func numbered[T any]() func(T) string {
	prefix, n := rand.Text()[:8], 0
	return func(T) string {
		n++
		return fmt.Sprintf("%s-%d", prefix, n)
	}
}
