package source_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// serve starts a server whose event stream is this text, and then stays open.
func serve(text string) *httptest.Server { return httptest.NewServer(held(text)) }

// serveAndEnd starts a server whose event stream is this text, and then ends.
func serveAndEnd(text string) *httptest.Server { return httptest.NewServer(body(text)) }

type visitor struct{ Name, Code string }

const visitors = `event: visitor
data: {"name":"United Kingdom","code":"GB"}

event: visitor
data: {"name":"France","code":"FR"}

`

func ExampleFromEventSource() {
	server := serve(visitors)
	defer server.Close()

	events := source.FromEventSource[visitor](server.URL)
	for event, err := range operators.Take(events, 2).All(context.Background()) {
		if err != nil {
			panic(err)
		}
		fmt.Println(event.Type, event.Data.Name)
	}
	// Output:
	// visitor United Kingdom
	// visitor France
}

func ExampleData() {
	server := serve(visitors)
	defer server.Close()

	countries := operators.Map(source.FromEventSource[visitor](server.URL), source.Data[visitor])
	first, _ := countries.First(context.Background())
	fmt.Println(first.Code)
	// Output: GB
}

func ExampleWithEvents() {
	server := serve("event: tick\ndata: no JSON, but nobody tries\n\n" + visitors)
	defer server.Close()

	events := source.FromEventSource[visitor](server.URL, source.WithEvents("visitor", "member"))
	first, _ := events.First(context.Background())
	fmt.Println(first.Data.Name)
	// Output: United Kingdom
}

func ExampleWithHeader() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		send(w, "data: "+r.Header.Get("Accept-Language")+"\n\n")
	}))
	defer server.Close()

	events := source.FromEventSource[string](server.URL, source.WithHeader("Accept-Language", "fr"))
	first, _ := events.First(context.Background())
	fmt.Println(first.Data)
	// Output: fr
}

func ExampleWithRequest() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		send(w, "data: "+r.Header.Get("Authorization")+"\n\n") // and ends, so that the client connects again
	}))
	defer server.Close()

	token := 0
	events := source.FromEventSource[string](server.URL,
		source.WithRequest(func(r *http.Request) error {
			token++ // a fresh one for each attempt
			r.Header.Set("Authorization", fmt.Sprint("Bearer ", token))
			return nil
		}),
		source.WithRetry(retry.Policy{InitialDelay: time.Millisecond}),
		source.WithLogger(slog.New(slog.DiscardHandler)))
	_ = operators.Take(events, 2).ForEach(context.Background(), func(e source.Event[string]) { fmt.Println(e.Data) })
	// Output:
	// Bearer 1
	// Bearer 2
}

func ExampleWithMethod() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prompt, _ := io.ReadAll(r.Body)
		send(w, "data: "+r.Method+" "+string(prompt)+"\n\n")
	}))
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithMethod(http.MethodPost, "application/json", []byte(`{"prompt":"hello"}`)))
	first, _ := events.First(context.Background())
	fmt.Println(first.Data)
	// Output: POST {"prompt":"hello"}
}

func ExampleWithLastEventID() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		send(w, "data: resumed after "+r.Header.Get("Last-Event-ID")+"\n\n")
	}))
	defer server.Close()

	events := source.FromEventSource[string](server.URL, source.WithLastEventID("41"))
	first, _ := events.First(context.Background())
	fmt.Println(first.Data)
	// Output: resumed after 41
}

func ExampleWithHTTPClient() {
	server := httptest.NewTLSServer(held("data: trusted\n\n"))
	defer server.Close()

	events := source.FromEventSource[string](server.URL, source.WithHTTPClient(server.Client()))
	first, _ := events.First(context.Background())
	fmt.Println(first.Data)
	// Output: trusted
}

func ExampleWithConnectTimeout() {
	server := httptest.NewServer(http.HandlerFunc(silence))
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithConnectTimeout(10*time.Millisecond),
		source.WithRetry(retry.Policy{MaxAttempts: 1}))
	_, err := events.First(context.Background())
	fmt.Println(errors.Is(err, source.ErrConnectTimeout))
	// Output: true
}

func ExampleWithIdleTimeout() {
	server := serve("data: the last for a long time\n\n")
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithIdleTimeout(10*time.Millisecond),
		source.WithRetry(retry.Policy{MaxAttempts: 1}))
	_, err := events.Collect(context.Background())
	fmt.Println(errors.Is(err, source.ErrIdleTimeout))
	// Output: true
}

func ExampleWithMaxEventBytes() {
	server := serve("data: 0123456789\n\n")
	defer server.Close()

	_, err := source.FromEventSource[string](server.URL, source.WithMaxEventBytes(9)).First(context.Background())
	if failure, ok := errors.AsType[*source.EventTooLargeError](err); ok {
		fmt.Println("longer than", failure.Limit, "bytes")
	}
	// Output: longer than 9 bytes
}

func ExampleWithRetry() {
	server := httptest.NewServer(status(http.StatusServiceUnavailable))
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithRetry(retry.Policy{InitialDelay: time.Millisecond, MaxAttempts: 3}),
		source.WithOnRetry(func(_ error, attempt int, _ time.Duration) { fmt.Println("failed:", attempt) }),
		source.WithLogger(slog.New(slog.DiscardHandler)))
	_, err := events.First(context.Background())
	if failure, ok := errors.AsType[*source.StatusError](err); ok {
		fmt.Println("given up:", failure.Code)
	}
	// Output:
	// failed: 1
	// failed: 2
	// given up: 503
}

func ExampleRetryStandard() {
	server := httptest.NewServer(status(http.StatusServiceUnavailable))
	defer server.Close()

	events := source.FromEventSource[string](server.URL, source.WithRetry(source.RetryStandard()))
	_, err := events.First(context.Background())
	if failure, ok := errors.AsType[*source.StatusError](err); ok {
		fmt.Println("given up at once:", failure.Code)
	}
	// Output: given up at once: 503
}

func ExampleWithCompleteOnEOF() {
	server := serveAndEnd("data: Hello\n\ndata: world\n\n")
	defer server.Close()

	events, err := source.FromEventSource[string](server.URL, source.WithCompleteOnEOF()).Collect(context.Background())
	fmt.Println(len(events), err)
	// Output: 2 <nil>
}

func ExampleWithDone() {
	server := serve(`data: {"text":"Hello"}` + "\n\n" + `data: {"text":" world"}` + "\n\ndata: [DONE]\n\n")
	defer server.Close()

	type chunk struct{ Text string }
	answer := source.FromEventSource[chunk](server.URL,
		source.WithDone(func(e source.Event[[]byte]) bool { return string(e.Data) == "[DONE]" }))
	_ = answer.ForEach(context.Background(), func(e source.Event[chunk]) { fmt.Print(e.Data.Text) })
	// Output: Hello world
}

func ExampleWithDecoder() {
	server := serve("data: <visitor><Name>France</Name></visitor>\n\n")
	defer server.Close()

	events := source.FromEventSource[visitor](server.URL, source.WithDecoder(xml.Unmarshal))
	first, _ := events.First(context.Background())
	fmt.Println(first.Data.Name)
	// Output: France
}

func ExampleWithOnParseError() {
	server := serveAndEnd("data: 1\n\nid: 2\ndata: two\n\ndata: 3\n\n")
	defer server.Close()

	prices := source.FromEventSource[int](server.URL,
		source.WithOnParseError(func(e *source.ParseError) { fmt.Printf("skipped %s: %s\n", e.ID, e.Data) }),
		source.WithCompleteOnEOF())
	_ = prices.ForEach(context.Background(), func(e source.Event[int]) { fmt.Println(e.Data) })
	// Output:
	// 1
	// skipped 2: two
	// 3
}

func ExampleWithOnOpen() {
	server := serve("data: a\n\n")
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithOnOpen(func(r *http.Response) { fmt.Println("open:", r.Status) }))
	_, _ = events.First(context.Background())
	// Output: open: 200 OK
}

func ExampleWithOnRetry() {
	server := serveAndEnd("retry: 1\ndata: a\n\n")
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithOnRetry(func(err error, attempt int, delay time.Duration) {
			fmt.Println(errors.Is(err, io.EOF), attempt, delay)
		}),
		source.WithLogger(slog.New(slog.DiscardHandler)))
	_, _ = operators.Take(events, 2).Collect(context.Background())
	// Output: true 1 1ms
}

func ExampleWithOnStateChange() {
	server := serve("data: a\n\n")
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithOnStateChange(func(s source.State) { fmt.Println(s) }))
	_, _ = events.First(context.Background())
	// Output:
	// Connecting
	// Open
	// Closed
}

func ExampleWithOnComment() {
	server := serve(": 3 listeners\n\ndata: a\n\n")
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithOnComment(func(text string) { fmt.Println(text) }))
	_, _ = events.First(context.Background())
	// Output: 3 listeners
}

func ExampleWithLogger() {
	server := serveAndEnd("retry: 1\ndata: a\n\n")
	defer server.Close()

	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "url" || a.Key == "error" {
				return slog.Attr{} // they differ from run to run
			}
			return a
		},
	}))
	events := source.FromEventSource[string](server.URL, source.WithLogger(logger))
	_, _ = operators.Take(events, 2).Collect(context.Background())
	// Output:
	// level=WARN msg="rivulet: event source: connection lost; reconnecting" attempt=1 delay=1ms
}

func ExampleWithPosition() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		send(w, "id: 41\ndata: after "+strconv.Quote(r.Header.Get("Last-Event-ID"))+"\n\n")
	}))
	defer server.Close()

	var position source.Position
	events := source.FromEventSource[string](server.URL, source.WithPosition(&position))
	for range 2 {
		first, _ := events.First(context.Background())
		fmt.Println(first.Data, "then at", position.LastEventID())
	}
	// Output:
	// after "" then at 41
	// after "41" then at 41
}

// Give up at the first failure, unless the server has been there once: then it will come back.
func ExampleRetryable() {
	opened := false
	events := source.FromEventSource[string]("http://127.0.0.1:1",
		source.WithOnOpen(func(*http.Response) { opened = true }),
		source.WithRetry(retry.Policy{
			Retryable: func(err error) bool { return opened && source.Retryable(err) },
		}))
	_, err := events.First(context.Background())
	_, isRefused := errors.AsType[*source.ConnectionError](err)
	fmt.Println(opened, isRefused)
	// Output: false true
}

// The first answer ends before an event, so the question is asked again. The second one ends after an event.
func ExampleWithRetryUntilFirstEvent() {
	server := httptest.NewServer(answers(body(""), body("data: Hello\n\n")))
	defer server.Close()

	events := source.FromEventSource[string](server.URL,
		source.WithRetryUntilFirstEvent(),
		source.WithRetry(retry.Policy{InitialDelay: -1}),
		source.WithLogger(slog.New(slog.DiscardHandler)))
	err := events.ForEach(context.Background(), func(e source.Event[string]) { fmt.Println(e.Data) })
	fmt.Println(errors.Is(err, io.EOF))
	// Output:
	// Hello
	// true
}

// The body is one that an API client has returned.
func ExampleFromEventStream() {
	body := strings.NewReader(`data: {"text":"Hello"}` + "\n\n" + `data: {"text":" world"}` + "\n\ndata: [DONE]\n\n")

	type chunk struct{ Text string }
	chunks := source.FromEventStream[chunk](body,
		source.WithDone(func(e source.Event[[]byte]) bool { return string(e.Data) == "[DONE]" }))
	err := chunks.ForEach(context.Background(), func(e source.Event[chunk]) { fmt.Print(e.Data.Text) })
	fmt.Println(err)
	// Output: Hello world<nil>
}
