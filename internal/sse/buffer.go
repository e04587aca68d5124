package sse

import (
	"bytes"
	"io"
)

// buffer cuts what it reads into lines. One slice holds all: the data of the event under way, and behind it the
// bytes that are not parsed yet. A data line becomes data by moving its value down to the end of the data, where the
// lines parsed have left room; the first one stays where it is.
type buffer struct {
	src io.Reader
	err error // the error of src, met

	held             []byte
	max              int // the most that held may be
	dataFrom, dataTo int
	hasData          bool
	from, to         int // what is not parsed

	lf, cr int  // the first of each in the line read last or after it, or to; so no byte is searched twice
	skipLF bool // a line has ended with a CR and the bytes read: an LF belongs to it

	ended   bool // since the latest read an event or a comment has ended
	largest int  // the most data that an event has had since then
	usage   usage
}

const (
	minSize = 4 << 10
	minRead = 512
)

// maxSize is the size that the buffer may grow to: for the data of an event and a line, either of limit bytes, and to
// read on.
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

// line returns the next line, without its end. whole is false when its end has not been read.
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

// lineEnd is where the line read last has ended.
func (b *buffer) lineEnd() int { return min(b.lf, b.cr) }

// find returns where c is, from position on, or the end of what has been read.
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

// appendData adds a value, which is the end of the line read last, to the data.
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

// fail ends the body: what is not parsed is forgotten, and every further read fails with err.
func (b *buffer) fail(err error) error {
	b.err = err
	b.from = b.to
	return err
}

// fill reads once, as much as comes.
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

// makeRoom sees to it that there is room for at least one byte, and most times for minRead. What is moved in place is
// no more than what was parsed since the move before, and the buffer doubles when it grows, so that the moves take
// linear time in all.
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

// moveTo moves what is pending to the front of a slice, which may be the present one.
func (b *buffer) moveTo(held []byte) {
	b.dataTo = copy(held, b.held[b.dataFrom:b.dataTo])
	b.dataFrom = 0
	n := copy(held[b.dataTo:], b.held[b.from:b.to])
	b.from, b.to = b.dataTo, b.dataTo+n
	b.lf, b.cr = b.to, b.to
	b.held = held
}

// usage tells when a buffer has become much too large.
type usage struct {
	peak  int // the most that was needed between the ends of two events, lately
	rests int // how many of these there were in a row that needed little
}

// note takes in that so much of the buffer was needed, and returns the size that the buffer should have at most.
// ended says that an event or a comment has ended since the time before.
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
