//go:build unix

package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/launchdarkly/eventsource"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
	"github.com/tmaxmax/go-sse"
)

// subscription is what every client is given.
type subscription struct {
	url    string
	client *http.Client
	opened func()
	event  func()
	failed func(error)
}

// subscribe starts a subscription; the function it returns ends it and waits for that.
type subscribe func(subscription) (stop func())

var clients = map[string]subscribe{"rivulet": rivulet, "launchdarkly": launchdarkly, "go-sse": goSSE}

func rivulet(s subscription) func() {
	events := source.FromEventSource[string](s.url, source.WithHTTPClient(s.client),
		source.WithOnOpen(func(*http.Response) { s.opened() }))
	sub := events.Subscribe(context.Background(), observable.Observer[source.Event[string]]{
		Next:  func(source.Event[string]) { s.event() },
		Error: s.failed,
	})
	return func() {
		sub.Dispose()
		<-sub.Done()
	}
}

func launchdarkly(s subscription) func() {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		stream, err := eventsource.SubscribeWithURL(s.url, eventsource.StreamOptionHTTPClient(s.client),
			eventsource.StreamOptionErrorHandler(func(err error) eventsource.StreamErrorHandlerResult {
				s.failed(err)
				return eventsource.StreamErrorHandlerResult{CloseNow: true}
			}))
		if err != nil {
			s.failed(err)
			return
		}
		s.opened()
		for {
			select {
			case <-stream.Events:
				s.event()
			case <-stop:
				stream.Close()
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-done
	}
}

func goSSE(s subscription) func() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
		if err != nil {
			s.failed(err)
			return
		}
		client := sse.Client{HTTPClient: s.client, ResponseValidator: func(r *http.Response) error {
			s.opened()
			return sse.DefaultValidator(r)
		}}
		connection := client.NewConnection(request)
		connection.SubscribeToAll(func(sse.Event) { s.event() })
		if err := connection.Connect(); !errors.Is(err, context.Canceled) {
			s.failed(err)
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
