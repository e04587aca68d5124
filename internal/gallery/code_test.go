package gallery_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readCode returns the code that each case runs, by operator: the first call of the operator in the case, as written.
func readCode(t *testing.T) map[string]string {
	paths, err := filepath.Glob("cases*_test.go")
	require.NoError(t, err)
	code := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if operator, act := caseOf(n); act != nil {
				call := callOf(operator, act)
				require.NotNil(t, call, "the case of %s does not call it", operator)
				code[operator] = strings.ReplaceAll(string(text[call.Pos()-1:call.End()-1]), "operators.", "")
			}
			return true
		})
	}
	return code
}

// caseOf returns the parts of a scenario literal, or nil.
func caseOf(n ast.Node) (operator string, act *ast.FuncLit) {
	literal, ok := n.(*ast.CompositeLit)
	if !ok || len(literal.Elts) != 2 {
		return "", nil
	}
	name, ok := literal.Elts[0].(*ast.BasicLit)
	if !ok || name.Kind != token.STRING {
		return "", nil
	}
	act, _ = literal.Elts[1].(*ast.FuncLit)
	return strings.Trim(name.Value, `"`), act
}

// callOf returns the outermost call that begins with operators.Name.
func callOf(operator string, act *ast.FuncLit) (found ast.Node) {
	ast.Inspect(act, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && found == nil && beginsWith(call, operator) {
			found = call
		}
		return found == nil
	})
	return found
}

// beginsWith reports whether an expression is a call of the operator, or a chain of calls that begins with it.
func beginsWith(e ast.Expr, operator string) bool {
	switch e := e.(type) {
	case *ast.CallExpr:
		return beginsWith(e.Fun, operator)
	case *ast.SelectorExpr:
		name, ok := e.X.(*ast.Ident)
		return ok && name.Name == "operators" && e.Sel.Name == operator || beginsWith(e.X, operator)
	}
	return false
}
