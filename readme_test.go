package rivulet_test

import (
	"bufio"
	"go/format"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

var goBlocks = regexp.MustCompile("(?s)```go\n(.*?)```")

// The README has one block of Go, a program, which follows the feed of examples/visitors.
func TestTheProgramOfTheReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := goBlocks.FindAllSubmatch(readme, -1)
	require.Len(t, blocks, 1)
	program := blocks[0][1]
	formatted, err := format.Source(program)
	require.NoError(t, err)
	require.Equal(t, string(formatted), string(program))

	folder := t.TempDir()
	code, binary := filepath.Join(folder, "main.go"), filepath.Join(folder, "hello")
	require.NoError(t, os.WriteFile(code, program, 0o644))
	output, err := exec.Command("go", "build", "-o", binary, code).CombinedOutput()
	require.NoError(t, err, "%s", output)

	output, err = exec.Command(binary).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(output), "usage")

	server := httptest.NewServer(feed())
	defer server.Close()
	following := exec.Command(binary, server.URL)
	stdout, err := following.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, following.Start())
	lines := bufio.NewScanner(stdout)
	for _, line := range []string{"🇬🇭 Ghana and 0 before", "🇵🇪 Peru and 1 before"} {
		require.True(t, lines.Scan())
		require.Equal(t, line, lines.Text())
	}
	require.NoError(t, following.Process.Signal(os.Interrupt))
	require.False(t, lines.Scan())
	require.NoError(t, following.Wait())
}

// feed serves events like those of examples/visitors, two of them of the type "visitor".
func feed() *sink.Handler[map[string]any] {
	visitors := operators.Concat(
		source.Of(
			map[string]any{"connected": true},
			map[string]any{"name": "Ghana", "flag": "🇬🇭", "code": "GH", "timestamp": 1},
			map[string]any{"name": "Peru", "flag": "🇵🇪", "code": "PE", "timestamp": 2},
		),
		source.Never[map[string]any](),
	)
	return sink.EventSource(visitors, sink.Config[map[string]any]{
		Type: func(event map[string]any) string {
			if event["name"] == nil {
				return "connected"
			}
			return "visitor"
		},
	})
}
