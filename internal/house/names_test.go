package house

import (
	"go/doc"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

var mentioned = regexp.MustCompile(`\b(durable|observable|observabletest|operators|retry|rivulet|rxbridge|sink|source|telemetry|websocket)\.([A-Z]\w*)`)

// Every name of a package that a README or a page of docs mentions is exported there.
func TestNamesInDocsExist(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(top, "docs", "*.md"))
	require.NoError(t, err)
	guides, err := filepath.Glob(filepath.Join(top, "docs", "guide", "*.md"))
	require.NoError(t, err)
	exported := map[string][]string{}
	readmes, err := filepath.Glob(filepath.Join(top, "*", "README.md"))
	require.NoError(t, err)
	for _, page := range slices.Concat([]string{filepath.Join(top, "README.md")}, readmes, pages, guides) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, found := range mentioned.FindAllStringSubmatch(string(text), -1) {
			room := found[1]
			if room == "rivulet" {
				room = "."
			}
			if exported[room] == nil {
				exported[room] = exportedBy(read(t, room).Package)
			}
			if !slices.Contains(exported[room], found[2]) {
				t.Errorf("%s: there is no %s", page, found[0])
			}
		}
	}
}

// exportedBy returns the exported names of a package, except methods.
func exportedBy(p *doc.Package) (names []string) {
	for _, t := range p.Types {
		names = append(names, t.Name)
		p.Funcs, p.Consts, p.Vars = append(p.Funcs, t.Funcs...), append(p.Consts, t.Consts...), append(p.Vars, t.Vars...)
	}
	for _, f := range p.Funcs {
		names = append(names, f.Name)
	}
	for _, v := range append(p.Consts, p.Vars...) {
		names = append(names, v.Names...)
	}
	return names
}
