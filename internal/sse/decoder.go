// Package sse decodes Server-Sent Events as the WHATWG HTML standard says, section "Interpreting an event stream". The
// decoder returns an event without waiting for a byte that the event does not need.
package sse

import (
	"bytes"
	"errors"
	"io"
	"time"
)

// ErrTooLarge is the error for data of one event, or a value of one line, that is longer than the limit.
var ErrTooLarge = errors.New("sse: an event or a line is longer than the limit")

// MaxRetry is the longest reconnection time. A longer one that a server sets counts as MaxRetry, so that no sum overflows.
const MaxRetry = 24 * time.Hour

// Event is one dispatched event.
type Event struct {
	ID   string // the last event ID
	Type string // "message" if the server names none
	Data []byte
}

// Decoder reads events, from one body after the other. It is not for concurrent use.
//
// It looks at each byte a fixed number of times, in whatever pieces the bytes come. It holds the data of the current event
// and the current line, both within the limit, in one buffer, which begins with 4 KiB, grows as needed and shrinks again.
// An event costs no allocation except for a new ID or type.
type Decoder struct {
	in        buffer
	limit     int
	onComment func(text string)

	first  bool   // the next line is the first of the body
	event  Event  // the current one
	lastID string // its ID, as it was at the latest blank line
	types  names
	retry  time.Duration // negative when none was set
	fixed  []byte        // the data of an event, with its invalid UTF-8 replaced
}

// NewDecoder returns a decoder for events and lines of up to limit bytes. Next calls onComment, which may be nil, for each
// comment. Call Reset before Next.
func NewDecoder(limit int, onComment func(text string)) *Decoder {
	return &Decoder{
		in:        buffer{max: maxSize(limit)},
		limit:     limit,
		onComment: onComment,
		retry:     -1,
	}
}

// Reset begins a new body. It drops what is left of the previous one, but keeps the last event ID and the reconnection
// time.
func (d *Decoder) Reset(src io.Reader) {
	d.in.reset(src)
	d.first = true
	d.event = Event{ID: d.lastID}
}

// LastEventID returns the last event ID of the stream.
func (d *Decoder) LastEventID() string { return d.lastID }

// SetLastEventID sets the last event ID. It takes effect at the next Reset.
func (d *Decoder) SetLastEventID(id string) { d.lastID = id }

// Retry returns the reconnection time that the server has set last, at most MaxRetry, and whether it has set one.
func (d *Decoder) Retry() (time.Duration, bool) { return max(d.retry, 0), d.retry >= 0 }

// Next returns the next event, which is valid until Next is called again. It fails with the error of the reader, which is
// io.EOF at the end of the body, and with ErrTooLarge. At the end of the body it drops an unfinished event.
func (d *Decoder) Next() (*Event, error) {
	d.in.dropData()
	d.event.Type = ""
	for {
		line, whole := d.in.line()
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
		d.in.ended, d.lastID = true, d.event.ID
		if d.in.hasData {
			return d.dispatch()
		}
		d.event.Type = ""
	}
}

// more reads further, unless the current line is too long already.
func (d *Decoder) more() error {
	line := d.in.unparsed()
	if d.first {
		line = withoutBOM(line)
	}
	if len(line) > longest {
		if name, value := split(line); !d.fits(name, value) {
			return d.in.fail(ErrTooLarge)
		}
	}
	if cap(d.fixed) > minSize {
		d.fixed = nil
	}
	return d.in.fill()
}

func (d *Decoder) fits(name field, value []byte) bool {
	size := len(value)
	if name == fieldData && d.in.hasData {
		size += len(d.in.data()) + len("\n")
	}
	return size <= d.limit
}

// parse handles a line that is not blank.
func (d *Decoder) parse(line []byte) error {
	name, value := split(line)
	if !d.fits(name, value) {
		return d.in.fail(ErrTooLarge)
	}
	switch name {
	case fieldData:
		d.in.appendData(value)
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
		d.in.ended = true
		if d.onComment != nil {
			d.onComment(text(value))
		}
	}
	return nil
}

// dispatch ends the current event, which has data.
func (d *Decoder) dispatch() (*Event, error) {
	if d.event.Type == "" {
		d.event.Type = "message"
	}
	data := d.in.data()
	d.in.largest = max(d.in.largest, len(data))
	if !valid(data) {
		d.fixed = appendValid(d.fixed[:0], data, d.limit)
		data = d.fixed
		if len(data) > d.limit {
			return nil, d.in.fail(ErrTooLarge)
		}
	}
	d.event.Data = data
	return &d.event, nil
}
