package observabletest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// letterOf is the reverse of valueOf. ok is false if there is no letter.
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

// draw returns the picture of notes. It has at least this length unless the stream ended before.
func draw[T any](notes []Note[T], length, frame time.Duration, values map[rune]T) string {
	var columns []string
	var remarks []string
	place := func(n Note[T], letter string) {
		column := int(n.At / frame)
		columns = append(columns, make([]string, max(0, column+1-len(columns)))...)
		columns[column] += letter
		if n.At%frame > holdBack {
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
		frames := int((length + frame - 1) / frame)
		columns = append(columns, make([]string, max(0, frames-len(columns)))...)
	}
	return join(columns, frame) + bracketed(remarks)
}

// longRow is how many frames without a signal are drawn one by one. More are drawn as a time.
const longRow = 50

// join draws the letters of each frame.
func join(frames []string, frame time.Duration) string {
	var picture strings.Builder
	for len(frames) > 0 {
		if empty := emptyFrames(frames); empty > longRow {
			fmt.Fprintf(&picture, " %v ", time.Duration(empty)*frame)
			frames = frames[empty:]
			continue
		}
		switch letters := frames[0]; utf8.RuneCountInString(letters) {
		case 0:
			picture.WriteByte('-')
		case 1:
			picture.WriteString(letters)
		default:
			picture.WriteString("(" + letters + ")")
		}
		frames = frames[1:]
	}
	return strings.TrimSpace(picture.String())
}

// emptyFrames returns how many frames at the beginning have no letter.
func emptyFrames(frames []string) int {
	n := slices.IndexFunc(frames, func(letters string) bool { return letters != "" })
	if n < 0 {
		return len(frames)
	}
	return n
}

func bracketed(remarks []string) string {
	if len(remarks) == 0 {
		return ""
	}
	return " [" + strings.Join(remarks, ", ") + "]"
}
