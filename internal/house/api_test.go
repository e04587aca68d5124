package house

import (
	"bytes"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var updateAPI = flag.Bool("update-api", false, "write the exported API of every package to api/")

// noAPI are the folders that export nothing to users of the library, and fluent: only the parser of Go 1.27 reads it, and
// its methods are generated from the functions that are recorded.
var noAPI = []string{".git", "api", "bench", "docs", "e2e", "examples", "fluent", "internal", "testdata", "tools"}

// TestExportedAPIIsRecorded fails when the exported API of a package differs from its file in api/.
func TestExportedAPIIsRecorded(t *testing.T) {
	recorded := map[string]bool{}
	for _, room := range publicPackages(t) {
		name := filepath.Join(top, "api", strings.ReplaceAll(room, "/", "-")+".txt")
		if room == "." {
			name = filepath.Join(top, "api", "rivulet.txt")
		}
		recorded[filepath.Base(name)] = true
		api := exportedAPI(t, room)
		if *updateAPI {
			require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
			require.NoError(t, os.WriteFile(name, api, 0o666))
			continue
		}
		want, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, string(want), string(api), "%s: if the change is meant, run: go test ./internal/house -update-api", room)
	}
	files, err := os.ReadDir(filepath.Join(top, "api"))
	require.NoError(t, err)
	for _, file := range files {
		require.True(t, recorded[file.Name()], "api/%s describes no package", file.Name())
	}
}

// publicPackages returns the folders of all packages, of all modules, that users can import.
func publicPackages(t *testing.T) (rooms []string) {
	require.NoError(t, filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return err
		case slices.Contains(noAPI, entry.Name()):
			return filepath.SkipDir
		}
		room, err := filepath.Rel(top, path)
		if files := parseRoom(t, room); len(files) > 0 && files[0].Name.Name != "main" {
			rooms = append(rooms, filepath.ToSlash(room))
		}
		return err
	}))
	return rooms
}

// parseRoom returns the files of a package, without comments and tests, sorted by name.
func parseRoom(t *testing.T, room string) (files []*ast.File) {
	names, err := filepath.Glob(filepath.Join(top, room, "*.go"))
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	return files
}

// exportedAPI returns the exported declarations of a package, sorted, without bodies and initial values.
func exportedAPI(t *testing.T, room string) []byte {
	var declarations []string
	for _, file := range parseRoom(t, room) {
		ast.FileExports(file)
		for _, declaration := range file.Decls {
			if isExported(declaration) {
				declarations = append(declarations, signature(t, declaration))
			}
		}
	}
	slices.SortFunc(declarations, func(a, b string) int { return strings.Compare(sortKey(a), sortKey(b)) })
	return []byte(strings.Join(declarations, ""))
}

// isExported reports whether a declaration that ast.FileExports has kept is one that users see: no import, and no method of
// an unexported type.
func isExported(declaration ast.Decl) bool {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		return d.Recv == nil || ast.IsExported(receiver(d))
	case *ast.GenDecl:
		return d.Tok != token.IMPORT
	}
	return false
}

// receiver returns the name of the type of a method.
func receiver(method *ast.FuncDecl) string {
	typ := method.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.Name
		}
	}
}

// signature formats a declaration without a body and, for variables, without values.
func signature(t *testing.T, declaration ast.Decl) string {
	ast.Inspect(declaration, func(n ast.Node) bool {
		if s, ok := n.(*ast.StructType); ok {
			s.Incomplete = false // whether there are unexported fields is no part of the API
		}
		return true
	})
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		d.Body = nil
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
				v.Values = nil
			}
		}
	}
	var text bytes.Buffer
	require.NoError(t, format.Node(&text, token.NewFileSet(), declaration))
	return text.String() + "\n"
}

// sortKey puts the methods of a type after the type.
func sortKey(declaration string) string {
	method, ok := strings.CutPrefix(declaration, "func (")
	if !ok {
		return declaration
	}
	receiver, _, _ := strings.Cut(method, ")")
	fields := strings.Fields(receiver)
	return "type " + strings.Trim(fields[len(fields)-1], "*") + "\xff" + method
}
