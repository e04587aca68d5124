package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// maxLine is the longest line in bytes. A longer one becomes several.
const maxLine = 64 << 10

// follow emits the lines of a file and those that are appended to it. At the end of the file it looks for more at
// regular intervals. It continues with a new file of that name, and at the start of a file that was truncated.
//
// When shutdown is done, follow emits the lines that the file has by then, and completes. It fails if the file cannot
// be read.
func follow(path string, every time.Duration, shutdown context.Context) observable.Observable[string] {
	return func(ctx context.Context, emit func(string) bool) (err error) {
		f := &followed{path: path, emit: emit}
		defer func() {
			if failure := f.close(); failure != nil {
				err = errors.Join(err, failure)
			}
		}()
		for ctx.Err() == nil {
			closing := shutdown.Err() != nil // before the read, which gets the lines from before the shutdown
			more, err := f.advance(ctx)
			switch {
			case err != nil || f.stopped:
				return err
			case closing && !more && ctx.Err() == nil:
				f.emitLine(len(f.line) > 0)
				return nil
			case !more:
				pause(ctx, shutdown, every)
			}
		}
		return context.Cause(ctx)
	}
}

// pause waits for d, or until a context is done.
func pause(ctx, shutdown context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-shutdown.Done():
	}
}

// A followed is a file that grows. Its methods set stopped when emit returns false.
type followed struct {
	path    string
	emit    func(string) bool
	stopped bool

	file   *os.File // nil before the first read
	reader *bufio.Reader
	line   []byte // what was read of a line that is not complete
	offset int64
}

// advance emits the lines up to the end of the file. more reports whether there is a new file to read.
func (f *followed) advance(ctx context.Context) (more bool, err error) {
	if f.file == nil {
		if err := f.open(); err != nil {
			return false, err
		}
	}
	replaced, truncated, err := f.look() // before the read: the old file is read to its end
	if err != nil {
		return false, err
	}
	if truncated {
		if err := f.rewind(); err != nil {
			return false, err
		}
	}
	if err := f.read(ctx); err != nil || !replaced || ctx.Err() != nil {
		return false, err
	}
	f.emitLine(len(f.line) > 0)
	return true, f.close()
}

func (f *followed) open() (err error) {
	f.file, err = open(f.path)
	f.reader, f.offset = bufio.NewReader(f.file), 0
	return err
}

// open opens a file that other programs may rename meanwhile. They may not if os.Open has opened it on Windows.
func open(path string) (*os.File, error) {
	if runtime.GOOS == "windows" {
		return os.OpenInRoot(filepath.Dir(path), filepath.Base(path))
	}
	return os.Open(path)
}

func (f *followed) close() error {
	if f.file == nil {
		return nil
	}
	file := f.file
	f.file = nil
	return file.Close()
}

// look reports whether the path names another file now, and whether the file has become shorter.
func (f *followed) look() (replaced, truncated bool, err error) {
	old, err := f.file.Stat()
	if err != nil {
		return false, false, err
	}
	current, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, false, nil // between the two steps of a rotation
	}
	return err == nil && !os.SameFile(old, current), old.Size() < f.offset, err
}

// rewind continues at the start of the file.
func (f *followed) rewind() error {
	f.emitLine(len(f.line) > 0)
	_, err := f.file.Seek(0, io.SeekStart)
	f.reader.Reset(f.file)
	f.offset = 0
	return err
}

// read emits the lines up to the end of the file.
func (f *followed) read(ctx context.Context) error {
	for ctx.Err() == nil && !f.stopped {
		piece, err := f.reader.ReadSlice('\n')
		f.offset += int64(len(piece))
		f.line = append(f.line, piece...)
		f.emitLine(err == nil || len(f.line) >= maxLine)
		if err == io.EOF {
			return nil
		}
		if err != nil && err != bufio.ErrBufferFull {
			return err
		}
	}
	return nil
}

// emitLine emits what was read of a line, if it is complete.
func (f *followed) emitLine(complete bool) {
	if !complete || f.stopped {
		return
	}
	line := string(bytes.TrimRight(f.line, "\r\n"))
	f.line = f.line[:0]
	f.stopped = !f.emit(line)
}
