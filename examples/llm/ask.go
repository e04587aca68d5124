package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// question is the body of the request.
type question struct {
	Model         string        `json:"model"`
	Messages      []message     `json:"messages"`
	Stream        bool          `json:"stream"`
	StreamOptions streamOptions `json:"stream_options"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

// chunk is the data of an event: a piece of the answer, or an error.
type chunk struct {
	Choices []choice  `json:"choices"`
	Usage   *usage    `json:"usage,omitempty"` // in the last chunk, which has no choices
	Error   *apiError `json:"error,omitempty"`
}

type choice struct {
	Delta        message `json:"delta"`
	FinishReason string  `json:"finish_reason"` // "stop" in the chunk that completes the answer
}

// usage is what the question and the answer cost, in tokens.
type usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
}

// apiError is an error of the API, in a chunk or in the body of an answer with another status than 200.
type apiError struct {
	Message string `json:"message"`
}

// ask emits the answer to the last message of a conversation, piece by piece. onRetry is called when the API is busy or
// cannot be reached, and is asked again.
func ask(c config, conversation []message, onRetry func(error, time.Duration)) observable.Observable[chunk] {
	body, err := json.Marshal(question{
		Model: c.model, Messages: conversation, Stream: true, StreamOptions: streamOptions{IncludeUsage: true},
	})
	if err != nil {
		return source.Throw[chunk](err)
	}
	options := []source.Option{
		source.WithMethod(http.MethodPost, "application/json", body),
		source.WithDone(func(e source.Event[[]byte]) bool { return string(e.Data) == "[DONE]" }),
		source.WithMaxEventBytes(1 << 20),
		source.WithRetryUntilFirstEvent(), // a part of an answer cannot be resumed, and asking again costs again
		source.WithRetry(retry.Policy{InitialDelay: c.delay, MaxAttempts: 3}),
		source.WithOnRetry(func(err error, _ int, delay time.Duration) { onRetry(explained(err), delay) }),
		source.WithLogger(slog.New(slog.DiscardHandler)), // onRetry reports it
	}
	if c.key != "" {
		options = append(options, source.WithHeader("Authorization", "Bearer "+c.key))
	}
	chunks := operators.Map(source.FromEventSource[chunk](c.url, options...), source.Data[chunk])
	return operators.MapError(operators.TryMap(chunks, checked), explained)
}

// checked fails if a chunk is an error.
func checked(_ context.Context, c chunk) (chunk, error) {
	if c.Error != nil {
		return c, fmt.Errorf("the API has failed: %s", demo.Printable(c.Error.Message, ""))
	}
	return c, nil
}

// explained returns err with what the API has said in the body of its answer.
func explained(err error) error {
	status, ok := errors.AsType[*source.StatusError](err)
	if !ok {
		return err
	}
	why := string(status.Body)
	var body chunk
	if json.Unmarshal(status.Body, &body) == nil && body.Error != nil {
		why = body.Error.Message
	}
	return fmt.Errorf("%w: %s", err, demo.Printable(why, ""))
}
