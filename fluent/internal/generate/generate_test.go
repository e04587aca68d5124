package main

import (
	"bytes"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// top is the folder of package fluent.
const top = "../.."

var packages = map[string]*library{}

// loaded returns a package, which is read once.
func loaded(t *testing.T, path string) *library {
	if packages[path] == nil {
		p, err := load(top, path)
		require.NoError(t, err)
		packages[path] = p
	}
	return packages[path]
}

// current returns what go generate makes of the operators as they are.
func current(t *testing.T) *result {
	generated, err := generate(top)
	require.NoError(t, err)
	return generated
}

func TestTheGeneratedFilesAreThoseOfTheOperators(t *testing.T) {
	generated := current(t)
	for name, code := range generated.files {
		present, err := os.ReadFile(filepath.Join(top, name))
		require.NoError(t, err)
		require.True(t, bytes.Equal(code, present), "%s is stale: run go generate ./...", name)
	}
}

// throughVia are the operators without a method, and why they have none. docs/guide/fluent.md shows how each is used.
var throughVia = map[string]string{
	"Average":              "its items must be operators.Number",
	"Max":                  "its items must be cmp.Ordered",
	"Min":                  "its items must be cmp.Ordered",
	"Sum":                  "its items must be operators.Number",
	"Contains":             "its items must be comparable",
	"Distinct":             "its items must be comparable",
	"DistinctUntilChanged": "its items must be comparable",
	"SequenceEqual":        "its items must be comparable",

	"ConcatAll":     "its source is a stream of observable.Observable[T]",
	"ExhaustAll":    "its source is a stream of observable.Observable[T]",
	"MergeAll":      "its source is a stream of observable.Observable[T]",
	"SwitchAll":     "its source is a stream of observable.Observable[T]",
	"Dematerialize": "its source is a stream of operators.Notification[T]",
	"Flatten":       "its items must be ~[]T",

	"All":   "Observable has a method of that name",
	"First": "Observable has a method of that name",
	"Last":  "Observable has a method of that name",
}

func TestEveryOperatorIsAMethodOrGoesThroughVia(t *testing.T) {
	methods := methodsOfStream(t)
	operators := loaded(t, module+"/operators")
	missing := map[string]bool{}
	for _, name := range operators.Scope().Names() {
		object := operators.Scope().Lookup(name)
		if _, is := object.(*types.Func); is && object.Exported() && (!methods[name] || throughVia[name] != "") {
			missing[name] = true
		}
	}
	require.Equal(t, slices.Sorted(maps.Keys(throughVia)), slices.Sorted(maps.Keys(missing)))

	require.Equal(t, throughVia, current(t).absent)
}

func TestStreamHasTheMethodsOfObservable(t *testing.T) {
	methods := methodsOfStream(t)
	core := loaded(t, module+"/observable")
	for m := range core.Scope().Lookup("Observable").Type().(*types.Named).Methods() {
		require.True(t, !m.Exported() || methods[m.Name()], m.Name())
	}
}

func methodsOfStream(t *testing.T) map[string]bool {
	fluent := loaded(t, module+"/fluent")
	names := map[string]bool{}
	for m := range fluent.Scope().Lookup("Stream").Type().(*types.Named).Methods() {
		names[m.Name()] = true
		require.NotEmpty(t, fluent.docs["Stream."+m.Name()], m.Name())
		require.Positive(t, m.Signature().TypeParams().Len(), "%s is compiled for every type of item", m.Name())
	}
	return names
}

func TestTheGuideShowsEveryOperatorWithoutAMethod(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join(top, "../docs/guide/fluent.md"))
	require.NoError(t, err)
	for name := range throughVia {
		require.True(t, bytes.Contains(guide, []byte("| `"+name+"` |")), name)
	}
}

func TestTheMethodOfEachKindOfOperator(t *testing.T) {
	for operator, want := range map[string]string{
		"Keep": `func (src Stream[T]) Keep[_ lazy](d time.Duration, keep func(T) bool) Stream[T] {
return Stream[T](operators.Keep[T](observable.Observable[T](src), d, keep))`,
		"Change": `func (src Stream[T]) Change[B any](f func(T) B) Stream[B] {
return Stream[B](operators.Change[T, B](observable.Observable[T](src), f))`,
		"Named": `func (src Stream[T]) Named[T2 any](f func(T) T2) Stream[T2] {
return Stream[T2](operators.Named[T, T2](observable.Observable[T](src), f))`,
		"Built": `func (src Stream[T]) Built[R comparable, R2 plain.Pair[R, T]](key func(T) R) Stream[R2] {
o := operators.Built[T, R](observable.Observable[T](src), key)
return func(ctx context.Context, emit func(R2) bool) error {
	return o(ctx, func(v plain.Pair[R, T]) bool { return emit(R2(v)) })
}`,
		"Mapped": `func (src Stream[T]) Mapped[K comparable](key func(T) K) Stream[map[K]int] {
return Stream[map[K]int](operators.Mapped[T, K](observable.Observable[T](src), key))`,
		"Joined": `func (a Stream[T]) Joined[B any](b Source[B], values ...T) Stream[B] {
return Stream[B](operators.Joined[T, B](observable.Observable[T](a), b, values...))`,
		"Several": `func (src Stream[T]) Several[R []T](sources ...Source[T]) Stream[R] {
o := operators.Several[T](joined(src, sources)...)
return func(ctx context.Context, emit func(R) bool) error {
	return o(ctx, func(v []T) bool { return emit(R(v)) })
}`,
		"Inner": `func (src Stream[T]) Inner[S ~Source[T]](f func(T) S) Stream[T] {
return Stream[T](operators.Inner[T](observable.Observable[T](src), observing(f)))`,
		"Split": `func (src Stream[T]) Split[_ lazy]() (yes Stream[T], no Stream[T], err error) {
o0, o1, o2 := operators.Split[T](observable.Observable[T](src))
return Stream[T](o0), Stream[T](o1), o2`,
		"Handle": `func (src Stream[T]) Handle[_ lazy]() *plain.Pair[string, T] {
return operators.Handle[T](observable.Observable[T](src))`,
	} {
		t.Run(operator, func(t *testing.T) {
			m, why, err := newWriter().methodOf(function(t, "plain", operator), nil)
			require.NoError(t, err)
			require.Empty(t, why)
			require.Equal(t, want, m.signature()+" {\n"+m.body)
		})
	}
}

func TestWhyAnOperatorHasNoMethod(t *testing.T) {
	for operator, want := range map[string]string{
		"Comparable": "its items must be comparable",
		"Slices":     "its items must be ~[]T",
		"Nested":     "its source is a stream of observable.Observable[T]",
		"All":        "Observable has a method of that name",
		"Of":         "its first argument is not the source",
		"None":       "it takes no source",
	} {
		t.Run(operator, func(t *testing.T) {
			_, why, err := newWriter().methodOf(function(t, "plain", operator), map[string]bool{"All": true})
			require.NoError(t, err)
			require.Equal(t, want, why)
		})
	}
}

func TestAnOperatorWithoutARuleIsAnError(t *testing.T) {
	for operator, want := range map[string]string{
		"TwoArguments": "no rule for a function such as f: it makes a stream, but not of one argument",
		"Stage":        "no rule for a parameter such as f func(observable.Observable[T]) int",
		"Slice":        "no rule for a parameter such as others []observable.Observable[T]",
		"Dependent":    "no rule for a constraint such as S ~[]A",
		"SplitBuilt":   "no rule for the result observable.Observable[[]T] among several",
	} {
		t.Run(operator, func(t *testing.T) {
			_, _, err := newWriter().methodOf(function(t, "odd", operator), nil)
			require.EqualError(t, err, "operators."+operator+": "+want)
		})
	}
}

// function returns a function of a package in testdata.
func function(t *testing.T, folder, name string) *types.Func {
	p := loaded(t, module+"/fluent/internal/generate/testdata/"+folder)
	return p.Scope().Lookup(name).(*types.Func)
}

func TestTheCommentOfAMethod(t *testing.T) {
	p := loaded(t, module+"/fluent/internal/generate/testdata/plain")
	link := func(name string) string { return map[string]string{"Keep": "Stream.Keep", "Pair": "plain.Pair"}[name] }
	for operator, want := range map[string]string{
		"Keep":   "Keep keeps the type of the items.",
		"Change": "Change is like [Stream.Keep] with another item type, [plain.Pair.Key] of [observable.Observable].",
		"Joined": "Joined takes one further source, and several values.",
	} {
		require.Equal(t, want, relink(firstSentence(p.docs[operator]), link))
	}
}

func TestWrap(t *testing.T) {
	words := strings.Repeat("ninechars ", 13)
	require.Equal(t, "// "+strings.Repeat("ninechars ", 10)+"ninechars\n// ninechars ninechars\n", wrap(words))
}

func TestALongSignatureIsBroken(t *testing.T) {
	m := method{name: "Long", receiver: "src", typeParams: []param{{"A", "any"}, {"B", "any"}, {"K", "comparable"}},
		params: []param{{"first", "func(T, A) B"}, {"second", "func(T, A) B"}, {"third", "func(T, A, B) K"}, {"fourth", "func(K)"}}, results: "Stream[K]"}
	require.Equal(t, `func (src Stream[T]) Long[A, B any, K comparable](
first, second func(T, A) B, third func(T, A, B) K, fourth func(K),
) Stream[K]`, m.signature())
}

func TestLoadFails(t *testing.T) {
	_, err := load(top, module+"/nothing")
	require.ErrorContains(t, err, "go list "+module+"/nothing: exit status 1: ")
	_, err = load(filepath.Join(t.TempDir(), "nowhere"), module)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestRunFailsWithoutAModule(t *testing.T) {
	require.ErrorContains(t, run(t.TempDir()), "go list "+module+"/observable: ")
}
