package queue

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"testing"
)

// BenchmarkBoundary hands b.N ints from one goroutine to another.
func BenchmarkBoundary(b *testing.B) {
	for _, capacity := range []int{1, 16, 128, 1024} {
		b.Run("inbox/"+strconv.Itoa(capacity), func(b *testing.B) { benchInbox(b, capacity, 1) })
		b.Run("channel/"+strconv.Itoa(capacity), func(b *testing.B) {
			items := make(chan int, capacity)
			go func() {
				for i := range b.N {
					items <- i
				}
				close(items)
			}()
			for v := range items {
				sink = v
			}
		})
		b.Run("channel+ctx/"+strconv.Itoa(capacity), func(b *testing.B) { benchChannel(b, capacity, 1) })
	}
}

// BenchmarkMerge shares one boundary among eight goroutines.
func BenchmarkMerge(b *testing.B) {
	b.Run("inbox", func(b *testing.B) { benchInbox(b, 128, 8) })
	b.Run("channel+ctx", func(b *testing.B) { benchChannel(b, 128, 8) })
}

var sink int

func benchInbox(b *testing.B, capacity, producers int) {
	in := NewInbox[int](capacity, make(chan struct{}, 1))
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	for range producers {
		lane := in.Open()
		go func() {
			for i := range b.N / producers {
				lane.Put(ctx.Done(), i)
			}
			lane.End(false)
		}()
	}
	benchConsumer(ctx, in)
}

func benchConsumer(ctx context.Context, q *Inbox[int]) {
	for {
		batch, more := q.Take()
		for _, v := range batch {
			sink = v
		}
		if len(batch) > 0 {
			continue
		}
		if !more {
			return
		}
		runtime.Gosched()
		select {
		case <-q.Ready():
		case <-ctx.Done():
		}
	}
}

func benchChannel(b *testing.B, capacity, producers int) {
	items := make(chan int, capacity)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var group sync.WaitGroup
	for range producers {
		group.Go(func() {
			for i := range b.N / producers {
				select {
				case items <- i:
				case <-ctx.Done():
				}
			}
		})
	}
	go func() {
		group.Wait()
		close(items)
	}()
	for v := range items {
		sink = v
	}
}
