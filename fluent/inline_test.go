package fluent_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// roomForMethod is the greatest cost of an operator that leaves room for its method: the compiler inlines functions
// whose cost is up to 80, and a method costs up to 32 more than the operator.
const roomForMethod = 80 - 32

var (
	inlinedOperator = regexp.MustCompile(`: can inline operators\.([A-Z]\w*)\[go\.shape[^ ]*( \{\}[^ ]*)?\] with cost (\d+)`)
	refusedMethod   = regexp.MustCompile(`: cannot inline fluent\.Stream\[.*\]\.([A-Z]\w*)\[`)
)

// A chain compiles to one loop only if the compiler inlines its constructors. The calls that it is asked about are
// those of the tests of this package.
func TestTheCompilerInlinesTheMethodOfAnOperatorThatItInlines(t *testing.T) {
	output, err := exec.Command("go", "test", "-c", "-gcflags=-m=2", "-o", os.DevNull, ".").CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "inline fluent.Stream[go.shape.int].Map[", "the compiler says nothing of methods")

	costs := map[string]int{}
	for _, found := range inlinedOperator.FindAllStringSubmatch(string(output), -1) {
		costs[found[1]], err = strconv.Atoi(found[3])
		require.NoError(t, err)
	}
	require.Contains(t, costs, "Map", "the compiler inlines no operator")
	for line := range strings.Lines(string(output)) {
		if found := refusedMethod.FindStringSubmatch(line); found != nil {
			cost, inlined := costs[found[1]]
			require.False(t, inlined && cost <= roomForMethod, "%sthe operator is inlined, with cost %d", line, cost)
		}
	}
}
