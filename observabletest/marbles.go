package observabletest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rivulet-go/rivulet/observable"
)

// Frame is the time that one place of a marble picture stands for.
const Frame = 10 * time.Millisecond

// ErrMarbles is the error with which a source drawn in marbles fails.
var ErrMarbles = errors.New("observabletest: the # of a marble picture")

// Marbles is the stream that a picture in marble notation shows; the package documentation has the notation. Each run
// starts at its first frame. A picture without an end waits after its last frame until the context is done. When a
// slow consumer makes it late, it emits what is due at once.
//
// The values say what each letter stands for. A letter that they lack stands for itself if T is string or rune, and a
// digit for its number if T is int. Marbles panics on any other, and on a picture that makes no sense.
func Marbles[T any](picture string, values map[rune]T) observable.Observable[T] {
	notes, _ := read("observabletest.Marbles", picture, values)
	return func(ctx context.Context, emit func(T) bool) error {
		start := time.Now()
		for _, n := range notes {
			if err := sleepUntil(ctx, start.Add(n.At)); err != nil {
				return err
			}
			if n.End {
				return n.Err
			}
			if !emit(n.Value) {
				return nil
			}
		}
		<-ctx.Done()
		return context.Cause(ctx)
	}
}

func sleepUntil(ctx context.Context, at time.Time) error {
	if ctx.Err() == nil {
		timer := time.NewTimer(time.Until(at))
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
		}
	}
	return context.Cause(ctx)
}

// read returns what a picture shows, and how many frames it has. It panics, in the name of function, if it is wrong.
func read[T any](function, picture string, values map[rune]T) ([]Note[T], int) {
	frames, problem := split(picture)
	if problem != "" {
		panic(fmt.Sprintf("%s: the picture %q %s", function, picture, problem))
	}
	var notes []Note[T]
	for i, letters := range frames {
		for _, letter := range letters {
			n := Note[T]{At: time.Duration(i) * Frame}
			switch letter {
			case '|':
				n.End = true
			case '#':
				n.End, n.Err = true, ErrMarbles
			default:
				n.Value = valueOf(function, letter, values)
			}
			notes = append(notes, n)
		}
	}
	return notes, len(frames)
}

// split returns the letters of each frame of a picture, or what is wrong with it.
func split(picture string) (frames []string, problem string) {
	grouped, ended := false, false
	for _, c := range strings.ReplaceAll(picture, " ", "") {
		switch {
		case c == ')' && grouped:
			grouped = false
		case ended:
			return nil, "goes on after its end"
		case c == '(' && !grouped:
			grouped = true
			frames = append(frames, "")
		case c == '(', c == ')', c == '-' && grouped:
			return nil, "has a group that is not like (abc)"
		case c == '-':
			frames = append(frames, "")
		case grouped:
			frames[len(frames)-1] += string(c)
		default:
			frames = append(frames, string(c))
		}
		ended = ended || c == '|' || c == '#'
	}
	if grouped {
		return nil, "has a group that is not like (abc)"
	}
	return frames, ""
}

func valueOf[T any](function string, letter rune, values map[rune]T) T {
	v, ok := values[letter]
	if ok {
		return v
	}
	switch p := any(&v).(type) {
	case *string:
		*p, ok = string(letter), true
	case *rune:
		*p, ok = letter, true
	case *int:
		*p, ok = int(letter-'0'), '0' <= letter && letter <= '9'
	}
	if !ok {
		panic(fmt.Sprintf("%s: no value for the letter %q", function, letter))
	}
	return v
}

// letterOf is the opposite of valueOf; ok is false if there is no letter.
func letterOf[T any](v T, values map[rune]T) (letter rune, ok bool) {
	for _, letter := range slices.Sorted(maps.Keys(values)) {
		if reflect.DeepEqual(values[letter], v) {
			return letter, true
		}
	}
	letter = '?'
	switch v := any(v).(type) {
	case string:
		if utf8.RuneCountInString(v) == 1 {
			letter, _ = utf8.DecodeRuneInString(v)
		}
	case rune:
		letter = v
	case int:
		if 0 <= v && v <= 9 {
			letter = rune('0' + v)
		}
	}
	_, redefined := values[letter]
	if redefined || strings.ContainsRune("-|#() ?", letter) {
		return '?', false
	}
	return letter, true
}

// draw returns the picture of notes, of at least so many frames unless the stream ended before.
func draw[T any](notes []Note[T], frames int, values map[rune]T) string {
	var columns []string
	var remarks []string
	place := func(n Note[T], letter string) {
		at := int(n.At / Frame)
		for len(columns) <= at {
			columns = append(columns, "")
		}
		columns[at] += letter
		if n.At%Frame != 0 {
			remarks = append(remarks, fmt.Sprintf("%s came at %v", letter, n.At))
		}
	}
	for _, n := range notes {
		switch letter, ok := letterOf(n.Value, values); {
		case n.End && n.Err == nil:
			place(n, "|")
		case n.End:
			place(n, "#")
		case ok:
			place(n, string(letter))
		default:
			remarks = append(remarks, fmt.Sprintf("a ? is %v", n.Value))
			place(n, "?")
		}
	}
	if len(notes) == 0 || !notes[len(notes)-1].End {
		columns = append(columns, make([]string, max(0, frames-len(columns)))...)
	}
	return join(columns) + bracketed(remarks)
}

// join draws the letters of each frame.
func join(frames []string) string {
	var picture strings.Builder
	for _, letters := range frames {
		switch utf8.RuneCountInString(letters) {
		case 0:
			picture.WriteByte('-')
		case 1:
			picture.WriteString(letters)
		default:
			picture.WriteString("(" + letters + ")")
		}
	}
	return picture.String()
}

func bracketed(remarks []string) string {
	if len(remarks) == 0 {
		return ""
	}
	return " [" + strings.Join(remarks, ", ") + "]"
}
