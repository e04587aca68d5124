package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// operators/ holds operators: every file but doc.go defines at least one. What several operators share is in
// internal/engine, or with the operator that it was made for.
func TestEveryFileOfOperatorsDefinesOne(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(top, "operators", "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || filepath.Base(name) == "doc.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		require.True(t, definesOperator(file), "%s defines no operator", name)
	}
}

// definesOperator reports whether a file has an exported function with a result.
func definesOperator(file *ast.File) bool {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if ok && f.Recv == nil && f.Name.IsExported() && f.Type.Results.NumFields() > 0 {
			return true
		}
	}
	return false
}
