package fluent_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	guideBlock = regexp.MustCompile("(?s)```go\n(.*?)```")
	guideRow   = regexp.MustCompile("(?m)^\\| `\\w+` \\| [^|]+ \\| `([^`]+)` \\|$")
)

// The code in the guide is code of the Examples and tests of this package, so it compiles and does what it says.
func TestTheGuideShowsTestedCode(t *testing.T) {
	guide, err := os.ReadFile("../docs/guide/fluent.md")
	require.NoError(t, err)
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	var tested strings.Builder
	for _, file := range files {
		code, err := os.ReadFile(file)
		require.NoError(t, err)
		tested.WriteString(withoutIndent(string(code)))
	}
	blocks := guideBlock.FindAllStringSubmatch(string(guide), -1)
	require.Greater(t, len(blocks), 2*10)
	rows := guideRow.FindAllStringSubmatch(string(guide), -1)
	require.NotEmpty(t, rows)
	for _, shown := range append(blocks, rows...) {
		require.True(t, strings.Contains(tested.String(), withoutIndent(shown[1])), "no test has %s", shown[1])
	}
}

func withoutIndent(code string) string {
	var text strings.Builder
	for line := range strings.Lines(code) {
		text.WriteString(strings.TrimLeft(line, "\t"))
	}
	return text.String()
}
