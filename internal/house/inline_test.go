package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// exempt lists the constructors that may exceed the inliner's budget: their streams start goroutines, wait for other
// goroutines or read a connection, so a call more does not matter. All other constructors are synchronous and must stay
// within the budget, so that the compiler can turn a chain of them into one loop.
var exempt = []string{
	"operators.Audit", "operators.BufferTime", "operators.BufferTimeOrCount", "operators.BufferWhen",
	"operators.CombineLatest2", "operators.CombineLatest3", "operators.CombineLatest4", "operators.CombineLatestAll",
	"operators.ConcatMapEager", "operators.Debounce", "operators.Delay", "operators.ExhaustAll",
	"operators.ExhaustMap", "operators.FlatMap", "operators.ForkJoin", "operators.GroupBy", "operators.Join",
	"operators.Merge", "operators.MergeAll", "operators.MergeDelayError", "operators.ObserveOn",
	"operators.OnBackpressureBuffer", "operators.OnBackpressureDrop", "operators.OnBackpressureLatest",
	"operators.ParallelMap", "operators.Race", "operators.Retry", "operators.Sample", "operators.SequenceEqual",
	"operators.Share", "operators.ShareReplay", "operators.SkipUntil", "operators.SubscribeOn", "operators.SwitchAll",
	"operators.SwitchMap", "operators.TakeUntil", "operators.TakeUntilDone", "operators.ThrottleLast", "operators.ThrottleLatest",
	"operators.Timeout", "operators.TimeoutWith", "operators.WindowCount", "operators.WindowTime",
	"operators.WindowTimeOrCount", "operators.WindowWhen", "operators.WithLatestFrom", "operators.Zip2",
	"operators.Zip3", "operators.Zip4", "operators.ZipAll", "source.FromCallback", "source.FromEventSource",
	"source.FromEventStream",
}

// consumers are the methods that end a chain. They must stay within the budget too.
var consumers = []string{"ForEach", "All", "Collect"}

func TestSynchronousConstructorsCanBeInlined(t *testing.T) {
	all := slices.Concat(constructors(t, "source"), constructors(t, "operators"), constructors(t, "observable"))
	for _, name := range exempt {
		require.True(t, slices.ContainsFunc(all, func(c constructor) bool { return c.name == name }), "there is no %s", name)
	}
	synchronous := slices.DeleteFunc(all, func(c constructor) bool { return slices.Contains(exempt, c.name) })
	verdicts := inlinability(compile(t, program(t, synchronous)))
	for _, c := range synchronous {
		verdict, found := verdicts[c.position]
		if !found && c.instance == "" {
			continue // only exempt constructors use this function
		}
		require.True(t, found, "the compiler does not mention %s at %s", c.name, c.position)
		if reason, cannot := strings.CutPrefix(verdict, "cannot inline "); cannot {
			t.Errorf("%s cannot be inlined: %s\nMake it cheaper, or add it to exempt if it is not synchronous.", c.name, reason)
		}
	}
}

// constructor is a function that returns an Observable, or a method that consumes one.
type constructor struct {
	name     string // such as operators.Map
	position string // such as operators/map.go:12:6
	instance string // such as operators.Map[int, int]; empty if the function is not exported
}

// constructors returns the constructors of a package, or the consumers of observable.
func constructors(t *testing.T, room string) (all []constructor) {
	paths, err := filepath.Glob(filepath.Join(top, room, "*.go"))
	require.NoError(t, err)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files, file := parse(t, path)
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && (isConsumer(f) || isConstructor(f)) {
				at := files.Position(f.Pos() + token.Pos(len("func ")))
				position := fmt.Sprintf("%s/%s:%d:%d", room, filepath.Base(path), at.Line, at.Column)
				all = append(all, constructor{room + "." + f.Name.Name, position, instance(room, f)})
			}
		}
	}
	return all
}

func parse(t *testing.T, path string) (*token.FileSet, *ast.File) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	require.NoError(t, err)
	return files, file
}

func isConsumer(f *ast.FuncDecl) bool {
	return f.Recv != nil && slices.Contains(consumers, f.Name.Name) &&
		types.ExprString(f.Recv.List[0].Type) == "Observable[T]"
}

func isConstructor(f *ast.FuncDecl) bool {
	return f.Recv == nil && f.Type.Results != nil && slices.ContainsFunc(f.Type.Results.List, func(result *ast.Field) bool {
		return strings.HasPrefix(types.ExprString(result.Type), "observable.Observable[")
	})
}

// instance returns an expression for the function with int, or a slice of it, for each of its type parameters.
func instance(room string, f *ast.FuncDecl) string {
	switch {
	case f.Recv != nil:
		return "observable.Observable[int]." + f.Name.Name
	case !f.Name.IsExported():
		return ""
	case f.Type.TypeParams == nil:
		return room + "." + f.Name.Name
	}
	var arguments []string
	for _, field := range f.Type.TypeParams.List {
		argument := "int"
		if strings.HasPrefix(types.ExprString(field.Type), "~[]") {
			argument = "[]int"
		}
		for range field.Names {
			arguments = append(arguments, argument)
		}
	}
	return fmt.Sprintf("%s.%s[%s]", room, f.Name.Name, strings.Join(arguments, ", "))
}

// program writes a package that uses all the constructors, so that the compiler looks at each of them.
func program(t *testing.T, all []constructor) (path string) {
	var text strings.Builder
	text.WriteString("package program\n")
	for _, room := range []string{"observable", "operators", "source"} {
		fmt.Fprintf(&text, "import %q\n", module+"/"+room)
	}
	text.WriteString("var Constructors = []any{\n")
	for _, c := range all {
		if c.instance != "" {
			fmt.Fprintf(&text, "%s,\n", c.instance)
		}
	}
	text.WriteString("}\n")
	path = filepath.Join(t.TempDir(), "program.go")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	return path
}

// compile returns what the compiler says about inlining in a package, in the functions that it uses, and in source,
// where it compiles those that have no type parameters.
func compile(t *testing.T, target string) string {
	command := exec.Command("go", "build", "-gcflags=-m=2", "-gcflags="+module+"/source=-m=2", "-o", os.DevNull, target)
	command.Dir = top
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return string(output)
}

var verdictLine = regexp.MustCompile(`(?m)^(.+):(\d+:\d+): (can(?:not)? inline (\S+?):? .*)$`)

// inlinability returns what the compiler says about each function, by position.
func inlinability(output string) map[string]string {
	verdicts := map[string]string{}
	for _, line := range verdictLine.FindAllStringSubmatch(output, -1) {
		path, place, verdict, name := line[1], line[2], line[3], line[4]
		if strings.Contains(name, "[") && !strings.Contains(name, "[go.shape.") {
			continue // a wrapper, which a direct call does not use
		}
		verdicts[filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path)+":"+place] = verdict
	}
	return verdicts
}

// A chain is one loop if all of the user's functions are inlined where it runs.
func TestChainsCompileToOneLoop(t *testing.T) {
	const path = "internal/house/testdata/chains.go"
	output := compile(t, path)
	files, file := parse(t, filepath.Join(top, path))
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		t.Run(f.Name.Name, func(t *testing.T) {
			functions, run := chain(f)
			require.True(t, run.IsValid(), "the chain is not run")
			for _, name := range functions {
				inlined := fmt.Sprintf(`(?m)chains\.go:%d:\d+: inlining call to %s$`, files.Position(run).Line, name)
				require.True(t, regexp.MustCompile(inlined).MatchString(output), "%s is not inlined where the chain runs", name)
			}
		})
	}
}

// chain returns the names that the compiler gives to the function literals and the loop of a chain, and where the chain
// is run.
func chain(f *ast.FuncDecl) (functions []string, run token.Pos) {
	literals := 0
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			literals++
			functions = append(functions, fmt.Sprintf("%s.func%d", f.Name.Name, literals))
		case *ast.RangeStmt:
			functions = append(functions, f.Name.Name+"-range1")
			run = n.For
		case *ast.SelectorExpr:
			if slices.Contains(consumers, n.Sel.Name) && !run.IsValid() {
				run = n.Sel.Pos()
			}
		}
		return true
	})
	return functions, run
}
