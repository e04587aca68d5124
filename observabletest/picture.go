package observabletest

import (
	"fmt"
	"strings"
	"time"
)

// A mark is a letter of a picture, or one of the signs | and #.
type mark struct {
	letter    rune
	at        time.Duration
	character int // where in the picture it stands, counted from 1
}

// A picture is what marble notation says. Its methods panic, in the name of function, if the notation is wrong.
type picture struct {
	function, notation string
	frame              time.Duration
	marks              []mark
	length             time.Duration

	character int // that is read, counted from 1
	group     int // the character that has opened the group, 0 outside a group
	ended     bool
}

// readPicture reads marble notation.
func readPicture(function, notation string, frame time.Duration) *picture {
	p := &picture{function: function, notation: notation, frame: frame}
	letters := []rune(notation)
	for i := 0; i < len(letters); {
		p.character = i + 1
		if word := wordAt(letters, i); isTime(word) {
			p.readTime(word)
			i += len(word)
			continue
		}
		p.readCharacter(letters[i])
		i++
	}
	if p.character = p.group; p.group > 0 {
		p.fail("the group is not closed")
	}
	return p
}

// wordAt returns the word that begins at i: what stands between two spaces, or the start or the end.
func wordAt(letters []rune, i int) string {
	if i > 0 && letters[i-1] != ' ' {
		return ""
	}
	word, _, _ := strings.Cut(string(letters[i:]), " ")
	return word
}

// isTime reports whether a word is a time like 250ms.
func isTime(word string) bool {
	if word == "" || word[0] < '0' || '9' < word[0] || word == "0" {
		return false
	}
	_, err := time.ParseDuration(word)
	return err == nil
}

func (p *picture) readTime(word string) {
	d, _ := time.ParseDuration(word)
	switch {
	case p.ended:
		p.fail("nothing may follow the end")
	case p.group > 0:
		p.fail("a group cannot contain a time")
	case d%resolution != 0:
		p.fail("the time %s is not a multiple of %v", word, resolution)
	}
	p.pass(d)
}

func (p *picture) readCharacter(c rune) {
	switch {
	case c == ' ':
		return
	case c == ')' && p.group > 0:
		p.group = 0
		p.pass(p.frame)
		return
	case p.ended:
		p.fail("nothing may follow the end")
	case c == '(' && p.group == 0:
		p.group = p.character
		return
	case c == '(':
		p.fail("a group cannot contain a group")
	case c == ')':
		p.fail("there is no group to close")
	case c == '-' && p.group > 0:
		p.fail("a group cannot contain a -")
	case c != '-':
		p.marks = append(p.marks, mark{c, p.length, p.character})
		p.ended = c == '|' || c == '#'
	}
	if p.group == 0 {
		p.pass(p.frame)
	}
}

// pass adds time to the length of the picture.
func (p *picture) pass(d time.Duration) {
	if d/p.frame > longest || (p.length+d)/p.frame > longest {
		p.fail("the picture is longer than %d frames; see WithFrame", longest)
	}
	p.length += d
}

func (p *picture) fail(format string, args ...any) {
	problem := fmt.Sprintf(format, args...)
	panic(fmt.Sprintf("%s: picture %q, character %d: %s", p.function, p.notation, p.character, problem))
}

// notesOf returns what a picture shows.
func notesOf[T any](p *picture, values map[rune]T) []Note[T] {
	var notes []Note[T]
	for _, m := range p.marks {
		n := Note[T]{At: m.at}
		switch m.letter {
		case '|':
			n.End = true
		case '#':
			n.End, n.Err = true, ErrMarbles
		default:
			var ok bool
			if n.Value, ok = valueOf(m.letter, values); !ok {
				p.character = m.character
				p.fail("no value for the letter %q", m.letter)
			}
		}
		notes = append(notes, n)
	}
	return notes
}

// valueOf returns what a letter stands for, if anything.
func valueOf[T any](letter rune, values map[rune]T) (v T, ok bool) {
	if v, ok = values[letter]; ok {
		return v, true
	}
	switch p := any(&v).(type) {
	case *string:
		*p, ok = string(letter), true
	case *rune:
		*p, ok = letter, true
	case *int:
		*p, ok = int(letter-'0'), '0' <= letter && letter <= '9'
	}
	return v, ok
}
