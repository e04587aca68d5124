package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// question is the body of the request.
type question struct {
	Model    string    `json:"model"`
	Messages []message `json:"messages"`
	Stream   bool      `json:"stream"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// chunk is the data of an event, a further piece of the answer.
type chunk struct {
	Choices []choice  `json:"choices"`
	Error   *apiError `json:"error,omitempty"`
}

type choice struct {
	Delta        message `json:"delta"`
	FinishReason string  `json:"finish_reason"` // in the last chunk, "stop" when the answer is complete
}

// apiError is what went wrong, as the API has it in a chunk or in the body of an answer of another status than 200.
type apiError struct {
	Message string `json:"message"`
}

// answer is what has come so far.
type answer struct {
	text   string
	finish string
}

// ask is the answer to a question, as it grows.
func ask(c config) observable.Observable[answer] {
	body, err := json.Marshal(question{Model: c.model, Messages: []message{{"user", c.prompt}}, Stream: true})
	if err != nil {
		return source.Throw[answer](err)
	}
	options := []source.Option{
		source.WithMethod(http.MethodPost, "application/json", body),
		source.WithDone(func(e source.Event[[]byte]) bool { return string(e.Data) == "[DONE]" }),
		source.WithCompleteOnEOF(), // some servers leave [DONE] out
		source.WithRetry(retry.Policy{MaxAttempts: 3, Retryable: busy}),
	}
	if c.key != "" {
		options = append(options, source.WithHeader("Authorization", "Bearer "+c.key))
	}
	chunks := operators.Map(source.FromEventSource[chunk](c.url, options...), source.Data[chunk])
	return operators.MapError(operators.TryScan(chunks, answer{}, fold), explain)
}

// fold is the answer after a further chunk.
func fold(_ context.Context, a answer, c chunk) (answer, error) {
	if c.Error != nil {
		return a, errors.New(c.Error.Message)
	}
	for _, choice := range c.Choices {
		a.text += choice.Delta.Content
		a.finish += choice.FinishReason
	}
	return a, nil
}

// busy tells whether to ask again: the API has said that it had no time. A question that was answered, if only in
// part, is not asked again, as that costs again.
func busy(err error) bool {
	status, ok := errors.AsType[*source.StatusError](err)
	return ok && (status.Code == http.StatusTooManyRequests || status.Code == http.StatusServiceUnavailable)
}

// explain adds what the API says about an error.
func explain(err error) error {
	status, ok := errors.AsType[*source.StatusError](err)
	if !ok {
		return err
	}
	why := strings.TrimSpace(string(status.Body))
	var body chunk
	if json.Unmarshal(status.Body, &body) == nil && body.Error != nil {
		why = body.Error.Message
	}
	return fmt.Errorf("the API answered %d %s: %s", status.Code, http.StatusText(status.Code), why)
}
