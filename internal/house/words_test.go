package house

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// retired are words of another age, and clauses that have to be read twice. Write again, in addition to, reports, returns,
// indefinitely; name the actor; make two sentences of a relative clause.
var retired = regexp.MustCompile(`(?i)\b(tells?|told|beside|anew|whoever|for ever|nobody|somebody|(of|for|upon) which|but for|cancelled|cancelling)\b`)

// unread are the folders whose texts we do not write as prose.
var unread = []string{".git", "testdata", "node_modules"}

// TestNoRetiredWords reads all comments and all Markdown.
func TestNoRetiredWords(t *testing.T) {
	require.NoError(t, filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(unread, entry.Name()):
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		for _, prose := range proseOf(t, path) {
			if word := retired.FindString(prose); word != "" {
				t.Errorf("%s: %q in %q", path, word, strings.TrimSpace(prose))
			}
		}
		return nil
	}))
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

// proseOf returns the comments of a Go file, or the text of a Markdown file without its blocks of code, line by line.
func proseOf(t *testing.T, path string) []string {
	switch filepath.Ext(path) {
	case ".go":
		return comments(t, path)
	case ".md":
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return strings.Split(blocks.ReplaceAllString(string(text), ""), "\n")
	}
	return nil
}

var blocks = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")

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
