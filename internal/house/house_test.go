// Package house tests the rules that no compiler knows: who may import whom, and that whatever a user can call has a
// doc comment and an Example with checked output.
package house

import (
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/rivulet-go/rivulet"

// top is the folder of the module.
const top = "../.."

// leaf stands for the packages below internal/ that import, of ours, only one another.
const leaf = "a leaf of internal/"

// rooms lists, for each package of the module, what of ours it may import.
var rooms = map[string][]string{
	".":                {"observable", "source", "retry", "internal/engine", "internal/connect", leaf},
	"internal/connect": {"observable", "retry", leaf},
	"internal/engine":  {"observable", leaf},
	"observable":       {leaf},
	"observabletest":   {"observable", "retry", "internal/engine", "internal/connect", leaf},
	"operators":        {"observable", "retry", "internal/engine", "internal/connect", leaf},
	"rxbridge":         {"observable", "retry", "internal/engine", "internal/connect", leaf},
	"sink":             {"observable", "retry", "internal/engine", "internal/connect", leaf},
	"retry":            {leaf},
	"source":           {"observable", "retry", "internal/engine", "internal/connect", leaf},
	"telemetry":        {"observable", "sink", "source", "internal/connect"},
	"websocket":        {"observable", "operators", "retry", "source", "internal/connect"},
}

func TestWhoImportsWhom(t *testing.T) {
	for _, room := range append(packages(t, "internal"), slices.Sorted(maps.Keys(rooms))...) {
		allowed, special := rooms[room]
		if !special {
			allowed = []string{leaf}
		}
		for _, path := range imports(t, room) {
			if ours, is := strings.CutPrefix(path, module+"/"); is {
				require.Contains(t, allowed, kind(ours), "%s imports %s", room, path)
			}
			require.False(t, room != "rxbridge" && strings.Contains(path, "rxgo"), "%s imports %s", room, path)
		}
	}
}

// kind returns the name under which rooms has a package.
func kind(path string) string {
	_, special := rooms[path]
	if !special && strings.HasPrefix(path, "internal/") {
		return leaf
	}
	return path
}

// packages returns the folders below a folder that hold code.
func packages(t *testing.T, folder string) (found []string) {
	err := filepath.WalkDir(filepath.Join(top, folder), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || filepath.Base(path) == "testdata" {
			return err
		}
		room, err := filepath.Rel(top, path)
		found = append(found, filepath.ToSlash(room))
		return err
	})
	require.NoError(t, err)
	return found
}

func imports(t *testing.T, room string) []string {
	p, err := build.ImportDir(filepath.Join(top, room), 0)
	if _, none := err.(*build.NoGoError); none {
		return nil
	}
	require.NoError(t, err)
	return p.Imports
}

// shownRooms are the packages whose functions all have an Example.
var shownRooms = []string{".", "observable", "operators", "retry", "rxbridge", "sink", "source", "websocket"}

// Everything exported has a doc comment, and every function that makes or uses a stream an Example.
func TestEverythingIsDocumentedAndShown(t *testing.T) {
	for room := range rooms {
		if strings.HasPrefix(room, "internal/") {
			continue
		}
		t.Run(room, func(t *testing.T) {
			p := read(t, room)
			require.NotEmpty(t, p.Doc, "the package has no doc comment")
			for _, f := range p.Funcs {
				p.check(t, f.Name, f, slices.Contains(shownRooms, room))
			}
			for _, typ := range p.Types {
				if typ.Doc == "" {
					t.Errorf("%s has no doc comment", typ.Name)
				}
				for _, f := range typ.Funcs {
					p.check(t, f.Name, f, slices.Contains(shownRooms, room))
				}
				for _, m := range typ.Methods {
					p.check(t, typ.Name+"_"+m.Name, m, typ.Name == "Observable")
				}
			}
		})
	}
}

// documented is a package with its Examples.
type documented struct {
	*doc.Package
	examples map[string]bool // by name, without the suffix of one among several
	used     map[string]bool // what their code names
}

func (p *documented) check(t *testing.T, name string, f *doc.Func, mustBeShown bool) {
	if f.Doc == "" && f.Name != "Error" {
		t.Errorf("%s has no doc comment", name)
	}
	shown := p.examples[name] || p.examples[strings.TrimPrefix(name, "New")]
	if strings.HasPrefix(name, "With") {
		shown = shown || p.used[name] // an option is shown with others
	}
	if mustBeShown && !shown {
		t.Errorf("%s has no Example", name)
	}
}

func read(t *testing.T, room string) *documented {
	files := token.NewFileSet()
	var code, tests []*ast.File
	entries, err := os.ReadDir(filepath.Join(top, room))
	require.NoError(t, err)
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".go" {
			continue
		}
		file, err := parser.ParseFile(files, filepath.Join(top, room, entry.Name()), nil, parser.ParseComments)
		require.NoError(t, err)
		if strings.HasSuffix(entry.Name(), "_test.go") {
			tests = append(tests, file)
		} else {
			code = append(code, file)
		}
	}
	p, err := doc.NewFromFiles(files, code, module+"/"+room)
	require.NoError(t, err)
	all := &documented{p, map[string]bool{}, map[string]bool{}}
	for _, example := range doc.Examples(tests...) {
		if slices.Contains(shownRooms, room) && example.Output == "" && !example.EmptyOutput {
			t.Errorf("Example%s checks no output", example.Name)
		}
		all.add(example)
	}
	return all
}

func (p *documented) add(example *doc.Example) {
	p.examples[example.Name] = true
	i := strings.LastIndex(example.Name, "_")
	if i > 0 && 'a' <= example.Name[i+1] && example.Name[i+1] <= 'z' {
		p.examples[example.Name[:i]] = true
	}
	ast.Inspect(example.Code, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			p.used[name.Name] = true
		}
		return true
	})
}
