// Package must checks the arguments of functions that build a pipeline.
//
// A nil function or a negative count is a mistake in the program. It is found when the pipeline is built: the function
// panics, and the message names the function, the argument and its value.
//
// The constructors of synchronous sources and operators must stay within the compiler's budget for inlining. So they
// compare their arguments with nil themselves, and all checks of this package are cheap except [NotNil].
package must

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
)

// NotNil panics if one of a function's arguments is nil. It accepts functions, pointers, channels and interfaces.
func NotNil(function string, arguments ...any) {
	for i, argument := range arguments {
		if isNil(argument) {
			panic(fmt.Sprintf("%s: nil argument (number %d among those that must not be nil, a %T)", function, i+1, argument))
		}
	}
}

// Sources panics if one of an operator's sources is nil. It returns a copy of the slice, because the caller may change
// the one that it has passed.
func Sources[T any, F ~func(context.Context, func(T) bool) error](function string, sources []F) []F {
	for i, src := range sources {
		if src == nil {
			panic(mistake{"%s: nil source (number %d)", []any{function, i + 1}})
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

// NotNegative panics if value is less than zero.
func NotNegative[N number](function, argument string, value N) {
	if value < 0 {
		panic(mistake{"%s: %s is %v, it must not be negative", []any{function, argument, value}})
	}
}

// Positive panics if value is zero or less.
func Positive[N number](function, argument string, value N) {
	if value <= 0 {
		panic(mistake{"%s: %s is %v, it must be positive", []any{function, argument, value}})
	}
}

// number is a count or a duration.
type number interface {
	cmp.Ordered
	~int | ~int64 | ~float64
}

// Mistake returns an error with the text fmt.Sprintf(format, values...), for a panic.
func Mistake(format string, values ...any) error { return mistake{format, values} }

// mistake formats its text when the text is read. A call of fmt.Sprintf before the panic would use up the budget for
// inlining of the function that checks its argument.
type mistake struct {
	format string
	values []any
}

func (m mistake) Error() string { return fmt.Sprintf(m.format, m.values...) }
