package gallery_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

// A section of the gallery shows a family of operators.
type section struct {
	title string
	cases []scenario
}

// A scenario shows an operator. The first call of the operator in act is the code that the picture shows.
type scenario struct {
	operator string
	act      func(*scene)
}

var sections = []section{
	{"Transform", transform},
	{"Flatten", flatten},
	{"Buffers, windows and groups", buffers},
	{"Select items", selection},
	{"Limit the rate", rates},
	{"Combine streams", combination},
	{"Errors and retries", failures},
	{"Time", timing},
	{"Share one run", sharing},
	{"Slow consumers (30 ms for each item)", pressure},
}

// pair is the function with which the gallery combines items.
func pair(v, w string) string { return v + w }

// from returns a function that returns the stream of a picture, in which each x stands for the function's argument.
func (s *scene) from(picture string) func(string) stream {
	return func(v string) stream {
		return s.source("f("+v+")", strings.ReplaceAll(picture, "x", v))
	}
}

// after calls f when d has passed.
func (s *scene) after(d time.Duration, f func()) { time.AfterFunc(d, f) }

// calls returns a function, and shows its calls as items.
func (s *scene) calls(label string, result bool) func(string) {
	s.mu.Lock()
	s.streams++
	r := &run{label: label, result: result, stream: s.streams}
	s.mu.Unlock()
	note := s.begin(r)
	return func(v string) { note(item, v) }
}

// branches runs a stream of streams, and shows it and each of them.
func branches(s *scene, label string, o observable.Observable[stream]) {
	n := 0
	all := operators.FlatMap(shown(s, label+"s", true, o), 100, func(branch stream) stream {
		n++
		return shown(s, fmt.Sprint(label, " ", n), true, branch)
	})
	observe(s, 0, all)
}

// slowly runs a stream with a consumer that takes 30 ms for each item.
func slowly(s *scene, o stream) { observe(s, 3*frame, shown(s, "result", true, o)) }

var transform = []scenario{
	{"Scan", func(s *scene) {
		src := s.source("src", "-a--b--c-|")
		result(s, "result", operators.Scan(src, "", pair))
	}},
	{"Reduce", func(s *scene) {
		src := s.source("src", "-a--b--c-|")
		result(s, "result", operators.Reduce(src, "", pair))
	}},
	{"History", func(s *scene) {
		src := s.source("src", "-a---b---c---d-|")
		result(s, "result", operators.History(src, 3))
	}},
	{"Pairwise", func(s *scene) {
		src := s.source("src", "-a---b---c-|")
		result(s, "result", operators.Pairwise(src))
	}},
	{"StartWith", func(s *scene) {
		src := s.source("src", "---b-c-|")
		result(s, "result", operators.StartWith(src, "a"))
	}},
	{"EndWith", func(s *scene) {
		src := s.source("src", "-a-b--|")
		result(s, "result", operators.EndWith(src, "z"))
	}},
	{"DefaultIfEmpty", func(s *scene) {
		src := s.source("src", "-----|")
		result(s, "result", operators.DefaultIfEmpty(src, "z"))
	}},
	{"SwitchIfEmpty", func(s *scene) {
		src := s.source("src", "----|")
		fallback := s.source("fallback", "-a-b-|")
		result(s, "result", operators.SwitchIfEmpty(src, fallback))
	}},
	{"Repeat", func(s *scene) {
		src := s.source("src", "-a-b-|")
		result(s, "result", operators.Repeat(src, 2))
	}},
	{"TimeInterval", func(s *scene) {
		src := s.source("src", "---a-----b-------c--|")
		result(s, "result", operators.TimeInterval(src))
	}},
}

var flatten = []scenario{
	{"FlatMap", func(s *scene) {
		src, f := s.source("src", "-a-b-c-----|"), s.from("-x---x-|")
		result(s, "result", operators.FlatMap(src, 2, f))
	}},
	{"ConcatMap", func(s *scene) {
		src, f := s.source("src", "-a-b----c-|"), s.from("-x--x|")
		result(s, "result", operators.ConcatMap(src, f))
	}},
	{"SwitchMap", func(s *scene) {
		src, f := s.source("src", "-a-b------c-|"), s.from("--x--x|")
		result(s, "result", operators.SwitchMap(src, f))
	}},
	{"ExhaustMap", func(s *scene) {
		src, f := s.source("src", "-a-b------c-|"), s.from("--x--x|")
		result(s, "result", operators.ExhaustMap(src, f))
	}},
	{"ConcatMapEager", func(s *scene) {
		src, f := s.source("src", "-a-b-------|"), s.from("-x---x|")
		result(s, "result", operators.ConcatMapEager(src, 2, f))
	}},
	{"ParallelMap", func(s *scene) {
		src := s.source("src", "-a-b-c-|")
		work := map[string]string{"a": "------A", "b": "--B", "c": "--C"}
		f := func(ctx context.Context, v string) (string, error) { return s.source("f("+v+")", work[v]).First(ctx) }
		result(s, "result", operators.ParallelMap(src, 2, f))
	}},
	{"Expand", func(s *scene) {
		src := s.source("src", "-a---------|")
		below := map[string]string{"a": "--(bc)|", "b": "--d|"}
		f := func(v string) stream { return s.source("f("+v+")", cmp.Or(below[v], "|")) }
		result(s, "result", operators.Expand(src, f))
	}},
	{"MergeAll", func(s *scene) {
		streams := operators.Map(s.source("src", "-a-b--|"), s.from("-x---x-|"))
		result(s, "result", operators.MergeAll(streams, 2))
	}},
	{"ConcatAll", func(s *scene) {
		streams := operators.Map(s.source("src", "-a-b--|"), s.from("-x--x|"))
		result(s, "result", operators.ConcatAll(streams))
	}},
	{"SwitchAll", func(s *scene) {
		streams := operators.Map(s.source("src", "-a-b--|"), s.from("--x--x|"))
		result(s, "result", operators.SwitchAll(streams))
	}},
	{"ExhaustAll", func(s *scene) {
		streams := operators.Map(s.source("src", "-a-b--|"), s.from("--x--x|"))
		result(s, "result", operators.ExhaustAll(streams))
	}},
}

var buffers = []scenario{
	{"BufferCount", func(s *scene) {
		src := s.source("src", "-a-b--c--d--e-|")
		result(s, "result", operators.BufferCount(src, 2, 2))
	}},
	{"BufferTime", func(s *scene) {
		src := s.source("src", "-a-b---------c-d-|")
		result(s, "result", operators.BufferTime(src, 50*time.Millisecond))
	}},
	{"BufferTimeOrCount", func(s *scene) {
		src := s.source("src", "-a-bc-d-------e--|")
		result(s, "result", operators.BufferTimeOrCount(src, 50*time.Millisecond, 3))
	}},
	{"BufferWhen", func(s *scene) {
		src := s.source("src", "-a-b---c---d-e-|")
		boundary := s.source("boundary", "-----x--------x-------")
		result(s, "result", operators.BufferWhen(src, boundary))
	}},
	{"WindowCount", func(s *scene) {
		src := s.source("src", "-a-b--c--d--e-|")
		branches(s, "window", operators.WindowCount(src, 2))
	}},
	{"WindowTime", func(s *scene) {
		src := s.source("src", "-a-b---------c-d-|")
		branches(s, "window", operators.WindowTime(src, 50*time.Millisecond))
	}},
	{"WindowTimeOrCount", func(s *scene) {
		src := s.source("src", "-a-bc-d-------e--|")
		branches(s, "window", operators.WindowTimeOrCount(src, 50*time.Millisecond, 3))
	}},
	{"WindowWhen", func(s *scene) {
		src := s.source("src", "-a-b---c---d-e-|")
		boundary := s.source("boundary", "-----x--------x-------")
		branches(s, "window", operators.WindowWhen(src, boundary))
	}},
	{"GroupBy", func(s *scene) {
		src := s.source("src", "-a--b--A--B--a-|")
		groups := operators.GroupBy(src, strings.ToLower)
		all := operators.FlatMap(shown(s, "groups", true, groups), 100, func(g operators.Group[string, string]) stream {
			return shown(s, "group "+g.Key, true, g.Items)
		})
		observe(s, 0, all)
	}},
	{"Partition", func(s *scene) {
		src := s.source("src", "-a--B--c--D-|")
		isLower := func(v string) bool { return v == strings.ToLower(v) }
		yes, no := operators.Partition(src, isLower)
		result(s, "yes", yes)
		result(s, "no", no)
	}},
}

var selection = []scenario{
	{"Take", func(s *scene) {
		src := s.source("src", "-a--b--c--d-|")
		result(s, "result", operators.Take(src, 2))
	}},
	{"TakeLast", func(s *scene) {
		src := s.source("src", "-a--b--c-|")
		result(s, "result", operators.TakeLast(src, 2))
	}},
	{"TakeWhile", func(s *scene) {
		src := s.source("src", "-a--b--C--d-|")
		isLower := func(v string) bool { return v == strings.ToLower(v) }
		result(s, "result", operators.TakeWhile(src, isLower))
	}},
	{"TakeThrough", func(s *scene) {
		src := s.source("src", "-a--b--C--d-|")
		isLower := func(v string) bool { return v == strings.ToLower(v) }
		result(s, "result", operators.TakeThrough(src, isLower))
	}},
	{"TakeUntil", func(s *scene) {
		src, notifier := s.source("src", "-a--b--c--d-|"), s.source("notifier", "--------x--|")
		result(s, "result", operators.TakeUntil(src, notifier))
	}},
	{"TakeUntilDone", func(s *scene) {
		src := s.source("src", "-a--b--c--d-|")
		shutdown, begin := context.WithCancel(s.ctx)
		canceled := s.calls("shutdown", false)
		s.after(8*frame, func() {
			canceled("x")
			begin()
		})
		result(s, "result", operators.TakeUntilDone(src, shutdown))
	}},
	{"Skip", func(s *scene) {
		src := s.source("src", "-a--b--c--d-|")
		result(s, "result", operators.Skip(src, 2))
	}},
	{"SkipLast", func(s *scene) {
		src := s.source("src", "-a--b--c--d-|")
		result(s, "result", operators.SkipLast(src, 2))
	}},
	{"SkipWhile", func(s *scene) {
		src := s.source("src", "-a--b--C--d-|")
		isLower := func(v string) bool { return v == strings.ToLower(v) }
		result(s, "result", operators.SkipWhile(src, isLower))
	}},
	{"SkipUntil", func(s *scene) {
		src, notifier := s.source("src", "-a--b--c--d-|"), s.source("notifier", "-----x--|")
		result(s, "result", operators.SkipUntil(src, notifier))
	}},
	{"Distinct", func(s *scene) {
		src := s.source("src", "-a--b--b--a--c-|")
		result(s, "result", operators.Distinct(src))
	}},
	{"DistinctUntilChanged", func(s *scene) {
		src := s.source("src", "-a--b--b--a--c-|")
		result(s, "result", operators.DistinctUntilChanged(src))
	}},
}
