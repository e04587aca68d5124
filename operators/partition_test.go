package operators_test

import (
	"testing"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestPartition(t *testing.T) {
	yes, no := operators.Partition(source.Range(1, 6), even)
	requireResult(t, yes, nil, 2, 4, 6)
	requireResult(t, no, nil, 1, 3, 5)
	yes, no = operators.Partition(failing(1, 2), even)
	requireResult(t, yes, errSource, 2)
	requireResult(t, no, errSource, 1)
}

func TestPartitionKeepsTheContract(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { yes, _ := operators.Partition(src, even); return yes })
	checkSynchronous(t, func(src numbers) numbers { _, no := operators.Partition(src, even); return no })
}

func TestPartitionMisused(t *testing.T) {
	requirePanic(t, "operators.Partition: nil", func() { operators.Partition(nil, even) })
	requirePanic(t, "operators.Partition: nil", func() { operators.Partition(source.Of(1), nil) })
}
