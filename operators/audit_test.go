package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestAudit(t *testing.T) {
	for src, want := range map[string]string{
		"-a-xy-----b--x--cxxx--|": "-----y--------x-----x-|",
		"-a-|":                    "-----(a|)",
		"-a-#":                    "---#",
		"(ab|)":                   "----(b|)",
		"-a--------":              "-----a----",
		"|":                       "|",
		"#":                       "#",
	} {
		requireMarbles(t, want, operators.Audit(marbles(src), frames(4)))
	}
}

func TestAuditOfABusySource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// It begins with items 1, 12 and 23.
		requireResult(t, operators.Audit(busy(25), 1050*time.Millisecond), nil, 11, 22, 25)
	})
}

func TestAuditKeepsTheContract(t *testing.T) {
	checkOperator(t, func(src numbers) numbers { return operators.Audit(src, 1500*time.Millisecond) },
		observabletest.Varying())
}

func TestAuditMisused(t *testing.T) {
	requirePanic(t, "operators.Audit: nil", func() { operators.Audit[int](nil, 1) })
	requirePanic(t, "operators.Audit: d is 0s,", func() { operators.Audit(source.Of(1), 0) })
}
