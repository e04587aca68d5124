// Package gallery_test draws docs/gallery: a marble diagram of each operator with several streams, or whose result
// depends on time. Each diagram shows a real run in virtual time. The tests run every case again and fail if a committed file differs.
//
// To draw the gallery again: go generate ./internal/gallery
package gallery_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

//go:generate go test . -run TestGallery -update

var update = flag.Bool("update", false, "write the files of docs/gallery instead of comparing them")

// folder is where the gallery is.
const folder = "../../docs/gallery"

func TestGallery(t *testing.T) {
	code := readCode(t)
	for _, section := range sections {
		for _, c := range section.cases {
			t.Run(c.operator, func(t *testing.T) {
				require.Contains(t, code, c.operator)
				holds(t, fileOf(c.operator), draw(c.operator, code[c.operator], play(t, c.act)))
			})
		}
	}
	t.Run("page", func(t *testing.T) { holds(t, "README.md", page(t)) })
}

// holds compares a file of the gallery with what it must contain, or writes it.
func holds(t *testing.T, name, want string) {
	path := filepath.Join(folder, name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, want == string(got), "%s differs; after go generate ./internal/gallery, git diff shows how", name)
}

// The gallery contains no file that no case draws.
func TestGalleryHasNoOtherFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	known := map[string]bool{"README.md": true}
	for _, section := range sections {
		for _, c := range section.cases {
			known[fileOf(c.operator)] = true
		}
	}
	for _, file := range files {
		require.True(t, known[filepath.Base(file)], "%s belongs to no case", file)
	}
}
