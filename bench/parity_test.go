package bench

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestParityHasEveryFunctionOfRo requires that the table of ro in docs/parity.md has the functions that ro exports, except
// the variants that it says it leaves out, and no others.
func TestParityHasEveryFunctionOfRo(t *testing.T) {
	page, err := os.ReadFile("../docs/parity.md")
	require.NoError(t, err)
	_, table, found := strings.Cut(string(page), "\n## samber/ro\n")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "\n## ")
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*`) \\|").FindAllStringSubmatch(table, -1) {
		for _, name := range strings.Split(row[1], ", ") {
			listed = append(listed, strings.Trim(name, "`"))
		}
	}
	exported := functionsOfRo(t)
	require.Subset(t, exported, listed)
	slices.Sort(listed)
	require.Equal(t, slices.Compact(slices.Clone(listed)), listed, "a name is there twice")
	for _, name := range exported {
		if !slices.Contains(listed, name) {
			require.Contains(t, listed, variant.ReplaceAllString(name, ""), name)
		}
	}
}

// variant is the end of a name that only adds an index, a context or the number of arguments.
var variant = regexp.MustCompile(`(I?WithContext|I|\d+)$`)

func functionsOfRo(t *testing.T) []string {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/samber/ro").Output()
	require.NoError(t, err)
	paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.go"))
	require.NoError(t, err)
	var names []string
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.IsExported() {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}
