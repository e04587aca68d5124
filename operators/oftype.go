package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// OfType emits the items whose dynamic type is B or, if B is an interface, implements B. It discards all others. A is
// usually an interface, and the compiler infers it: OfType[Login](events).
func OfType[B, A any](src observable.Observable[A]) observable.Observable[B] {
	if src == nil {
		panic("operators.OfType: nil source")
	}
	return func(ctx context.Context, emit func(B) bool) error {
		return src(ctx, func(a A) bool {
			b, ok := any(a).(B)
			return !ok || emit(b)
		})
	}
}
