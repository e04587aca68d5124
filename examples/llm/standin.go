package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

const wisdom = `A rivulet is a very small stream: a thread of water that comes from somewhere, takes in what joins it on
the way, and arrives, a little at a time, at its end further down. Much like this answer.`

// newStandIn returns an API that gives every question the same answer, a word at a time.
func newStandIn(every time.Duration) http.Handler {
	words := strings.SplitAfter(wisdom, " ")
	spoken := operators.Map(operators.Take(source.Interval(every), len(words)), func(i int) chunk {
		return chunk{Choices: []choice{{Delta: message{Content: words[i]}}}}
	})
	chunks := operators.EndWith(spoken,
		chunk{Choices: []choice{{FinishReason: "stop"}}},
		chunk{Choices: []choice{}, Usage: &usage{Prompt: 6, Completion: len(words)}})
	data := operators.EndWith(operators.TryMap(chunks, encode), "[DONE]")

	api := http.NewServeMux()
	api.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, r *http.Request) {
		if json.NewDecoder(r.Body).Decode(new(question)) != nil {
			http.Error(w, `{"error":{"message":"We could not parse the JSON body of your request."}}`, http.StatusBadRequest)
			return
		}
		if err := sink.Respond(w, r, data, sink.Config[string]{}); err != nil && r.Context().Err() == nil {
			slog.Error("llm: the stand-in could not answer", "error", err)
		}
	})
	return api
}

func encode(_ context.Context, c chunk) (string, error) {
	data, err := json.Marshal(c)
	return string(data), err
}
