// Package guide_test holds the code of the guides in this folder. The blocks of x-y.md are parts of x_y_test.go, which
// runs them.
package guide_test

import (
	"bytes"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// testedByModule has the tests of the guides of other modules. Modules fluent and durable compare their guides with their tests themselves.
var testedByModule = map[string]string{
	"fluent.md":                 "",
	"scaling-out.md":            "",
	"../../telemetry/README.md": "../../telemetry/internal/integration/readme_test.go",
}

var (
	goBlock = regexp.MustCompile("(?sm)^```go\n(.*?)^```$")
	program = regexp.MustCompile("(?sm)^```go\n(package main\n.*?)^```\n+```text\n(.*?)^```$")
)

func TestEachBlockIsTestedCode(t *testing.T) {
	guides, err := filepath.Glob("*.md")
	require.NoError(t, err)
	require.NotEmpty(t, guides)
	for _, guide := range guides {
		if _, elsewhere := testedByModule[guide]; !elsewhere {
			code := strings.ReplaceAll(strings.TrimSuffix(guide, ".md"), "-", "_") + "_test.go"
			t.Run(guide, func(t *testing.T) { checkGuide(t, guide, code) })
		}
	}
	for guide, code := range testedByModule {
		if code != "" {
			t.Run(guide, func(t *testing.T) { checkGuide(t, guide, code) })
		}
	}
}

// checkGuide compares the blocks of a guide with a file of tests.
func checkGuide(t *testing.T, guide, tests string) {
	text, err := os.ReadFile(guide)
	require.NoError(t, err)
	blocks := goBlock.FindAllSubmatch(text, -1)
	if len(blocks) == 0 {
		return
	}
	code, err := os.ReadFile(tests)
	if err != nil {
		require.ErrorIs(t, err, os.ErrNotExist) // a guide may consist of programs only
	}
	for _, block := range blocks {
		if !bytes.HasPrefix(block[1], []byte("package main\n")) {
			require.True(t, contains(string(code), string(block[1])), "no test has these lines:\n%s", block[1])
		}
	}
}

// contains reports whether code has the lines of block, all indented by the same number of tabs.
func contains(code, block string) bool {
	lines, wanted := strings.Split(code, "\n"), strings.Split(strings.TrimSuffix(block, "\n"), "\n")
	for i := range len(lines) - len(wanted) + 1 {
		indent, same := strings.CutSuffix(lines[i], wanted[0])
		if same && strings.Trim(indent, "\t") == "" && slices.Equal(lines[i:i+len(wanted)], indented(wanted, indent)) {
			return true
		}
	}
	return false
}

func indented(lines []string, indent string) []string {
	moved := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			moved[i] = indent + line
		}
	}
	return moved
}

// A block that is a whole program prints the text that follows it.
func TestProgramsPrintWhatTheGuidesSay(t *testing.T) {
	guides, err := filepath.Glob("*.md")
	require.NoError(t, err)
	found := 0
	for _, guide := range guides {
		text, err := os.ReadFile(guide)
		require.NoError(t, err)
		for _, block := range program.FindAllSubmatch(text, -1) {
			found++
			formatted, err := format.Source(block[1])
			require.NoError(t, err)
			require.Equal(t, string(formatted), string(block[1]))
			file := filepath.Join(t.TempDir(), "main.go")
			require.NoError(t, os.WriteFile(file, block[1], 0o644))
			output, err := exec.Command("go", "run", file).CombinedOutput()
			require.NoError(t, err, "%s", output)
			require.Equal(t, string(block[2]), string(output))
		}
		require.Equal(t, strings.Count(string(text), "```go\npackage main\n"), len(program.FindAll(text, -1)),
			"%s has a program without its output", guide)
	}
	require.NotZero(t, found)
}

func TestTheListOfGuidesIsComplete(t *testing.T) {
	list, err := os.ReadFile("README.md")
	require.NoError(t, err)
	guides, err := filepath.Glob("*.md")
	require.NoError(t, err)
	for _, guide := range guides {
		if guide != "README.md" {
			require.Contains(t, string(list), "]("+guide+")")
		}
	}
}

func TestABlockMustOccurAsAWhole(t *testing.T) {
	code := "func f() {\n\tif a {\n\t\tb()\n\n\t\tc()\n\t}\n}\n"
	for _, shown := range []string{"b()\n\nc()\n", "if a {\n\tb()\n", code} {
		require.True(t, contains(code, shown), shown)
	}
	for _, changed := range []string{"b()\nc()\n", "b()\n\n\tc()\n", "a {\n", "if a {\nb()\n", "c()\n\nb()\n"} {
		require.False(t, contains(code, changed), changed)
	}
}
