package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// OfType emits the items whose dynamic type is B or, when B is an interface, implements it. A is an interface type
// as a rule, and is inferred: OfType[Login](events).
func OfType[B, A any](src observable.Observable[A]) observable.Observable[B] {
	must.NotNil("operators.OfType", src)
	return func(ctx context.Context, emit func(B) bool) error {
		return src(ctx, func(a A) bool {
			b, ok := any(a).(B)
			return !ok || emit(b)
		})
	}
}
