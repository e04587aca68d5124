package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
)

const (
	batchLines = 100 // in a batch at most
	posts      = 4   // at the same time at most
)

// posted posts the lines in batches and emits each batch when the server has accepted it, in order. It fails if the
// server does not accept a batch.
//
// It holds a bounded number of batches. When the server is slow, the file is not read further.
func posted(
	lines observable.Observable[string], wait time.Duration, post func(context.Context, batch) error,
) observable.Observable[[]string] {
	batches := operators.Filter(operators.BufferTimeOrCount(lines, wait, batchLines), func(lines []string) bool {
		return len(lines) > 0
	})
	return operators.ParallelMap(operators.Enumerate(batches), posts, func(ctx context.Context, b batch) ([]string, error) {
		return b.Value, post(ctx, b)
	})
}

// A batch is some lines and their number, by which the server recognizes a batch that it already has.
type batch = operators.Indexed[[]string]

// statusError is an answer other than 2xx.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("the server answered %d", int(e)) }

// retries is the policy of posts. A batch that the server refuses is not sent again.
var retries = retry.Policy{
	InitialDelay: 100 * time.Millisecond, MaxAttempts: 8,
	Retryable: func(err error) bool {
		status, answered := err.(statusError)
		return !answered || status >= 500 || status == http.StatusTooManyRequests
	},
}

// poster returns a function that posts a batch to a server, again if that fails.
func poster(url string) func(context.Context, batch) error {
	run := fmt.Sprint(time.Now().UnixNano())
	return func(ctx context.Context, b batch) error {
		once := observable.Observable[struct{}](func(ctx context.Context, _ func(struct{}) bool) error {
			return post(ctx, url, fmt.Sprint(run, "-", b.Index), b.Value)
		})
		_, err := operators.Retry(once, retries).Collect(ctx)
		return err
	}
}

func post(ctx context.Context, url, key string, lines []string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	body := strings.Join(lines, "\n") + "\n"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewBufferString(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	request.Header.Set("Idempotency-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be used again
	if response.StatusCode/100 != 2 {
		return statusError(response.StatusCode)
	}
	return nil
}
