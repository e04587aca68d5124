package rivulet_test

import (
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var programs = regexp.MustCompile("(?s)```go\n(package main\n.*?)```")

func TestTheProgramOfTheReadmeCompiles(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	found := programs.FindAllSubmatch(readme, -1)
	require.NotEmpty(t, found)
	for _, program := range found {
		formatted, err := format.Source(program[1])
		require.NoError(t, err)
		require.Equal(t, string(formatted), string(program[1]))
		file := filepath.Join(t.TempDir(), "main.go")
		require.NoError(t, os.WriteFile(file, program[1], 0o644))
		findings, err := exec.Command("go", "vet", file).CombinedOutput()
		require.NoError(t, err, "%s", findings)
	}
}
