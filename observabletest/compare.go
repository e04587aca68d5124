package observabletest

import (
	"fmt"
	"reflect"
)

// compare reports how the results of two runs of the same Observable differ, as far as both runs went.
func (t *trial[T]) compare(want, got result[T]) {
	switch {
	case t.varying:
	case want.ended && got.ended && len(want.items) != len(got.items):
		t.failDifferent("it emitted %d items, another run %d", len(got.items), len(want.items))
	case want.ended && got.ended && !sameError(want.err, got.err):
		t.failDifferent("it returned the error %v, another run %v", got.err, want.err)
	case want.ended != got.ended && t.world.prompt == 0:
		t.failDifferent("it ended by itself: %v, another run: %v", got.ended, want.ended)
	case holdsIdentity(reflect.TypeFor[T](), map[reflect.Type]bool{}):
	case t.anyOrder && want.ended && got.ended:
		t.compareSets(want.items, got.items)
	case !t.anyOrder:
		t.compareItems(want.items, got.items)
	}
}

// failDifferent reports that the results of two runs differ.
func (t *trial[T]) failDifferent(format string, args ...any) {
	t.fail(lazyAndCold, format+". If the stream is hot, use Varying. If several of its events happen at the same "+
		"instant, chance decides which is first: use AnyOrder or Varying, or different times", args...)
}

func (t *trial[T]) compareItems(want, got []T) {
	for i := range min(len(want), len(got)) {
		if !reflect.DeepEqual(want[i], got[i]) {
			t.failDifferent("its item %d is %v, that of another run %v", i+1, got[i], want[i])
			return
		}
	}
}

func (t *trial[T]) compareSets(want, got []T) {
	used := make([]bool, len(want))
next:
	for _, v := range got {
		for i, w := range want {
			if !used[i] && reflect.DeepEqual(v, w) {
				used[i] = true
				continue next
			}
		}
		t.failDifferent("it emitted the item %v, which another run did not emit, or less often", v)
		return
	}
}

func sameError(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// holdsIdentity reports whether values of a type contain functions or channels, which differ from run to run.
func holdsIdentity(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return holdsIdentity(t.Elem(), seen)
	case reflect.Map:
		return holdsIdentity(t.Key(), seen) || holdsIdentity(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsIdentity(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}
