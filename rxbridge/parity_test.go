package rxbridge_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/reactivex/rxgo/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// row is a row of the table of RxGo in docs/parity.md.
type row struct {
	theirs, ours []string // the names that are quoted in the first and the second column
	remark       string
}

// page returns docs/parity.md and the table of RxGo in it.
func page(t *testing.T) (content string, table []row) {
	bytes, err := os.ReadFile("../docs/parity.md")
	require.NoError(t, err)
	content = string(bytes)
	_, section, found := strings.Cut(content, "\n## RxGo\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); strings.HasPrefix(line, "| `") {
			require.Len(t, cells, 5, "a row has three cells: %s", line)
			table = append(table, row{quoted(cells[1]), quoted(cells[2]), strings.TrimSpace(cells[3])})
		}
	}
	return content, table
}

var quotes = regexp.MustCompile("`([^`]*)`")

func quoted(text string) []string {
	var names []string
	for _, match := range quotes.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	return names
}

// documented returns the documentation of the package in a directory.
func documented(t *testing.T, dir string) *doc.Package {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	fileSet := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			file, err := parser.ParseFile(fileSet, path, nil, parser.ParseComments)
			require.NoError(t, err)
			files = append(files, file)
		}
	}
	pkg, err := doc.NewFromFiles(fileSet, files, dir)
	require.NoError(t, err)
	return pkg
}

// functions returns the names of the functions that a package exports.
func functions(pkg *doc.Package) []string {
	all := funcNames("", pkg.Funcs)
	for _, typ := range pkg.Types {
		all = append(all, funcNames("", typ.Funcs)...)
	}
	return all
}

func funcNames(prefix string, funcs []*doc.Func) []string {
	var all []string
	for _, f := range funcs {
		all = append(all, prefix+f.Name)
	}
	return all
}

// names returns all names that a package exports; a method is Type.Method.
func names(pkg *doc.Package) []string {
	all := functions(pkg)
	values := append(pkg.Vars, pkg.Consts...)
	for _, typ := range pkg.Types {
		all = append(all, typ.Name)
		all = append(all, funcNames(typ.Name+".", typ.Methods)...)
		values = append(append(values, typ.Vars...), typ.Consts...)
	}
	for _, value := range values {
		all = append(all, value.Names...)
	}
	return all
}

// operatorsOfRxGo returns the names of RxGo's functions and of the methods of its streams.
func operatorsOfRxGo(t *testing.T) []string {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/reactivex/rxgo/v2").Output()
	require.NoError(t, err)
	all := functions(documented(t, strings.TrimSpace(string(dir))))
	for _, stream := range []reflect.Type{
		reflect.TypeFor[rxgo.Observable](), reflect.TypeFor[rxgo.Single](), reflect.TypeFor[rxgo.OptionalSingle](),
	} {
		for i := range stream.NumMethod() {
			all = append(all, stream.Method(i).Name)
		}
	}
	return all
}

func TestParityHasEveryOperatorOfRxGo(t *testing.T) {
	_, table := page(t)
	var listed []string
	for _, r := range table {
		listed = append(listed, r.theirs...)
	}
	require.Subset(t, listed, operatorsOfRxGo(t))
	require.Subset(t, operatorsOfRxGo(t), listed)
	slices.Sort(listed)
	require.Equal(t, slices.Compact(slices.Clone(listed)), listed, "a name is there twice")
}

func TestParityNamesWhatExists(t *testing.T) {
	content, _ := page(t)
	exported := map[string][]string{}
	for _, dir := range []string{"source", "operators", "observable", "observabletest", "retry", "sink"} {
		exported[dir] = names(documented(t, "../"+dir))
	}
	for _, name := range quoted(content) {
		if dir, name, qualified := strings.Cut(name, "."); qualified && exported[dir] != nil {
			assert.Contains(t, exported[dir], name)
		}
	}
}

func TestParityNamesEveryOperator(t *testing.T) {
	content, _ := page(t)
	for _, name := range functions(documented(t, "../operators")) {
		assert.Contains(t, quoted(content), "operators."+name)
	}
}

// TestParityOfBehaviour requires that every operator with a counterpart is compared, and that the table says of it
// that it differs if, and only if, a comparison shows a difference.
func TestParityOfBehaviour(t *testing.T) {
	_, table := page(t)
	compared, differs := map[string]bool{}, map[string]bool{}
	for _, c := range comparisons {
		compared[c.operator] = true
		differs[c.operator] = differs[c.operator] || c.instead != ""
	}
	for _, r := range table {
		for _, name := range r.theirs {
			if strings.Contains(r.remark, "Not an operator") {
				require.False(t, compared[name], name)
				continue
			}
			assert.True(t, compared[name], "%s is not compared", name)
			assert.Equal(t, differs[name], strings.HasPrefix(r.remark, "**Differs**"), "%s: %s", name, r.remark)
		}
	}
}
