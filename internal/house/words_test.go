package house

import (
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// retired matches words that make a reader read a sentence twice. Write again, in addition to, reports, returns or
// indefinitely; name the actor; make two sentences of a relative clause.
var retired = regexp.MustCompile(`(?i)\b(tells?|told|beside|anew|whoever|for ever|nobody|somebody|(of|for|upon) which|but for|what comes|whichever|all that|cancelled|cancelling)\b`)

// TestNoRetiredWords reads all comments and all Markdown.
func TestNoRetiredWords(t *testing.T) {
	for _, path := range filesOf(t, ".go", ".md") {
		for _, line := range proseOf(t, path) {
			if word := retired.FindString(line); word != "" {
				t.Errorf("%s: %q in %q", path, word, strings.TrimSpace(line))
			}
		}
	}
}

// TestEveryPackageSaysWhenToUseIt requires the same heading in the doc comment of each package.
func TestEveryPackageSaysWhenToUseIt(t *testing.T) {
	for _, room := range append(publicPackages(t), "fluent") {
		names, err := filepath.Glob(filepath.Join(top, room, "*.go"))
		require.NoError(t, err)
		found := false
		for _, name := range names {
			found = found || slices.Contains(comments(t, name), "// # When to use this, and when not")
		}
		require.True(t, found, "the doc comment of %s does not say when to use it", room)
	}
}

// proseOf returns the comments of a Go file, or the text of a Markdown file without its code, line by line.
func proseOf(t *testing.T, path string) []string {
	if filepath.Ext(path) == ".go" {
		return comments(t, path)
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.Split(withoutCode(string(text)), "\n")
}

// comments scans a file rather than parses it: the parser would refuse the methods of fluent, which need Go 1.27.
func comments(t *testing.T, path string) (found []string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile(path, -1, len(text)), text, nil, scanner.ScanComments)
	for {
		_, tok, literal := s.Scan()
		switch {
		case tok == token.EOF:
			return found
		case tok == token.COMMENT:
			found = append(found, strings.Split(literal, "\n")...)
		}
	}
}
