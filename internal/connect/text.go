package connect

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// prefix begins the text of every error and log line.
const prefix = "rivulet: "

// Text returns the text of an error: "rivulet: event source https://events.test/stream: reason". url may be empty. The
// text has no secret of a URL, no control character, and not more than 1 KiB of the reason, whose own prefix is
// dropped.
func Text(kind, url, reason string) string {
	where := kind
	if url != "" {
		where += " " + printable(URL(url))
	}
	reason = strings.TrimPrefix(strings.TrimPrefix(reason, prefix), kind+": ")
	return prefix + where + ": " + plain(reason)
}

// Clean returns err, or an error like it if the text of err has a secret of a URL or a control character. [errors.Is]
// and [errors.As] find in that one what they find in err. Of an error of net/http, Clean drops the URL.
func Clean(err error) error {
	for {
		e, ok := err.(*url.Error)
		if !ok || e.Err == nil {
			break
		}
		err = e.Err
	}
	text := err.Error()
	if p := plain(text); p != text {
		return &cleaned{p, err}
	}
	return err
}

// cleaned is err with another text. It does not unwrap to err, so that no text in its chain has a secret.
type cleaned struct {
	text string
	err  error
}

func (c *cleaned) Error() string        { return c.text }
func (c *cleaned) Is(target error) bool { return errors.Is(c.err, target) }
func (c *cleaned) As(target any) bool   { return errors.As(c.err, target) }

// URL returns raw without user, password, query and fragment. If it is not certain where the password ends, as when it
// has a slash, the result has the scheme only.
func URL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return malformedURL(raw)
	}
	if u.User != nil && strings.Contains(u.Path, "@") {
		return u.Scheme + "://..."
	}
	opaque := u.Opaque[strings.LastIndexByte(u.Opaque, '@')+1:]
	if u.User == nil && u.RawQuery == "" && u.Fragment == "" && opaque == u.Opaque {
		return raw
	}
	u.User, u.Opaque, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, opaque, "", false, "", ""
	return u.String()
}

// malformedURL is [URL] for a text that is none.
func malformedURL(raw string) string {
	scheme, rest, found := strings.Cut(raw, "://")
	if !found || strings.ContainsAny(scheme, "@/?#") {
		scheme, rest = "", raw
	} else {
		scheme += "://"
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	path := rest[len(authority):]
	if strings.Contains(path, "@") {
		return scheme + "..."
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	return scheme + authority[strings.LastIndexByte(authority, '@')+1:] + path
}

// longestReason is how much of a text is shown, in bytes.
const longestReason = 1 << 10

// plain returns text without the secrets of the URLs in it, with its control characters escaped, and cut if it is long.
func plain(text string) string {
	var clean strings.Builder
	for len(text) > 0 {
		start, end := findURL(text)
		clean.WriteString(text[:start])
		if start < end {
			clean.WriteString(URL(text[start:end]))
		}
		text = text[end:]
	}
	text = clean.String()
	if len(text) > longestReason {
		text = text[:longestReason] + "..."
	}
	return printable(text)
}

// findURL returns where the first URL in text begins and ends: at the end of text if there is none. A URL in quotes
// ends with these, another one with a space.
func findURL(text string) (start, end int) {
	start = strings.Index(text, "://")
	if start < 0 {
		return len(text), len(text)
	}
	end = start + len("://")
	for start > 0 && isSchemeByte(text[start-1]) {
		start--
	}
	if start > 0 && text[start-1] == '"' {
		return start, endOfQuoted(text, end)
	}
	for end < len(text) && text[end] > ' ' {
		end++
	}
	return start, start + len(strings.TrimRight(text[start:end], "\"'`<>:,.;)"))
}

// endOfQuoted returns where the closing quote is, from a position on.
func endOfQuoted(text string, position int) int {
	for position < len(text) && text[position] != '"' {
		if text[position] == '\\' {
			position++
		}
		position++
	}
	return min(position, len(text))
}

func isSchemeByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'
}

// printable returns text with every character that is not printable as an escape sequence of Go.
func printable(text string) string {
	if !strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	var shown strings.Builder
	for _, c := range text {
		if unicode.IsPrint(c) {
			shown.WriteRune(c)
		} else {
			shown.WriteString(strings.Trim(strconv.QuoteRune(c), "'"))
		}
	}
	return shown.String()
}
