package telemetry_test

import (
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A program that imports telemetry links the API of OpenTelemetry, but no SDK, exporter, broker client or WebSocket
// library, and of Rivulet only what it needs.
func TestWhoImportsWhom(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	require.Contains(t, deps, "go.opentelemetry.io/otel/metric")
	for _, path := range deps {
		for _, never := range []string{"otel/sdk", "otel/exporters", "prometheus", "nats", "coder/websocket", "rxgo"} {
			require.NotContains(t, path, never)
		}
	}
	out, err = exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`, ".").Output()
	require.NoError(t, err)
	for _, path := range strings.Fields(string(out)) {
		ours, is := strings.CutPrefix(path, "github.com/rivulet-go/rivulet/")
		require.False(t, is && !isAllowed[ours], path)
	}
}

var isAllowed = map[string]bool{"observable": true, "sink": true, "source": true, "internal/connect": true}

// The module does not know what only users of durable and websocket need.
func TestTheModuleNeedsNoBroker(t *testing.T) {
	sums, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	require.NotContains(t, string(sums), "nats-io")
	require.NotContains(t, string(sums), "coder/websocket")
}

// Everything exported has a doc comment, and every function an Example.
func TestEverythingIsDocumentedAndShown(t *testing.T) {
	files := token.NewFileSet()
	var code []*ast.File
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".go" {
			file, err := parser.ParseFile(files, entry.Name(), nil, parser.ParseComments)
			require.NoError(t, err)
			code = append(code, file)
		}
	}
	p, err := doc.NewFromFiles(files, code, "telemetry")
	require.NoError(t, err)
	shown := ""
	for _, example := range append(p.Examples, examplesOf(p)...) {
		var text strings.Builder
		require.NoError(t, format.Node(&text, files, example.Code))
		require.NotEmpty(t, example.Output, example.Name)
		shown += text.String()
	}
	for _, f := range functionsOf(p) {
		require.NotEmpty(t, f.Doc, f.Name)
		require.Contains(t, shown, "telemetry."+f.Name+"(", "%s has no Example", f.Name)
	}
	for _, typ := range p.Types {
		require.NotEmpty(t, typ.Doc, typ.Name)
	}
}

func functionsOf(p *doc.Package) []*doc.Func {
	all := p.Funcs
	for _, typ := range p.Types {
		all = append(all, typ.Funcs...)
	}
	return all
}

func examplesOf(p *doc.Package) (all []*doc.Example) {
	for _, f := range functionsOf(p) {
		all = append(all, f.Examples...)
	}
	return all
}
