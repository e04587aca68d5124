// Package sse decodes Server-Sent Events, as the WHATWG HTML standard, section "Interpreting an event stream", has it:
// bytes in, events out, without waiting for a byte that an event does not need.
package sse

import (
	"bytes"
	"errors"
	"io"
	"time"
)

// ErrTooLarge says that the data of one event, or the value of one line, is longer than the limit.
var ErrTooLarge = errors.New("sse: an event or a line is longer than the limit")

// MaxRetry is the longest reconnection time: what a server sets beyond it counts as this, so that no sum overflows.
const MaxRetry = 24 * time.Hour

// Event is one dispatched event.
type Event struct {
	ID   string // the last event ID
	Type string // "message" when the server names none
	Data []byte
}

// Decoder reads the events of one body after the other. It is not for concurrent use.
//
// All bytes are looked at a fixed number of times, whatever the pieces in which they come. The decoder holds the data
// of the event under way and the line under way, both within the limit, in one buffer, which begins with 4 KiB, grows
// as needed and shrinks again. An event costs no allocation, but for an ID or a type that is new.
type Decoder struct {
	buffer
	limit     int
	onComment func(text string)

	first  bool   // the line that comes is the first of the body
	event  Event  // under way
	lastID string // its ID, as it was at the latest blank line
	types  names
	retry  time.Duration // negative when none was set
	fixed  []byte        // the data of an event, with its invalid UTF-8 replaced
}

// NewDecoder returns a decoder for events and lines of up to limit bytes. onComment, which may be nil, is called in
// Next with each comment. Reset gives it something to read.
func NewDecoder(limit int, onComment func(text string)) *Decoder {
	return &Decoder{
		buffer:    buffer{max: maxSize(limit)},
		limit:     limit,
		onComment: onComment,
		retry:     -1,
	}
}

// Reset begins a new body. What was left of the former one is forgotten, but for the last event ID and the
// reconnection time.
func (d *Decoder) Reset(src io.Reader) {
	d.reset(src)
	d.first = true
	d.event = Event{ID: d.lastID}
}

// LastEventID returns the last event ID of the stream.
func (d *Decoder) LastEventID() string { return d.lastID }

// SetLastEventID sets the last event ID. It counts from the next Reset on.
func (d *Decoder) SetLastEventID(id string) { d.lastID = id }

// Retry returns the reconnection time that the server has set latest, MaxRetry at most, and whether it has.
func (d *Decoder) Retry() (time.Duration, bool) { return max(d.retry, 0), d.retry >= 0 }

// Next returns the next event. It is the decoder's own, and valid until Next is called again. Next fails with the
// error of the reader, so with io.EOF at the end of the body, where an unfinished event is forgotten, and with
// ErrTooLarge.
func (d *Decoder) Next() (*Event, error) {
	d.dropData()
	d.event.Type = ""
	for {
		line, whole := d.line()
		if !whole {
			if err := d.more(); err != nil {
				return nil, err
			}
			continue
		}
		if d.first {
			d.first = false
			line = withoutBOM(line)
		}
		if len(line) > 0 {
			if err := d.parse(line); err != nil {
				return nil, err
			}
			continue
		}
		d.ended, d.lastID = true, d.event.ID
		if d.hasData {
			return d.dispatch()
		}
		d.event.Type = ""
	}
}

// more reads on, unless what there is of the line is too long already.
func (d *Decoder) more() error {
	line := d.unparsed()
	if d.first {
		line = withoutBOM(line)
	}
	if len(line) > longest {
		if name, value := split(line); !d.fits(name, value) {
			return d.fail(ErrTooLarge)
		}
	}
	if cap(d.fixed) > minSize {
		d.fixed = nil
	}
	return d.fill()
}

func (d *Decoder) fits(name field, value []byte) bool {
	size := len(value)
	if name == fieldData && d.hasData {
		size += d.dataTo - d.dataFrom + len("\n")
	}
	return size <= d.limit
}

// parse takes in a line that is not blank.
func (d *Decoder) parse(line []byte) error {
	name, value := split(line)
	if !d.fits(name, value) {
		return d.fail(ErrTooLarge)
	}
	switch name {
	case fieldData:
		d.appendData(value)
	case fieldEvent:
		d.event.Type = d.types.get(value)
	case fieldID:
		if string(value) != d.event.ID && bytes.IndexByte(value, 0) < 0 {
			d.event.ID = text(value)
		}
	case fieldRetry:
		if t, ok := parseRetry(value); ok {
			d.retry = t
		}
	case fieldComment:
		d.ended = true
		if d.onComment != nil {
			d.onComment(text(value))
		}
	}
	return nil
}

// dispatch ends the event under way, which has data.
func (d *Decoder) dispatch() (*Event, error) {
	if d.event.Type == "" {
		d.event.Type = "message"
	}
	data := d.data()
	d.largest = max(d.largest, len(data))
	if !valid(data) {
		d.fixed = appendValid(d.fixed[:0], data, d.limit)
		data = d.fixed
		if len(data) > d.limit {
			return nil, d.fail(ErrTooLarge)
		}
	}
	d.event.Data = data
	return &d.event, nil
}
