package gallery_test

import (
	"go/ast"
	"go/types"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// catalogue is the page that lists all operators by task.
const catalogue = "../../docs/operators.md"

// The catalogue names everything that package operators exports, and links every operator that the gallery shows.
func TestCatalogueIsComplete(t *testing.T) {
	text, err := os.ReadFile(catalogue)
	require.NoError(t, err)
	for _, name := range exported(operatorsDoc(t)) {
		require.Contains(t, string(text), "`"+name+"`")
	}
	for name := range cases() {
		require.Contains(t, string(text), "[`"+name+"`](gallery/README.md#"+strings.ToLower(name)+")")
	}
}

// Everything that the catalogue names exists.
func TestCatalogueNamesWhatExists(t *testing.T) {
	text, err := os.ReadFile(catalogue)
	require.NoError(t, err)
	names := exported(operatorsDoc(t))
	for _, name := range regexp.MustCompile("`([A-Z][A-Za-z0-9]*)`").FindAllStringSubmatch(string(text), -1) {
		if name[1] != "Observe" && name[1] != "Try" {
			require.Contains(t, names, name[1])
		}
	}
	gallery := page(t)
	for _, link := range regexp.MustCompile(`gallery/README\.md#(\w+)`).FindAllStringSubmatch(string(text), -1) {
		require.Contains(t, gallery, "](#"+link[1]+")")
	}
}

// The gallery shows every operator that has a duration, several streams, or streams of streams.
func TestGalleryIsComplete(t *testing.T) {
	shown := cases()
	for _, f := range operatorsOf(operatorsDoc(t)) {
		if inTime(f.Decl.Type) || severalStreams(f.Decl.Type) {
			require.True(t, shown[f.Name], "the gallery has no %s", f.Name)
		}
	}
}

// cases returns the operators that the gallery shows.
func cases() map[string]bool {
	shown := map[string]bool{}
	for _, section := range sections {
		for _, c := range section.cases {
			shown[c.operator] = true
		}
	}
	return shown
}

func inTime(f *ast.FuncType) bool {
	return strings.Contains(types.ExprString(f), "time.Duration")
}

func severalStreams(f *ast.FuncType) bool {
	streams := 0
	for _, parameter := range f.Params.List {
		text := types.ExprString(parameter.Type)
		streams += strings.Count(text, "observable.Observable[") * max(1, len(parameter.Names))
		if strings.HasPrefix(text, "...observable.Observable") {
			streams++
		}
	}
	return streams > 1 || strings.Contains(types.ExprString(f), "[observable.Observable[") || f.Results.NumFields() > 1
}
