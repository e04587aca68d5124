package guide_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// Chunk is the data of an event.
type Chunk struct {
	Choices []struct {
		Delta struct {
			Content   string     `json:"content"`
			ToolCalls []ToolCall `json:"tool_calls"`
		} `json:"delta"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Usage *Usage `json:"usage"` // in the last chunk, if stream_options has include_usage
	Error *struct {
		Message string `json:"message"`
	} `json:"error"`
}

type ToolCall struct {
	Index    int    `json:"index"`
	ID       string `json:"id"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

type Usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
}

func ask(url, key string, question []byte) observable.Observable[Chunk] {
	events := source.FromEventSource[Chunk](url,
		source.WithMethod(http.MethodPost, "application/json", question),
		source.WithHeader("Authorization", "Bearer "+key),
		source.WithDone(func(e source.Event[[]byte]) bool { return string(e.Data) == "[DONE]" }),
		source.WithRetryUntilFirstEvent(),
		source.WithRetry(retry.Policy{InitialDelay: time.Second, MaxAttempts: 4}),
		source.WithIdleTimeout(time.Minute),
	)
	return operators.TryMap(events, func(_ context.Context, e source.Event[Chunk]) (Chunk, error) {
		if e.Data.Error != nil {
			return Chunk{}, fmt.Errorf("the model has failed: %s", e.Data.Error.Message)
		}
		return e.Data, nil
	})
}

const (
	sayHel  = `data: {"choices":[{"delta":{"content":"Hel"}}]}` + "\n\n"
	sayLo   = `data: {"choices":[{"delta":{"content":"lo\n"},"finish_reason":"stop"}]}` + "\n\n"
	callOne = `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":"{\"a\""}}]}}]}` +
		"\n\n" + `data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"2","function":{"name":"g","arguments":"{}"}}]}}]}` + "\n\n" +
		`data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]}` + "\n\n"
	sayUsage = `data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}` + "\n\n"
	sayDone  = "data: [DONE]\n\n"
	sayError = `data: {"error":{"message":"overloaded"}}` + "\n\n"
)

// model is an API that gives an answer, in which BODY is the body of the request.
func model(t *testing.T, answer string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, strings.ReplaceAll(answer, "BODY", string(body)))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func Example_anAnswerAsItComes() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, sayHel+sayLo+sayDone)
	}))
	defer server.Close()
	ctx, url, key, question := context.Background(), server.URL, "k", []byte("{}")
	err := ask(url, key, question).ForEach(ctx, func(c Chunk) {
		for _, choice := range c.Choices {
			fmt.Print(choice.Delta.Content)
		}
	})
	fmt.Println(err)
	// Output:
	// Hello
	// <nil>
}

type Answer struct {
	Text   string
	Tools  []ToolCall
	Finish string // "stop", "length", "tool_calls", …
	Usage  Usage
}

// with returns the answer with another chunk. It does not change a, because consecutive answers may be kept.
func (a Answer) with(c Chunk) Answer {
	for _, choice := range c.Choices {
		a.Text += choice.Delta.Content
		a.Finish = cmp.Or(choice.FinishReason, a.Finish)
		for _, piece := range choice.Delta.ToolCalls {
			a.Tools = withToolCall(slices.Clone(a.Tools), piece)
		}
	}
	if c.Usage != nil {
		a.Usage = *c.Usage
	}
	return a
}

func withToolCall(calls []ToolCall, piece ToolCall) []ToolCall {
	i := slices.IndexFunc(calls, func(call ToolCall) bool { return call.Index == piece.Index })
	if i < 0 {
		return append(calls, piece)
	}
	calls[i].Function.Arguments += piece.Function.Arguments
	return calls
}

func TestAnAnswerIsFolded(t *testing.T) {
	ctx, key, question := t.Context(), "k", []byte("{}")
	url := model(t, sayHel+sayLo+callOne+sayUsage+sayDone)
	answers := operators.Scan(ask(url, key, question), Answer{}, Answer.with) // the answer so far, after each chunk
	answer, err := answers.Last(ctx)
	if err == nil && answer.Finish == "length" {
		err = errors.New("the answer was cut off at the token limit")
	}
	require.NoError(t, err)
	first, second := ToolCall{ID: "1"}, ToolCall{Index: 1, ID: "2"}
	first.Function.Name, first.Function.Arguments = "f", `{"a":1}`
	second.Function.Name, second.Function.Arguments = "g", "{}"
	require.Equal(t, Answer{"Hello\n", []ToolCall{first, second}, "tool_calls", Usage{9, 2}}, answer)
}

func TestAnAnswerThatIsCutOff(t *testing.T) {
	ctx, key, question := t.Context(), "k", []byte("{}")
	url := model(t, `data: {"choices":[{"delta":{},"finish_reason":"length"}]}`+"\n\n"+sayDone)
	answers := operators.Scan(ask(url, key, question), Answer{}, Answer.with) // the answer so far, after each chunk
	answer, err := answers.Last(ctx)
	if err == nil && answer.Finish == "length" {
		err = errors.New("the answer was cut off at the token limit")
	}
	require.EqualError(t, err, "the answer was cut off at the token limit")
}

func TestAnswersThatFail(t *testing.T) {
	_, err := ask(model(t, sayHel+sayError), "k", nil).Collect(t.Context())
	require.EqualError(t, err, "the model has failed: overloaded")
	_, err = ask(model(t, sayHel), "k", nil).Collect(t.Context())
	require.ErrorIs(t, err, io.EOF)
}

func request(question string) []byte {
	body, _ := json.Marshal(map[string]string{"content": question})
	return body
}

func TestANewerQuestionReplacesTheOneBefore(t *testing.T) {
	url, key, questions := model(t, "data: {\"choices\":[{\"delta\":BODY}]}\n\n"+sayDone), "k", source.Of("one", "two")
	answers := operators.SwitchMap(questions, func(question string) observable.Observable[Chunk] {
		return ask(url, key, request(question))
	})
	answer, err := answers.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, "two", answer.Choices[0].Delta.Content)
}

type Piece struct {
	Delta struct{ Text string }
	Error struct{ Message string }
}

func pieces(url string, options ...source.Option) observable.Observable[string] {
	options = append(options,
		source.WithEvents("content_block_delta", "error"), // drops ping and the others
		source.WithDone(func(e source.Event[[]byte]) bool { return e.Type == "message_stop" }),
		source.WithRetryUntilFirstEvent(),
	)
	events := source.FromEventSource[Piece](url, options...)
	return operators.TryMap(events, func(_ context.Context, e source.Event[Piece]) (string, error) {
		if e.Type == "error" {
			return "", errors.New(e.Data.Error.Message)
		}
		return e.Data.Delta.Text, nil
	})
}

func TestEventTypes(t *testing.T) {
	const start = "event: message_start\ndata: {}\n\nevent: ping\ndata: {}\n\n"
	const delta = "event: content_block_delta\n" + `data: {"delta":{"type":"text_delta","text":"Hi"}}` + "\n\n"
	got, err := pieces(model(t, start+delta+"event: message_stop\ndata: {}\n\n")).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"Hi"}, got)
	_, err = pieces(model(t, start+"event: error\n"+`data: {"error":{"message":"Overloaded"}}`+"\n\n")).Collect(t.Context())
	require.EqualError(t, err, "Overloaded")
}

func TestAResponseThatIsThere(t *testing.T) {
	response, err := http.Get(model(t, sayHel+sayDone))
	require.NoError(t, err)
	isDone := func(e source.Event[[]byte]) bool { return string(e.Data) == "[DONE]" }
	events := source.FromEventStream[Chunk](response.Body, source.WithDone(isDone))
	got, err := events.Collect(t.Context())
	require.NoError(t, err)
	require.Len(t, got, 1)
}
