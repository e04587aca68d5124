package demo

import (
	"bufio"
	"context"
	"io"
	"strings"
	"unicode"
)

// Printable returns a text from the network without the characters that a terminal obeys: control characters, except
// those in keep, and characters that change the direction of writing.
func Printable(text, keep string) string {
	return strings.Map(func(c rune) rune {
		if (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c)) && !strings.ContainsRune(keep, c) {
			return -1
		}
		return c
	}, text)
}

// Lines returns the lines of a reader, without the spaces around them. A read of the keyboard cannot be interrupted, so
// the goroutine that reads ends with the first line after the end of ctx, or with the reader.
func Lines(ctx context.Context, reader io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(reader)
		for scanner.Scan() {
			select {
			case lines <- strings.TrimSpace(scanner.Text()):
			case <-ctx.Done():
			}
			if ctx.Err() != nil {
				return
			}
		}
	}()
	return lines
}
