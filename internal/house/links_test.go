package house

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

var (
	codeBlock  = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	codeSpan   = regexp.MustCompile("`[^`\n]*`")
	heading    = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *$`)
	linkedText = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

	// links are the forms in which a page names another: [text](target), [text]: target, src="target", srcset="target".
	links = regexp.MustCompile(`\]\(([^()\s]+)\)|(?m:^\[[^\]]+\]: +(\S+))|(?:src|srcset|href)="([^"]+)"`)
)

// Every relative link in a Markdown file of the repository names a file, and an anchor that exists there. Other links
// need a network and are not checked.
func TestLinks(t *testing.T) {
	for _, path := range filesOf(t, ".md") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, target := range targets(string(text)) {
			if broken := check(path, target); broken != nil {
				t.Errorf("%s: %s: %v", path, target, broken)
			}
		}
	}
}

// filesOf returns the files of the repository with one of the extensions, except those in folders named testdata.
func filesOf(t *testing.T, extensions ...string) (paths []string) {
	require.NoError(t, filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata"):
			return fs.SkipDir
		case slices.Contains(extensions, filepath.Ext(path)):
			paths = append(paths, path)
		}
		return nil
	}))
	require.NotEmpty(t, paths)
	return paths
}

// withoutCode returns a page without its blocks of code and what stands in backticks.
func withoutCode(page string) string {
	return codeSpan.ReplaceAllString(codeBlock.ReplaceAllString(page, ""), "")
}

// targets returns where the links of a page lead.
func targets(page string) (found []string) {
	for _, link := range links.FindAllStringSubmatch(withoutCode(page), -1) {
		found = append(found, link[1]+link[2]+link[3])
	}
	return found
}

// check returns what is wrong with a link of the page at path.
func check(path, target string) error {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return nil
	}
	file, anchor, _ := strings.Cut(target, "#")
	if file == "" {
		file = filepath.Base(path)
	}
	file = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
	if _, err := os.Stat(file); err != nil {
		return err
	}
	if anchor == "" || filepath.Ext(file) != ".md" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err == nil && !anchors(string(text))[anchor] {
		err = fmt.Errorf("%s has no heading #%s", file, anchor)
	}
	return err
}

// anchors returns the anchors that GitHub gives to the headings of a page.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, match := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(page, ""), -1) {
		anchor := anchorOf(match[1])
		for n := 1; found[anchor]; n++ {
			anchor = fmt.Sprintf("%s-%d", anchorOf(match[1]), n)
		}
		found[anchor] = true
	}
	return found
}

func anchorOf(title string) string {
	title = linkedText.ReplaceAllString(title, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, title)
}

func TestWhatALinkIs(t *testing.T) {
	page := "[a](b.md#c) `[no](x)` ![d](e.svg)\n```md\n[no](x)\n```\n[f]: ../g\n<img src=\"h.png\"> [i](https://j)\n"
	require.Equal(t, []string{"b.md#c", "e.svg", "../g", "h.png", "https://j"}, targets(page))
}

func TestAnchors(t *testing.T) {
	page := "# The `sink`: who, what?\n## [Go](x) 1.27 & more\n## Twice\n## Twice\n```sh\n# no heading\n```\n"
	require.Equal(t, map[string]bool{
		"the-sink-who-what": true, "go-127--more": true, "twice": true, "twice-1": true,
	}, anchors(page))
}

func TestBrokenLinks(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	require.NoError(t, os.WriteFile(page, []byte("# One\n"), 0o644))
	for _, target := range []string{"#one", "page.md", "page.md#one", "https://example.com/#x", "mailto:a@example.com", "."} {
		require.NoError(t, check(page, target), target)
	}
	for _, target := range []string{"#two", "other.md", "page.md#two"} {
		require.Error(t, check(page, target), target)
	}
}
