// Package must panics on the mistakes of a programmer who builds a pipeline: a nil function, a negative count.
//
// Such a mistake is found when the pipeline is built, not when it runs, and no error handling could mend it;
// the message names the function that was called and the value that it was given.
package must

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// NotNil panics when one of a function's arguments is nil. It takes functions, pointers, channels and interfaces.
func NotNil(function string, arguments ...any) {
	for i, argument := range arguments {
		if isNil(argument) {
			panic(fmt.Sprintf("%s: nil argument (number %d among those that must not be nil, a %T)", function, i+1, argument))
		}
	}
}

// Sources panics if one of an operator's sources is nil, and returns a copy of them: the caller may change the slice
// that it has passed.
func Sources[F any](function string, sources []F) []F {
	for i, src := range sources {
		if isNil(src) {
			panic(fmt.Sprintf("%s: nil source (number %d)", function, i+1))
		}
	}
	return slices.Clone(sources)
}

func isNil(argument any) bool {
	if argument == nil {
		return true
	}
	switch v := reflect.ValueOf(argument); v.Kind() {
	case reflect.Func, reflect.Pointer, reflect.Chan, reflect.Map, reflect.Interface:
		return v.IsNil()
	default:
		return false
	}
}

// NotNegative panics when value is less than zero.
func NotNegative[N number](function, name string, value N) {
	if value < 0 {
		panic(fmt.Sprintf("%s: %s is %v, it must not be negative", function, name, value))
	}
}

// Positive panics when value is zero or less.
func Positive[N number](function, name string, value N) {
	if value <= 0 {
		panic(fmt.Sprintf("%s: %s is %v, it must be positive", function, name, value))
	}
}

// number takes counts and durations.
type number interface {
	cmp.Ordered
	~int | ~int64 | ~float64
}
