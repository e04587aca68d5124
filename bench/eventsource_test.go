package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/launchdarkly/eventsource"
	r3labs "github.com/r3labs/sse/v2"
	gosse "github.com/tmaxmax/go-sse"

	listening "github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkEventSource reads 20,000 visitors over loopback HTTP: bytes, event, JSON, history of 20. The limit reads
// the body line by line and decodes the JSON, and does nothing else.
func BenchmarkEventSource(b *testing.B) {
	const n = 20_000
	stream := bytes.Repeat([]byte(visitorEvent), n)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write(stream)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done() // an end would be a lost connection
	}))
	defer server.Close()
	race(b, n, "event",
		limit(func() int { return readLines(server.URL, n) }),
		rivulet(func() int {
			visitors := operators.Map(source.FromEventSource[country](server.URL), source.Data[country])
			return sum(operators.Map(operators.Take(operators.History(visitors, 20), n), length))
		}),
		by("rivulet-listener", func() int { return readListener(server.URL, n) }),
		by("go-sse", func() int { return readGoSSE(server.URL, n) }),
		by("launchdarkly", func() int { return readLaunchDarkly(server.URL, n) }),
		by("r3labs", func() int { return readR3labs(server.URL, n) }),
	)
}

func length(history []country) int { return len(history) }

// lengths adds up what the lengths of the history are after n events.
func lengths(n int) (total int) {
	for i := range n {
		total += min(i+1, 20)
	}
	return total
}

// recent is the history of the contenders that have to write one. As in operators.History, a block fills from its end, so that
// the contenders differ in how they read events alone.
type recent struct {
	visitor  country // decoded into again and again, which saves an allocation
	block    []country
	free     int
	n, total int
}

func (r *recent) add(data []byte) {
	r.visitor = country{}
	if err := json.Unmarshal(data, &r.visitor); err != nil {
		panic(err)
	}
	r.keep(r.visitor)
}

func (r *recent) keep(visitor country) {
	if r.free == 0 {
		block, kept := make([]country, 96), r.block[:min(len(r.block), 20)]
		r.free = len(block) - len(kept)
		copy(block[r.free:], kept)
		r.block = block
	}
	r.free--
	r.block[r.free] = visitor
	history := r.block[r.free:min(r.free+20, len(r.block))]
	r.n++
	r.total += len(history)
}

func readLines(url string, n int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	lines := bufio.NewReaderSize(response.Body, 4<<10)
	var visitor country
	for i := 0; i < n; {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			panic(err)
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok {
			continue
		}
		visitor = country{}
		if err := json.Unmarshal(data, &visitor); err != nil {
			panic(err)
		}
		i++
	}
	return lengths(n)
}

func readListener(url string, n int) int {
	var r recent
	done := make(chan struct{})
	listener, err := listening.Listen(context.Background(), url, listening.Handlers[country]{
		OnMessage: func(e source.Event[country]) {
			if r.n == n {
				return
			}
			if r.keep(e.Data); r.n == n {
				close(done)
			}
		},
	})
	if err != nil {
		panic(err)
	}
	<-done
	listener.StopListening()
	listener.Wait()
	return r.total
}

func readGoSSE(url string, n int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	connection := gosse.NewConnection(request)
	var r recent
	connection.SubscribeToAll(func(e gosse.Event) {
		if r.n == n {
			return
		}
		if r.add([]byte(e.Data)); r.n == n {
			cancel()
		}
	})
	_ = connection.Connect() // ends with the context, which is its error
	return r.total
}

func readLaunchDarkly(url string, n int) int {
	request, _ := http.NewRequest(http.MethodGet, url, nil)
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := eventsource.SubscribeWithRequestAndOptions(request.WithContext(ctx))
	if err != nil {
		panic(err)
	}
	var r recent
	for r.n < n {
		r.add([]byte((<-stream.Events).Data()))
	}
	cancel()
	go func() { // Close waits until the event under way is taken
		for range stream.Events {
		}
	}()
	stream.Close()
	return r.total
}

func readR3labs(url string, n int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var r recent
	_ = r3labs.NewClient(url).SubscribeRawWithContext(ctx, func(e *r3labs.Event) {
		if r.n == n {
			return
		}
		if r.add(e.Data); r.n == n {
			cancel()
		}
	})
	return r.total
}
