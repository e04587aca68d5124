//go:build !race

package operators_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
)

// allocations are those of one operator.
type allocations struct {
	measure  measurement
	start    int // to build the operator and run it over a source without an item
	thousand int // for each thousand items
	precision
}

// precision is how far the allocations of 2,000 items may be from twice those of a thousand. Those of the start are
// always exact.
type precision int

const (
	exact precision = iota
	near            // by 20 and 2 %: they depend on which goroutine is first, or on how append grows a slice
)

func (p precision) of(want int) float64 {
	if p == exact {
		return 0
	}
	return 20 + float64(want)/50
}

// measurement returns the allocations of building an operator and running it over n items, to its end.
type measurement func(ctx context.Context, n int) float64

// over measures an operator of numbers.
func over[T any](op func(src numbers) observable.Observable[T]) measurement {
	return func(ctx context.Context, n int) float64 { return allocationsOf(ctx, op, eights(n)) }
}

// overStreams measures an operator of streams, over n streams of one item.
func overStreams[T any](op func(src observable.Observable[numbers]) observable.Observable[T]) measurement {
	inner := eights(1)
	return func(ctx context.Context, n int) float64 { return allocationsOf(ctx, op, repeated(n, inner)) }
}

// allocationsOf returns how often op and its run over src allocate. Without a bubble, the operators that wait would
// take their time.
func allocationsOf[A, B any](
	ctx context.Context, op func(observable.Observable[A]) observable.Observable[B], src observable.Observable[A],
) float64 {
	return testing.AllocsPerRun(20, func() {
		err := op(src)(ctx, func(B) bool { return true })
		if err != nil && !slices.Contains(verdicts, err) {
			panic(err)
		}
	})
}

// verdicts are the errors with which operators such as First end a stream of the wrong length.
var verdicts = []error{observable.ErrEmpty, operators.ErrMoreThanOne, operators.ErrOutOfRange}

// eights emits n numbers below 8 and allocates nothing.
func eights(n int) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		for i := range n {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(i % 8) {
				return nil
			}
		}
		return nil
	}
}

// repeated emits v n times and allocates nothing.
func repeated[T any](n int, v T) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		return eights(n)(ctx, func(int) bool { return emit(v) })
	}
}

// eightPairs are the slices that twice returns, so that it allocates nothing.
var eightPairs = [8][]int{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}}

type (
	lists = observable.Observable[[]int]
	bools = observable.Observable[bool]
)

// allocationsOfOperators has every operator. A window or a group is read, so the operator that reads it is included.
var allocationsOfOperators = map[string]allocations{
	"All":                     {over(func(s numbers) bools { return operators.All(s, natural) }), 5, 0, exact},
	"Any":                     {over(func(s numbers) bools { return operators.Any(s, negative) }), 4, 0, exact},
	"Audit":                   {over(func(s numbers) numbers { return operators.Audit(s, time.Hour) }), 24, 0, near},
	"Average":                 {over(operators.Average[int]), 4, 0, exact},
	"BufferCount":             {over(func(s numbers) lists { return operators.BufferCount(s, 100, 100) }), 6, 10, exact},
	"BufferTimeOrCount":       {over(func(s numbers) lists { return operators.BufferTimeOrCount(s, time.Hour, 100) }), 25, 10, near},
	"BufferTime":              {over(func(s numbers) lists { return operators.BufferTime(s, time.Hour) }), 25, 0, near},
	"BufferWhen":              {over(func(s numbers) lists { return operators.BufferWhen(s, silent) }), 40, 0, near},
	"Catch":                   {over(func(s numbers) numbers { return operators.Catch(s, func(error) numbers { return silent }) }), 5, 0, exact},
	"CombineLatest2":          {over(func(s numbers) numbers { return operators.CombineLatest2(s, s, add) }), 53, 0, near},
	"CombineLatest3":          {over(func(s numbers) numbers { return operators.CombineLatest3(s, s, s, add3) }), 72, 0, near},
	"CombineLatest4":          {over(func(s numbers) numbers { return operators.CombineLatest4(s, s, s, s, add4) }), 89, 0, near},
	"CombineLatestAll":        {over(func(s numbers) lists { return operators.CombineLatestAll(s, s) }), 47, 1994, near},
	"ConcatAll":               {overStreams(operators.ConcatAll[int]), 7, 1000, exact},
	"ConcatMapEager":          {over(func(s numbers) numbers { return operators.ConcatMapEager(s, 4, always(eights(1))) }), 30, 16504, near},
	"ConcatMap":               {over(func(s numbers) numbers { return operators.ConcatMap(s, always(eights(1))) }), 8, 1000, exact},
	"Concat":                  {over(func(s numbers) numbers { return operators.Concat(s, s) }), 7, 0, exact},
	"Connectable.AutoConnect": {over(func(s numbers) numbers { return operators.Publish(s).AutoConnect(1) }), 28, 0, near},
	"Connectable.Observable":  {over(connected), 65, 4, near},
	"Contains":                {over(func(s numbers) bools { return operators.Contains(s, -1) }), 5, 0, exact},
	"Count":                   {over(operators.Count[int]), 6, 0, exact},
	"Debounce":                {over(func(s numbers) numbers { return operators.Debounce(s, time.Hour) }), 24, 0, near},
	"DefaultIfEmpty":          {over(func(s numbers) numbers { return operators.DefaultIfEmpty(s, 7) }), 5, 0, exact},
	"DelaySubscription":       {over(func(s numbers) numbers { return operators.DelaySubscription(s, time.Second) }), 5, 0, exact},
	"Delay":                   {over(func(s numbers) numbers { return operators.Delay(s, time.Second) }), 29, 4, near},
	"Dematerialize":           {over(func(s numbers) numbers { return operators.Dematerialize(operators.Materialize(s)) }), 8, 0, exact},
	"DistinctBy":              {over(func(s numbers) numbers { return operators.DistinctBy(s, identity[int]) }), 4, 0, exact},
	"DistinctUntilChangedBy":  {over(func(s numbers) numbers { return operators.DistinctUntilChangedBy(s, identity[int]) }), 4, 0, exact},
	"DistinctUntilChanged":    {over(operators.DistinctUntilChanged[int]), 5, 0, exact},
	"Distinct":                {over(operators.Distinct[int]), 5, 0, exact},
	"ElementAt":               {over(func(s numbers) numbers { return operators.ElementAt(s, math.MaxInt) }), 4, 0, exact},
	"EndWith":                 {over(func(s numbers) numbers { return operators.EndWith(s, 7) }), 6, 0, exact},
	"Enumerate":               {over(operators.Enumerate[int]), 4, 0, exact},
	"ExhaustAll":              {overStreams(operators.ExhaustAll[int]), 29, 0, near},
	"ExhaustMap":              {over(func(s numbers) numbers { return operators.ExhaustMap(s, always(eights(1))) }), 30, 0, near},
	"Expand":                  {over(func(s numbers) numbers { return operators.Expand(s, always(eights(0))) }), 9, 5000, exact},
	"Filter":                  {over(func(s numbers) numbers { return operators.Filter(s, even) }), 3, 0, exact},
	"Finally":                 {over(func(s numbers) numbers { return operators.Finally(s, func(error) {}) }), 2, 0, exact},
	"Find":                    {over(func(s numbers) numbers { return operators.Find(s, negative) }), 3, 0, exact},
	"First":                   {over(operators.First[int]), 4, 0, exact},
	"FlatMap":                 {over(func(s numbers) numbers { return operators.FlatMap(s, 4, always(eights(1))) }), 31, 8000, near},
	"Flatten":                 {over(func(s numbers) numbers { return operators.Flatten(operators.Map(s, twice)) }), 7, 0, exact},
	"ForkJoin":                {over(func(s numbers) lists { return operators.ForkJoin(s, s) }), 40, 0, near},
	"GroupBy":                 {over(inGroups), 61, 0, near},
	"History":                 {over(func(s numbers) lists { return operators.History(s, 20) }), 4, 13, exact},
	"IgnoreElements":          {over(operators.IgnoreElements[int]), 3, 0, exact},
	"IsEmpty":                 {over(operators.IsEmpty[int]), 5, 0, exact},
	"Join":                    {over(func(s numbers) numbers { return operators.Join(s, eights(1), time.Hour, add) }), 51, 0, near},
	"Last":                    {over(operators.Last[int]), 6, 0, exact},
	"Log":                     {over(func(s numbers) numbers { return operators.Log(s, slog.New(slog.DiscardHandler), "item") }), 9, 0, exact},
	"MapError":                {over(func(s numbers) numbers { return operators.MapError(s, identity[error]) }), 5, 0, exact},
	"Map":                     {over(func(s numbers) numbers { return operators.Map(s, double) }), 3, 0, exact},
	"Materialize":             {over(operators.Materialize[int]), 4, 0, exact},
	"MaxBy":                   {over(maxBy[int]), 7, 0, exact},
	"Max":                     {over(operators.Max[int]), 5, 0, exact},
	"MergeAll":                {overStreams(func(s observable.Observable[numbers]) numbers { return operators.MergeAll(s, 4) }), 30, 8000, near},
	"MergeDelayError":         {over(func(s numbers) numbers { return operators.MergeDelayError(s, s) }), 39, 0, near},
	"Merge":                   {over(func(s numbers) numbers { return operators.Merge(s, s) }), 35, 0, near},
	"MinBy":                   {over(minBy[int]), 7, 0, exact},
	"Min":                     {over(operators.Min[int]), 5, 0, exact},
	"ObserveOn":               {over(func(s numbers) numbers { return operators.ObserveOn(s, 16) }), 21, 0, near},
	"OfType":                  {over(operators.OfType[int, int]), 3, 0, exact},
	"OnBackpressureBuffer":    {over(func(s numbers) numbers { return operators.OnBackpressureBuffer(s, 16, observable.DropOldest, nil) }), 14, 0, near},
	"OnBackpressureDrop":      {over(func(s numbers) numbers { return operators.OnBackpressureDrop(s, nil) }), 14, 0, near},
	"OnBackpressureLatest":    {over(operators.OnBackpressureLatest[int]), 14, 0, near},
	"OnErrorResumeNext":       {over(func(s numbers) numbers { return operators.OnErrorResumeNext(s, s) }), 7, 0, exact},
	"OnErrorReturn":           {over(func(s numbers) numbers { return operators.OnErrorReturn(s, func(error) int { return 7 }) }), 5, 0, exact},
	"Pairwise":                {over(operators.Pairwise[int]), 4, 0, exact},
	"ParallelMap":             {over(func(s numbers) numbers { return operators.ParallelMap(s, 4, tryDouble) }), 27, 1000, near},
	"Partition":               {over(func(s numbers) numbers { yes, _ := operators.Partition(s, even); return yes }), 3, 0, exact},
	"Race":                    {over(func(s numbers) numbers { return operators.Race(s, silent) }), 55, 0, near},
	"RateLimit": {over(func(s numbers) numbers {
		return operators.RateLimit(s, rate.NewLimiter(rate.Every(time.Millisecond), 1))
	}), 6, 4000, exact},
	"Reduce":            {over(func(s numbers) numbers { return operators.Reduce(s, 0, add) }), 5, 0, exact},
	"Repeat":            {over(func(s numbers) numbers { return operators.Repeat(s, 1) }), 4, 0, exact},
	"Retry":             {over(func(s numbers) numbers { return operators.Retry(s, retry.Policy{}) }), 5, 0, exact},
	"Sample":            {over(func(s numbers) numbers { return operators.Sample(s, silent) }), 39, 0, near},
	"Scan":              {over(func(s numbers) numbers { return operators.Scan(s, 0, add) }), 4, 0, exact},
	"SequenceEqual":     {over(func(s numbers) bools { return operators.SequenceEqual(s, s) }), 51, 0, near},
	"ShareReplay":       {over(func(s numbers) numbers { return operators.ShareReplay(s, 2) }), 28, 0, near},
	"Share":             {over(operators.Share[int]), 28, 0, near},
	"Single":            {over(operators.Single[int]), 6, 0, exact},
	"SkipLast":          {over(func(s numbers) numbers { return operators.SkipLast(s, 3) }), 4, 0, exact},
	"SkipUntil":         {over(func(s numbers) numbers { return operators.SkipUntil(s, silent) }), 26, 0, near},
	"SkipWhile":         {over(func(s numbers) numbers { return operators.SkipWhile(s, even) }), 4, 0, exact},
	"Skip":              {over(func(s numbers) numbers { return operators.Skip(s, 3) }), 4, 0, exact},
	"StartWith":         {over(func(s numbers) numbers { return operators.StartWith(s, 7) }), 4, 0, exact},
	"SubscribeOn":       {over(operators.SubscribeOn[int]), 24, 0, near},
	"Sum":               {over(operators.Sum[int]), 6, 0, exact},
	"SwitchAll":         {overStreams(operators.SwitchAll[int]), 42, 48, near},
	"SwitchIfEmpty":     {over(func(s numbers) numbers { return operators.SwitchIfEmpty(s, s) }), 4, 0, exact},
	"SwitchMap":         {over(func(s numbers) numbers { return operators.SwitchMap(s, always(eights(1))) }), 43, 48, near},
	"TakeLast":          {over(func(s numbers) numbers { return operators.TakeLast(s, 3) }), 4, 0, exact},
	"TakeThrough":       {over(func(s numbers) numbers { return operators.TakeThrough(s, natural) }), 3, 0, exact},
	"TakeUntilDone":     {over(neverDone), 13, 0, exact},
	"TakeUntil":         {over(func(s numbers) numbers { return operators.TakeUntil(s, silent) }), 24, 0, near},
	"TakeWhile":         {over(func(s numbers) numbers { return operators.TakeWhile(s, natural) }), 3, 0, exact},
	"Take":              {over(func(s numbers) numbers { return operators.Take(s, math.MaxInt) }), 4, 0, exact},
	"Tap":               {over(func(s numbers) numbers { return operators.Tap(s, observable.Observer[int]{Next: func(int) {}}) }), 5, 0, exact},
	"ThrottleFirst":     {over(func(s numbers) numbers { return operators.ThrottleFirst(s, time.Hour) }), 4, 0, exact},
	"ThrottleLast":      {over(func(s numbers) numbers { return operators.ThrottleLast(s, time.Hour) }), 24, 0, near},
	"ThrottleLatest":    {over(func(s numbers) numbers { return operators.ThrottleLatest(s, time.Hour) }), 24, 0, near},
	"ThrowIfEmpty":      {over(func(s numbers) numbers { return operators.ThrowIfEmpty(s, observable.ErrEmpty) }), 5, 0, exact},
	"TimeInterval":      {over(operators.TimeInterval[int]), 4, 0, exact},
	"TimeoutWith":       {over(func(s numbers) numbers { return operators.TimeoutWith(s, time.Hour, silent) }), 14, 0, exact},
	"Timeout":           {over(func(s numbers) numbers { return operators.Timeout(s, time.Hour) }), 15, 0, exact},
	"Timestamp":         {over(operators.Timestamp[int]), 3, 0, exact},
	"ToMap":             {over(func(s numbers) observable.Observable[map[int]int] { return operators.ToMap(s, pair) }), 7, 0, exact},
	"ToSlice":           {over(operators.ToSlice[int]), 6, 0, near},
	"TryFilter":         {over(func(s numbers) numbers { return operators.TryFilter(s, tryEven) }), 5, 0, exact},
	"TryMap":            {over(func(s numbers) numbers { return operators.TryMap(s, tryDouble) }), 5, 0, exact},
	"TryScan":           {over(func(s numbers) numbers { return operators.TryScan(s, 0, tryAdd) }), 6, 0, exact},
	"WindowCount":       {over(func(s numbers) numbers { return operators.ConcatAll(operators.WindowCount(s, 100)) }), 39, 180, near},
	"WindowTimeOrCount": {over(func(s numbers) numbers { return operators.ConcatAll(operators.WindowTimeOrCount(s, time.Hour, 100)) }), 61, 185, near},
	"WindowTime":        {over(func(s numbers) numbers { return operators.ConcatAll(operators.WindowTime(s, time.Hour)) }), 61, 0, near},
	"WindowWhen":        {over(func(s numbers) numbers { return operators.ConcatAll(operators.WindowWhen(s, silent)) }), 76, 0, near},
	"WithLatestFrom":    {over(func(s numbers) numbers { return operators.WithLatestFrom(s, silent, add) }), 26, 0, near},
	"Zip2":              {over(func(s numbers) numbers { return operators.Zip2(s, s, add) }), 37, 0, near},
	"Zip3":              {over(func(s numbers) numbers { return operators.Zip3(s, s, s, add3) }), 51, 0, near},
	"Zip4":              {over(func(s numbers) numbers { return operators.Zip4(s, s, s, s, add4) }), 64, 0, near},
	"ZipAll":            {over(func(s numbers) lists { return operators.ZipAll(s, s) }), 39, 1000, near},
}

func pair(v int) (int, int) { return v, v }

func twice(v int) []int { return eightPairs[v] }

// connected subscribes to the stream of a Connectable and then connects it.
func connected(src numbers) numbers {
	c := operators.Publish(src)
	return operators.Merge(c.Observable(), func(ctx context.Context, _ func(int) bool) error {
		synctest.Wait() // until the other source is subscribed
		return c.Connect(ctx).Wait()
	})
}

// An operator allocates when it starts, and per item only what it emits: a slice, or what runs an inner stream.
func TestAllocations(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("counting statements changes what is inlined, and so what is allocated")
	}
	if strconv.IntSize != 64 {
		t.Skip("the numbers are those of 64 bits")
	}
	for name, op := range allocationsOfOperators {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				require.EqualValues(t, op.start, op.measure(t.Context(), 0), "at the start")
				items := op.measure(t.Context(), 4_000) - op.measure(t.Context(), 2_000)
				require.InDelta(t, 2*op.thousand, items, op.of(2*op.thousand), "for 2,000 items")
			})
		})
	}
}

func TestAllocationsAreThoseOfEveryOperator(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var names []string
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			require.NoError(t, err)
			names = append(names, operatorsIn(file)...)
		}
	}
	require.ElementsMatch(t, names, slices.Collect(maps.Keys(allocationsOfOperators)))
}

// operatorsIn returns the exported functions and methods of a file that return an Observable: "Map",
// "Connectable.Observable".
func operatorsIn(file *ast.File) (names []string) {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || !f.Name.IsExported() || !returnsAnObservable(f) {
			continue
		}
		if f.Recv == nil {
			names = append(names, f.Name.Name)
		} else if receiver := identifiers(f.Recv); ast.IsExported(receiver[1]) { // after the name that the method has for it
			names = append(names, receiver[1]+"."+f.Name.Name)
		}
	}
	return names
}

func returnsAnObservable(f *ast.FuncDecl) bool {
	return f.Type.Results != nil && slices.Contains(identifiers(f.Type.Results), "Observable")
}

// identifiers returns those within a piece of code, in its order.
func identifiers(code ast.Node) (names []string) {
	ast.Inspect(code, func(n ast.Node) bool {
		if identifier, ok := n.(*ast.Ident); ok {
			names = append(names, identifier.Name)
		}
		return true
	})
	return names
}
