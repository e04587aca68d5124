package main

import (
	"bytes"
	"fmt"
	"strings"
)

// chain is three operators in both forms. E is the element type, and src an Observable of it.
type chain struct{ functions, methods string }

var chains = []chain{{
	functions: `operators.History(operators.Take(operators.Filter(src, E.valid), 10), 3)`,
	methods:   `fluent.From(src).Filter(E.valid).Take(10).History(3)`,
}, {
	functions: `operators.BufferCount(operators.Debounce(operators.DistinctBy(src, E.key), 1), 4, 4)`,
	methods:   `fluent.From(src).DistinctBy(E.key).Debounce(1).BufferCount(4, 4)`,
}, {
	functions: `operators.Scan(operators.Skip(operators.TakeWhile(src, E.valid), 1), 0, E{}.add)`,
	methods:   `fluent.From(src).TakeWhile(E.valid).Skip(1).Scan(0, E{}.add)`,
}, {
	functions: `operators.TakeUntil(operators.Merge(operators.ConcatMap(src, E.double), src), src)`,
	methods:   `fluent.From(src).ConcatMap(E.double).Merge(src).TakeUntil(src)`,
}, {
	functions: `operators.Pairwise(operators.EndWith(operators.TakeLast(src, 3), E{}))`,
	methods:   `fluent.From(src).TakeLast(3).EndWith(E{}).Pairwise()`,
}}

// program returns a package whose chains have that form. The element types differ in size, so that the compiler makes
// code of its own for each.
func program(form string, types int) []byte {
	var code bytes.Buffer
	imported := map[string]string{"functions": "operators", "methods": "fluent"}[form]
	fmt.Fprintf(&code, "package %s\n\nimport (\n\t\"context\"\n\n", form)
	for _, name := range []string{imported, "observable", "source"} {
		fmt.Fprintf(&code, "\t\"github.com/rivulet-go/rivulet/%s\"\n", name)
	}
	fmt.Fprint(&code, ")\n")
	for i := range types {
		c := chains[i%len(chains)]
		expression := map[string]string{"functions": c.functions, "methods": c.methods}[form]
		name := fmt.Sprintf("E%d", i+1)
		expression = strings.NewReplacer("E.", name+".", "E{", name+"{").Replace(expression)
		code.WriteString(strings.NewReplacer("NAME", name, "SIZE", fmt.Sprint(i+1), "CHAIN", expression).Replace(element))
	}
	return code.Bytes()
}

const element = `
type NAME struct{ values [SIZE]int }

func (v NAME) valid() bool                               { return v.values[0] != 0 }
func (v NAME) key() int                                  { return v.values[0] }
func (v NAME) double() observable.Observable[NAME]       { return source.Of(v, v) }
func (NAME) add(sum int, v NAME) int                     { return sum + v.values[0] }

func Run_NAME(ctx context.Context, items []NAME) (int, error) {
	src := source.FromSlice(items)
	collected, err := CHAIN.Collect(ctx)
	return len(collected), err
}
`
