package main

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/rivulet-go/rivulet"

// method is a method of Stream, as source text.
type method struct {
	name       string
	receiver   string
	typeParams []param
	params     []param
	results    string
	body       string
}

// param is a parameter or a type parameter of a method, as source text.
type param struct{ name, typ string }

// item is the type parameter of Stream.
var item = typeParam("T")

func typeParam(name string) *types.TypeParam {
	return types.NewTypeParam(types.NewTypeName(token.NoPos, nil, name, nil), types.Universe.Lookup("any").Type())
}

// observed returns T of an Observable[T].
func observed(t types.Type) (elem types.Type, is bool) {
	named, is := types.Unalias(t).(*types.Named)
	if !is || named.Obj().Name() != "Observable" || named.Obj().Pkg().Path() != module+"/observable" {
		return nil, false
	}
	return named.TypeArgs().At(0), true
}

// builder builds the method of one operator.
type builder struct {
	*writer
	operator *types.Func
	sig      *types.Signature   // with T as the item type of the source
	free     *types.Signature   // the same with another item type, to see what depends on it
	typeArgs []*types.TypeParam // for the operator
	method   method
	args     []string // for the operator
}

// methodOf returns the method for an operator or, if there can be none, why. The operators without one go through Via.
func (w *writer) methodOf(operator *types.Func, taken map[string]bool) (m method, why string, err error) {
	sig := operator.Signature()
	if sig.Params().Len() == 0 {
		return m, "it takes no source", nil
	}
	elem, is := source(sig)
	if !is {
		return m, "its first argument is not the source", nil
	}
	param, is := elem.(*types.TypeParam)
	switch {
	case !is:
		return m, fmt.Sprintf("its source is a stream of %s", newWriter().text(elem)), nil
	case !types.Identical(param.Constraint().Underlying(), types.Universe.Lookup("any").Type().Underlying()):
		return m, fmt.Sprintf("its items must be %s", newWriter().text(param.Constraint())), nil
	case taken[operator.Name()]:
		return m, "Observable has a method of that name", nil
	}
	b := &builder{writer: w, operator: operator, method: method{name: operator.Name()}}
	if err := b.build(param); err != nil {
		return m, "", fmt.Errorf("operators.%s: %w", operator.Name(), err)
	}
	return b.method, "", nil
}

// source returns the item type of the first parameter of an operator, if that is one source or any number.
func source(sig *types.Signature) (elem types.Type, is bool) {
	first := sig.Params().At(0).Type()
	if sig.Variadic() && sig.Params().Len() == 1 {
		first = first.(*types.Slice).Elem()
	}
	return observed(first)
}

// build makes the method. param is the item type of the source.
func (b *builder) build(param *types.TypeParam) error {
	if err := b.takeTypeParams(param); err != nil {
		return err
	}
	if err := b.takeParams(); err != nil {
		return err
	}
	if err := b.giveResults(); err != nil {
		return err
	}
	if len(b.method.typeParams) == 0 {
		b.addTypeParam("_", "lazy")
	}
	return nil
}

// dependent matches a constraint that has another type parameter in it.
var dependent = regexp.MustCompile(`\b[A-Z][A-Z0-9]*\b`)

// takeTypeParams makes type parameters of all type parameters of the operator but the item type of its source, param.
func (b *builder) takeTypeParams(param *types.TypeParam) (err error) {
	var with, without []types.Type
	for p := range b.operator.Signature().TypeParams().TypeParams() {
		arg, other := item, typeParam("U")
		if p != param {
			arg = typeParam(b.fresh(p.Obj().Name()))
			other = arg
			constraint := b.text(p.Constraint())
			if dependent.MatchString(constraint) {
				return fmt.Errorf("no rule for a constraint such as %s %s", p, constraint)
			}
			b.addTypeParam(arg.Obj().Name(), constraint)
		}
		b.typeArgs = append(b.typeArgs, arg)
		with, without = append(with, arg), append(without, other)
	}
	if b.sig, err = instance(b.operator, with); err != nil {
		return err
	}
	b.free, err = instance(b.operator, without)
	return err
}

func (b *builder) addTypeParam(name, constraint string) {
	b.method.typeParams = append(b.method.typeParams, param{name, constraint})
}

func instance(f *types.Func, args []types.Type) (*types.Signature, error) {
	t, err := types.Instantiate(nil, f.Type(), args, false)
	if err != nil {
		return nil, err
	}
	return t.(*types.Signature), nil
}

// fresh returns name or, if the method has a type parameter of that name already, the name with a number.
func (b *builder) fresh(name string) string {
	taken := func(name string) bool {
		return name == item.Obj().Name() || slices.ContainsFunc(b.method.typeParams, func(p param) bool {
			return p.name == name
		})
	}
	free := name
	for n := 2; taken(free); n++ {
		free = name + strconv.Itoa(n)
	}
	return free
}

// takeParams makes parameters of all parameters of the operator but the source, which is the receiver.
func (b *builder) takeParams() error {
	params := b.sig.Params()
	several := func(i int) bool { return b.sig.Variadic() && i == params.Len()-1 }
	first := params.At(0).Name()
	if several(0) {
		b.method.receiver = "src"
		b.method.params = []param{{first, "...Source[T]"}}
		b.args = []string{"joined(src, " + first + ")..."}
		return nil
	}
	b.method.receiver = first
	b.args = []string{"observable.Observable[T](" + first + ")"}
	for i := 1; i < params.Len(); i++ {
		if err := b.takeParam(params.At(i), several(i)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) takeParam(of *types.Var, several bool) error {
	name, typ := of.Name(), b.text(of.Type())
	arg := name
	if several {
		typ, arg = "..."+b.text(of.Type().(*types.Slice).Elem()), name+"..."
	}
	if elem, is := observed(of.Type()); is {
		typ = "Source[" + b.text(elem) + "]"
	}
	if f, is := of.Type().Underlying().(*types.Signature); is && f.Results().Len() == 1 {
		if elem, is := observed(f.Results().At(0).Type()); is {
			if f.Params().Len() != 1 || f.Variadic() {
				return fmt.Errorf("no rule for a function such as %s: it makes a stream, but not of one argument", name)
			}
			made := b.fresh("S")
			b.addTypeParam(made, "~Source["+b.text(elem)+"]")
			typ, arg = "func("+b.text(f.Params().At(0).Type())+") "+made, "observing("+name+")"
		}
	}
	if strings.Contains(typ, "observable.Observable[") {
		return fmt.Errorf("no rule for a parameter such as %s %s", name, typ)
	}
	b.method.params = append(b.method.params, param{name, typ})
	b.args = append(b.args, arg)
	return nil
}

// giveResults turns the Observables among the results of the operator into Streams.
func (b *builder) giveResults() error {
	call := fmt.Sprintf("operators.%s[%s](%s)", b.operator.Name(), b.list(b.typeArgs), strings.Join(b.args, ", "))
	results := b.sig.Results()
	if results.Len() != 1 {
		return b.giveSeveral(call)
	}
	elem, is := observed(results.At(0).Type())
	switch {
	case !is:
		b.method.results = b.text(results.At(0).Type())
		b.method.body = "return " + call
	case b.builtFromItem(0):
		b.retype(elem, call)
	default:
		b.method.results = "Stream[" + b.text(elem) + "]"
		b.method.body = "return " + b.method.results + "(" + call + ")"
	}
	return nil
}

// builtFromItem reports whether a result is a stream of items whose type has T in it, such as []T, and is not T.
func (b *builder) builtFromItem(result int) bool {
	elem, _ := observed(b.sig.Results().At(result).Type())
	other, _ := observed(b.free.Results().At(result).Type())
	return elem != types.Type(item) && !types.Identical(elem, other)
}

// retype makes the result a Stream[R], R being elem. The package documentation says why. What the method returns is a
// function of its own and not an assertion from Observable[elem] to Stream[R], because the compiler inlines it.
func (b *builder) retype(elem types.Type, call string) {
	r := b.fresh("R")
	b.addTypeParam(r, b.text(elem))
	b.method.results = "Stream[" + r + "]"
	b.imports["context"] = true
	b.method.body = fmt.Sprintf(`o := %s
return func(ctx context.Context, emit func(%s) bool) error {
	return o(ctx, func(v %s) bool { return emit(%[2]s(v)) })
}`, call, r, b.text(elem))
}

func (b *builder) giveSeveral(call string) error {
	var results, received, returned []string
	for i := range b.sig.Results().Len() {
		result := b.sig.Results().At(i)
		name, typ := fmt.Sprint("o", i), b.text(result.Type())
		received = append(received, name)
		if elem, is := observed(result.Type()); is {
			if b.builtFromItem(i) {
				return fmt.Errorf("no rule for the result %s among several", typ)
			}
			typ = "Stream[" + b.text(elem) + "]"
			name = typ + "(" + name + ")"
		}
		results = append(results, strings.TrimSpace(result.Name()+" "+typ))
		returned = append(returned, name)
	}
	b.method.results = "(" + strings.Join(results, ", ") + ")"
	b.method.body = strings.Join(received, ", ") + " := " + call + "\nreturn " + strings.Join(returned, ", ")
	return nil
}

func (b *builder) list(params []*types.TypeParam) string {
	var names []string
	for _, p := range params {
		names = append(names, p.Obj().Name())
	}
	return strings.Join(names, ", ")
}

// forward returns the method of Stream that calls the method of Observable.
func (w *writer) forward(f *types.Func) method {
	m := method{name: f.Name(), receiver: "src", typeParams: []param{{"_", "lazy"}}}
	var args []string
	for of := range f.Signature().Params().Variables() {
		m.params = append(m.params, param{of.Name(), w.text(of.Type())})
		args = append(args, of.Name())
	}
	var results []string
	for result := range f.Signature().Results().Variables() {
		results = append(results, w.text(result.Type()))
	}
	m.results = strings.Join(results, ", ")
	if len(results) > 1 {
		m.results = "(" + m.results + ")"
	}
	m.body = fmt.Sprintf("return observable.Observable[T](src).%s(%s)", m.name, strings.Join(args, ", "))
	return m
}
