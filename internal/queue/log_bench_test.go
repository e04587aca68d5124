package queue

import (
	"context"
	"strconv"
	"sync"
	"testing"
)

// BenchmarkFanOut measures the cost of an item for each reader: with one log for all readers, and with a channel for each.
// A reader that can be canceled selects on the context too, and so does the sender: by a select with both cases, or by one
// with a single case first, which is cheaper while no reader waits. A reader of the bare channels can only wait for the end. (100,000 items for 1,000 readers: -benchtime 100000x.)
func BenchmarkFanOut(b *testing.B) {
	for _, readers := range []int{1, 10, 100, 1000} {
		b.Run("log/"+strconv.Itoa(readers), func(b *testing.B) { benchLog(b, readers) })
		for _, c := range []channels{
			{"channels", sendOrDone, receiveOrDone},
			{"channels-single-case-first", trySend, tryReceive},
			{"channels-bare", bareSend, bareReceive},
		} {
			b.Run(c.name+"/"+strconv.Itoa(readers), func(b *testing.B) { c.bench(b, readers) })
		}
	}
}

func benchLog(b *testing.B, readers int) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	l := NewLog[int](LogConfig{Capacity: 1024})
	var reading sync.WaitGroup
	for range readers {
		r := l.Join()
		reading.Go(func() { _ = r.Run(ctx, consume) })
	}
	fanOut(b, readers, func(v int) { l.Append(nil, v) }, func() { l.Close(nil); reading.Wait() })
}

var consume = func(v int) bool { return v >= 0 }

func fanOut(b *testing.B, readers int, send func(int), end func()) {
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		send(i)
	}
	end()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(readers), "ns/reader")
}

type channels struct {
	name    string
	send    func(done <-chan struct{}, c chan<- int, v int)
	receive func(done <-chan struct{}, c <-chan int) (int, bool)
}

func (how channels) bench(b *testing.B, readers int) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	all := make([]chan int, readers)
	var reading sync.WaitGroup
	for i := range all {
		all[i] = make(chan int, 1024)
		reading.Go(func() {
			for v, ok := how.receive(ctx.Done(), all[i]); ok; v, ok = how.receive(ctx.Done(), all[i]) {
				consume(v)
			}
		})
	}
	send := func(v int) {
		for _, c := range all {
			how.send(ctx.Done(), c, v)
		}
	}
	fanOut(b, readers, send, func() {
		for _, c := range all {
			close(c)
		}
		reading.Wait()
	})
}

func bareSend(_ <-chan struct{}, c chan<- int, v int) { c <- v }

func bareReceive(_ <-chan struct{}, c <-chan int) (v int, ok bool) {
	v, ok = <-c
	return v, ok
}

func sendOrDone(done <-chan struct{}, c chan<- int, v int) {
	select {
	case c <- v:
	case <-done:
	}
}

func receiveOrDone(done <-chan struct{}, c <-chan int) (v int, ok bool) {
	select {
	case v, ok = <-c:
		return v, ok
	case <-done:
		return 0, false
	}
}

func trySend(done <-chan struct{}, c chan<- int, v int) {
	select {
	case c <- v:
	default:
		sendOrDone(done, c, v)
	}
}

func tryReceive(done <-chan struct{}, c <-chan int) (v int, ok bool) {
	select {
	case v, ok = <-c:
		return v, ok
	default:
		return receiveOrDone(done, c)
	}
}
