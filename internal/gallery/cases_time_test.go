package gallery_test

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
)

var rates = []scenario{
	{"Debounce", func(s *scene) {
		src := s.source("src", "-a-b-c--------d-|")
		result(s, "result", operators.Debounce(src, 40*time.Millisecond))
	}},
	{"ThrottleFirst", func(s *scene) {
		src := s.source("src", "-a-b-c--------d-|")
		result(s, "result", operators.ThrottleFirst(src, 60*time.Millisecond))
	}},
	{"ThrottleLast", func(s *scene) {
		src := s.source("src", "-a-b-c--------d-|")
		result(s, "result", operators.ThrottleLast(src, 60*time.Millisecond))
	}},
	{"ThrottleLatest", func(s *scene) {
		src := s.source("src", "-a-b-c--------d-|")
		result(s, "result", operators.ThrottleLatest(src, 60*time.Millisecond))
	}},
	{"Audit", func(s *scene) {
		src := s.source("src", "-a-b-c--------d-|")
		result(s, "result", operators.Audit(src, 60*time.Millisecond))
	}},
	{"Sample", func(s *scene) {
		src, notifier := s.source("src", "-a--b-c-----d----"), s.source("notifier", "--x----x--x--x--|")
		result(s, "result", operators.Sample(src, notifier))
	}},
	{"RateLimit", func(s *scene) {
		src := s.source("src", "-abc----------d-|")
		limiter := rate.NewLimiter(rate.Every(40*time.Millisecond), 1)
		result(s, "result", operators.RateLimit(src, limiter))
	}},
}

var combination = []scenario{
	{"Merge", func(s *scene) {
		a, b := s.source("a", "-1---2---3-|"), s.source("b", "---x---y-----|")
		result(s, "result", operators.Merge(a, b))
	}},
	{"Concat", func(s *scene) {
		a, b := s.source("a", "-1--2-|"), s.source("b", "-x--y-|")
		result(s, "result", operators.Concat(a, b))
	}},
	{"Race", func(s *scene) {
		a, b := s.source("a", "----1--2--3-|"), s.source("b", "--x---y--|")
		result(s, "result", operators.Race(a, b))
	}},
	{"Zip2", func(s *scene) {
		a, b := s.source("a", "-1-2---3----|"), s.source("b", "---x---y-|")
		result(s, "result", operators.Zip2(a, b, pair))
	}},
	{"Zip3", func(s *scene) {
		a, b, c := s.source("a", "-1-2-----|"), s.source("b", "---x---y-|"), s.source("c", "--A-----B|")
		join := func(v, w, x string) string { return v + w + x }
		result(s, "result", operators.Zip3(a, b, c, join))
	}},
	{"Zip4", func(s *scene) {
		a, b, c, d := s.source("a", "-1-2|"), s.source("b", "---x---y|"), s.source("c", "--A-----B|"), s.source("d", "-e---f|")
		join := func(v, w, x, y string) string { return v + w + x + y }
		result(s, "result", operators.Zip4(a, b, c, d, join))
	}},
	{"ZipAll", func(s *scene) {
		a, b := s.source("a", "-1-2---3----|"), s.source("b", "---x---y-|")
		result(s, "result", operators.ZipAll(a, b))
	}},
	{"CombineLatest2", func(s *scene) {
		a, b := s.source("a", "-1-----2------|"), s.source("b", "---x------y-|")
		result(s, "result", operators.CombineLatest2(a, b, pair))
	}},
	{"CombineLatest3", func(s *scene) {
		a, b, c := s.source("a", "-1-----2------|"), s.source("b", "---x------y-|"), s.source("c", "-A--|")
		join := func(v, w, x string) string { return v + w + x }
		result(s, "result", operators.CombineLatest3(a, b, c, join))
	}},
	{"CombineLatest4", func(s *scene) {
		a, b := s.source("a", "-1-------2------|"), s.source("b", "---x---------y-|")
		c, d := s.source("c", "-A--|"), s.source("d", "-----e|")
		join := func(v, w, x, y string) string { return v + w + x + y }
		result(s, "result", operators.CombineLatest4(a, b, c, d, join))
	}},
	{"CombineLatestAll", func(s *scene) {
		a, b := s.source("a", "-1-----2------|"), s.source("b", "---x------y-|")
		result(s, "result", operators.CombineLatestAll(a, b))
	}},
	{"WithLatestFrom", func(s *scene) {
		src, other := s.source("src", "-a---b--c----d-|"), s.source("other", "---x------y----------")
		result(s, "result", operators.WithLatestFrom(src, other, pair))
	}},
	{"ForkJoin", func(s *scene) {
		a, b := s.source("a", "-1--2----|"), s.source("b", "---x--|")
		result(s, "result", operators.ForkJoin(a, b))
	}},
	{"Join", func(s *scene) {
		a, b := s.source("a", "-1-----2---------|"), s.source("b", "---x-----y------z|")
		result(s, "result", operators.Join(a, b, 30*time.Millisecond, pair))
	}},
	{"SequenceEqual", func(s *scene) {
		a, b := s.source("a", "-1--2--3--|"), s.source("b", "--1----4----|")
		result(s, "result", operators.SequenceEqual(a, b))
	}},
}

var failures = []scenario{
	{"Catch", func(s *scene) {
		src, fallback := s.source("src", "-a--b--#"), s.source("fallback", "--c--d-|")
		use := func(error) stream { return fallback }
		result(s, "result", operators.Catch(src, use))
	}},
	{"OnErrorReturn", func(s *scene) {
		src := s.source("src", "-a--b--#")
		sorry := func(error) string { return "z" }
		result(s, "result", operators.OnErrorReturn(src, sorry))
	}},
	{"OnErrorResumeNext", func(s *scene) {
		a, b := s.source("a", "-1--2-#"), s.source("b", "-x--y-|")
		result(s, "result", operators.OnErrorResumeNext(a, b))
	}},
	{"Retry", func(s *scene) {
		pictures := []string{"-a-#", "-#", "-a-b-|"}
		src := stream(func(ctx context.Context, emit func(string) bool) error {
			picture := pictures[0]
			pictures = pictures[1:]
			return s.source("src", picture)(ctx, emit)
		})
		policy := retry.Policy{InitialDelay: 20 * time.Millisecond, Jitter: -1}
		result(s, "result", operators.Retry(src, policy))
	}},
	{"MergeDelayError", func(s *scene) {
		a, b := s.source("a", "-1--#"), s.source("b", "---x---y-|")
		result(s, "result", operators.MergeDelayError(a, b))
	}},
}

var timing = []scenario{
	{"Delay", func(s *scene) {
		src := s.source("src", "-a--b-c-|")
		result(s, "result", operators.Delay(src, 40*time.Millisecond))
	}},
	{"DelaySubscription", func(s *scene) {
		src := s.source("src", "-a--b-c-|")
		result(s, "result", operators.DelaySubscription(src, 40*time.Millisecond))
	}},
	{"Timeout", func(s *scene) {
		src := s.source("src", "-a--b---------c-|")
		result(s, "result", operators.Timeout(src, 50*time.Millisecond))
	}},
	{"TimeoutWith", func(s *scene) {
		src, fallback := s.source("src", "-a--b---------c-|"), s.source("fallback", "-x--y-|")
		result(s, "result", operators.TimeoutWith(src, 50*time.Millisecond, fallback))
	}},
}

var sharing = []scenario{
	{"Share", func(s *scene) {
		src := s.source("src", "--a--b--c--d-----")
		shared := operators.Share(src)
		first := result(s, "first", shared)
		s.after(45*time.Millisecond, func() {
			second := result(s, "second", shared)
			s.after(85*time.Millisecond, second.Dispose)
		})
		s.after(95*time.Millisecond, first.Dispose)
		s.after(155*time.Millisecond, func() { result(s, "third", operators.Take(shared, 1)) })
	}},
	{"ShareReplay", func(s *scene) {
		src := s.source("src", "--a--b--c--d-|")
		shared := operators.ShareReplay(src, 1)
		result(s, "first", shared)
		s.after(65*time.Millisecond, func() { result(s, "second", shared) })
	}},
	{"Publish", func(s *scene) {
		src := s.source("src", "--a--b--c-|")
		shared := operators.Publish(src).AutoConnect(2)
		result(s, "first", shared)
		s.after(35*time.Millisecond, func() { result(s, "second", shared) })
		s.after(75*time.Millisecond, func() { result(s, "third", shared) })
	}},
}

var pressure = []scenario{
	{"OnBackpressureBuffer", func(s *scene) {
		src, onDrop := s.source("src", "-abcdef--------g-|"), s.calls("onDrop", true)
		slowly(s, operators.OnBackpressureBuffer(src, 2, observable.DropOldest, onDrop))
	}},
	{"OnBackpressureDrop", func(s *scene) {
		src, onDrop := s.source("src", "-abcdef--------g-|"), s.calls("onDrop", true)
		slowly(s, operators.OnBackpressureDrop(src, onDrop))
	}},
	{"OnBackpressureLatest", func(s *scene) {
		src := s.source("src", "-abcdef--------g-|")
		slowly(s, operators.OnBackpressureLatest(src))
	}},
	{"ObserveOn", func(s *scene) {
		src := s.source("src", "-abcdefghi-|")
		slowly(s, operators.ObserveOn(src, 2))
	}},
	{"SubscribeOn", func(s *scene) {
		src := s.source("src", "-abcdef--------g-|")
		slowly(s, operators.SubscribeOn(src))
	}},
}
