package gallery_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const introduction = `# The gallery of operators

[operators.md](../operators.md) lists all operators by task. This page shows those with several streams, and those whose
result depends on time. Each picture was drawn from a real run in virtual time, and a test compares it with what the operator does. The
code in the box is the code that ran. The examples are those of the package; ` + "`go test`" + ` runs them and checks their output.

- A line is one run of a stream. It begins when the stream is run. Above the box are the streams that the operator
  consumes, below it are its results.
- A blue pill is an item of a source, a green one is an item of a result. Items of the same time are drawn below one
  another.
- A vertical bar means that the stream completes, a red cross that it fails, and a circle that it was stopped by its
  consumer. An arrow means that it continues.
- f returns the stream that is shown as f(a), f(b), and so on. The stream of these streams is called streams. pair joins two
  strings.

`

// page returns the text of the gallery.
func page(t *testing.T) string {
	synopses, examples := readOperators(t)
	var text strings.Builder
	text.WriteString(introduction)
	for _, section := range sections {
		fmt.Fprintf(&text, "- %s:", section.title)
		for i, c := range section.cases {
			fmt.Fprintf(&text, "%s [%s](#%s)", comma(i), c.operator, strings.ToLower(c.operator))
		}
		text.WriteByte('\n')
	}
	for _, section := range sections {
		fmt.Fprintf(&text, "\n## %s\n", section.title)
		for _, c := range section.cases {
			fmt.Fprintf(&text, "\n### %s\n\n%s\n\n![%[1]s](%[3]s)\n", c.operator, synopses[c.operator], fileOf(c.operator))
			require.NotEmpty(t, examples[c.operator], "%s has no Example", c.operator)
			fmt.Fprintf(&text, "\n```go\n%s```\n", examples[c.operator])
		}
	}
	return text.String()
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// fileOf returns the name of the picture of an operator.
func fileOf(operator string) string { return strings.ToLower(operator) + ".svg" }

// readOperators returns the first sentence of each operator's doc comment, and the code of its first Example.
func readOperators(t *testing.T) (synopses, examples map[string]string) {
	synopses, examples = map[string]string{}, map[string]string{}
	p := operatorsDoc(t)
	for _, f := range operatorsOf(p) {
		synopses[f.Name] = link.ReplaceAllString(p.Synopsis(f.Doc), "$1")
	}
	paths, err := filepath.Glob("../../operators/example_*_test.go")
	require.NoError(t, err)
	for _, path := range paths {
		files := token.NewFileSet()
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		file, err := parser.ParseFile(files, path, text, parser.ParseComments)
		require.NoError(t, err)
		for _, example := range doc.Examples(file) {
			operator, _, _ := strings.Cut(example.Name, "_")
			examples[operator] = cmp.Or(examples[operator], exampleCode(files, text, example))
		}
	}
	return synopses, examples
}

// operatorsDoc returns the documentation of package operators.
func operatorsDoc(t *testing.T) *doc.Package {
	paths, err := filepath.Glob("../../operators/*.go")
	require.NoError(t, err)
	files := token.NewFileSet()
	var code []*ast.File
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
			require.NoError(t, err)
			code = append(code, file)
		}
	}
	p, err := doc.NewFromFiles(files, code, "operators")
	require.NoError(t, err)
	return p
}

// operatorsOf returns the functions of a package.
func operatorsOf(p *doc.Package) []*doc.Func {
	all := slices.Clone(p.Funcs)
	for _, typ := range p.Types {
		all = append(all, typ.Funcs...)
	}
	return all
}

// exported returns the exported names of a package, except methods.
func exported(p *doc.Package) (names []string) {
	for _, f := range operatorsOf(p) {
		names = append(names, f.Name)
	}
	for _, typ := range p.Types {
		names = append(names, typ.Name)
	}
	for _, v := range slices.Concat(p.Vars, p.Consts) {
		names = append(names, v.Names...)
	}
	return names
}

// link matches a link of a doc comment.
var link = regexp.MustCompile(`\[\*?([A-Za-z.]+)\]`)

// exampleCode returns the doc comment of an Example and its body as written, its output included.
func exampleCode(files *token.FileSet, text []byte, example *doc.Example) string {
	body := example.Code.(*ast.BlockStmt)
	begin, end := files.Position(body.Lbrace).Offset, files.Position(body.Rbrace).Offset
	lines := strings.ReplaceAll(strings.TrimSpace(string(text[begin+1:end])), "\n\t", "\n") + "\n"
	if example.Doc == "" {
		return lines
	}
	return "// " + strings.ReplaceAll(strings.TrimSpace(example.Doc), "\n", "\n// ") + "\n" + lines
}
