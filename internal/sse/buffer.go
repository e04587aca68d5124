package sse

import (
	"bytes"
	"io"
)

// buffer splits what it reads into lines. One slice holds the data of the current event and, behind it, the bytes that are
// not parsed yet. The value of a data line is moved down to the end of the data, into the room that parsed lines have left;
// the first value stays where it is.
type buffer struct {
	src io.Reader
	err error // that src has returned

	held             []byte
	max              int // the largest length of held
	dataFrom, dataTo int
	hasData          bool
	from, to         int // the bytes that are not parsed

	lf, cr int  // the first of each in the last line or after it, or to; so no byte is searched twice
	skipLF bool // the bytes read end with the CR of a line, to which a following LF belongs

	ended   bool // an event or a comment has ended since the last read
	largest int  // the size of the largest data of an event since then
	usage   usage
}

const (
	minSize = 4 << 10
	minRead = 512
)

// maxSize returns the size to which the buffer may grow: the data of an event and a line, each of limit bytes, and some
// bytes to read.
func maxSize(limit int) int {
	const half = int(^uint(0)>>2) - minSize
	return 2*min(limit, half) + minSize
}

func (b *buffer) reset(src io.Reader) {
	b.src, b.err = src, nil
	b.from, b.to, b.lf, b.cr = 0, 0, 0, 0
	b.skipLF = false
	b.dropData()
}

// line returns the next line, without its end. whole is false if its end has not been read.
func (b *buffer) line() (line []byte, whole bool) {
	if b.skipLF && b.from < b.to {
		b.skipLF = false
		if b.held[b.from] == '\n' {
			b.from++
		}
	}
	start := b.from
	if b.lf < start {
		b.lf = b.find('\n', start)
	}
	if b.cr < start {
		b.cr = b.find('\r', start)
	}
	end := b.lineEnd()
	if end == b.to {
		return nil, false
	}
	b.from = end + 1
	if end == b.cr {
		b.skipLF = b.from == b.to
		if b.lf == b.from && !b.skipLF {
			b.from++
		}
	}
	return b.held[start:end], true
}

// lineEnd returns the position of the end of the last line.
func (b *buffer) lineEnd() int { return min(b.lf, b.cr) }

// find returns the first position of c from the given position on, or the end of the bytes read.
func (b *buffer) find(c byte, position int) int {
	if position == b.to || b.held[position] == c {
		return position
	}
	if i := bytes.IndexByte(b.held[position:b.to], c); i >= 0 {
		return position + i
	}
	return b.to
}

func (b *buffer) unparsed() []byte { return b.held[b.from:b.to] }

func (b *buffer) data() []byte { return b.held[b.dataFrom:b.dataTo:b.dataTo] }

func (b *buffer) dropData() { b.dataFrom, b.dataTo, b.hasData = 0, 0, false }

// appendData adds a value, which is the end of the last line, to the data.
func (b *buffer) appendData(value []byte) {
	if !b.hasData {
		b.hasData = true
		b.dataTo = b.lineEnd()
		b.dataFrom = b.dataTo - len(value)
		return
	}
	b.held[b.dataTo] = '\n'
	b.dataTo++
	b.dataTo += copy(b.held[b.dataTo:], value)
}

// fail ends the body: it drops the bytes that are not parsed, and every further read fails with err.
func (b *buffer) fail(err error) error {
	b.err = err
	b.from = b.to
	return err
}

// fill reads once.
func (b *buffer) fill() error {
	if b.err != nil {
		return b.err
	}
	b.makeRoom()
	const tries = 100
	for range tries {
		n, err := b.src.Read(b.held[b.to:])
		read := b.to
		b.to += n
		b.err = err
		if n > 0 {
			b.lf, b.cr = b.find('\n', read), b.find('\r', read)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return b.fail(io.ErrNoProgress)
}

// makeRoom makes room for at least one byte, and usually for minRead. It moves in place no more bytes than were parsed since
// the previous move, and doubles the buffer when that must grow, so that all moves together take linear time.
func (b *buffer) makeRoom() {
	size := len(b.held)
	pending := b.dataTo - b.dataFrom + b.to - b.from
	parsed := b.to - pending
	smaller := b.usage.note(size, max(pending, b.largest), b.ended)
	b.ended, b.largest = false, 0
	switch {
	case size == 0:
		b.held = make([]byte, minSize)
	case smaller < size:
		b.moveTo(make([]byte, smaller))
	case pending == 0 || parsed >= size/2:
		b.moveTo(b.held)
	case size-b.to < minRead && size < b.max:
		b.moveTo(make([]byte, min(2*size, b.max)))
	case size == b.to:
		b.moveTo(b.held)
	}
}

// moveTo moves the pending bytes to the front of a slice, which may be the current one.
func (b *buffer) moveTo(held []byte) {
	b.dataTo = copy(held, b.held[b.dataFrom:b.dataTo])
	b.dataFrom = 0
	n := copy(held[b.dataTo:], b.held[b.from:b.to])
	b.from, b.to = b.dataTo, b.dataTo+n
	b.lf, b.cr = b.to, b.to
	b.held = held
}

// usage finds out when a buffer has become much too large.
type usage struct {
	peak  int // the most bytes needed since the end of an event that needed many
	rests int // how many events in a row have needed few
}

// note records how many bytes of the buffer were needed, and returns the size that the buffer should have at most. ended
// says that an event or a comment has ended since the previous call.
func (u *usage) note(size, needed int, ended bool) int {
	const enough = 4
	u.peak = max(u.peak, needed)
	switch {
	case u.peak > size/8:
		u.rests = 0
		if ended {
			u.peak = needed
		}
		return size
	case ended:
		u.rests++
	}
	if u.rests < enough {
		return size
	}
	wanted := max(minSize, 4*u.peak)
	*u = usage{}
	return wanted
}
