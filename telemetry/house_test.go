package telemetry_test

import (
	"os/exec"
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

// The module does not require what only users of durable and websocket need.
func TestTheModuleRequiresNoBroker(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "all").Output()
	require.NoError(t, err)
	require.NotContains(t, string(out), "nats")
	require.NotContains(t, string(out), "coder/websocket")
}
