package observabletest

import (
	"fmt"
	"reflect"
)

// compare reports what two runs of the same Observable gave differently, as far as both went.
func (t *trial[T]) compare(want, got result[T]) {
	switch {
	case t.varying:
	case want.ended && got.ended && len(want.items) != len(got.items):
		t.fail(lazyAndCold, "it gave %d items, another run %d", len(got.items), len(want.items))
	case want.ended && got.ended && !sameError(want.err, got.err):
		t.fail(lazyAndCold, "it ended with the error %v, another run with %v", got.err, want.err)
	case want.ended != got.ended && t.world.prompt == 0:
		t.fail(lazyAndCold, "it ended by itself: %v, another run: %v", got.ended, want.ended)
	case holdsIdentity(reflect.TypeFor[T](), map[reflect.Type]bool{}):
	case t.anyOrder && want.ended && got.ended:
		t.compareSets(want.items, got.items)
	case !t.anyOrder:
		t.compareItems(want.items, got.items)
	}
}

func (t *trial[T]) compareItems(want, got []T) {
	for i := range min(len(want), len(got)) {
		if !reflect.DeepEqual(want[i], got[i]) {
			t.fail(lazyAndCold, "its item %d is %v, that of another run %v", i+1, got[i], want[i])
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
		t.fail(lazyAndCold, "it gave the item %v, which another run had not given, or not as often", v)
		return
	}
}

func sameError(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// holdsIdentity tells whether values of a type hold functions or channels, which differ from run to run.
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
