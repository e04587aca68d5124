package durable_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// A program that imports durable, and not embedded, does not link the server.
func TestTheServerIsNotLinked(t *testing.T) {
	deps := func(path string) string {
		out, err := exec.Command("go", "list", "-deps", path).Output()
		require.NoError(t, err)
		return string(out)
	}
	require.NotContains(t, deps("."), "nats-server")
	require.Contains(t, deps("./embedded"), "nats-server")
}

func TestMistakesPanic(t *testing.T) {
	_, nc := serve(t)
	for message, f := range map[string]func(){
		"durable.From: nil nc or empty stream":                          func() { durable.From[int](nil, "s") },
		"durable.From: nil option 1":                                    func() { durable.From[int](nc, "s", nil) },
		"durable.Work: nil nc or empty stream or worker":                func() { durable.Work[int](nc, "s", "") },
		"durable.Work: nil option 1":                                    func() { durable.Work[int](nc, "s", "w", nil) },
		"durable.Publish: nil src, nc or subject, or empty stream":      func() { durable.Publish(source.Of(1), nc, "s", nil) },
		"durable.Publish: nil option 1":                                 func() { durable.Publish(source.Of(1), nc, "s", subjectOf, nil) },
		"durable.Ensure: nil nc or empty name":                          func() { _ = durable.Ensure(t.Context(), nc, durable.StreamConfig{}) },
		"durable.WithStartSequence: seq is 0, it must be positive":      func() { durable.WithStartSequence(0) },
		"durable.WithBatch: n is 0, it must be positive":                func() { durable.WithBatch(0) },
		"durable.WithIdleTimeout: d is 1ms, it must be at least 200ms":  func() { durable.WithIdleTimeout(time.Millisecond) },
		"durable.WithConnectTimeout: d is -1s, it must be positive":     func() { durable.WithConnectTimeout(-time.Second) },
		"durable.WithRetry: MaxAttempts is -1, it must not be negative": func() { durable.WithRetry(retry.Policy{MaxAttempts: -1}) },
		"durable.WithOnGap: nil hook":                                   func() { durable.WithOnGap(nil) },
		"durable.WithMessageID: nil id":                                 func() { durable.WithMessageID[int](nil) },
	} {
		require.Equal(t, message, panicText(f))
	}
}

// panicText returns the text of the panic of f, and "" if f does not panic.
func panicText(f func()) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprint(v)
		}
	}()
	f()
	return ""
}

// A connection that is closed for good ends every run.
func TestAClosedConnectionEndsTheRun(t *testing.T) {
	s, admin := serve(t)
	numbers(t, admin, 1)
	nc := dial(t, s.URL())
	closing := func(durable.Message[int]) { nc.Close() }
	require.ErrorIs(t, durable.From[int](nc, "numbers").ForEach(t.Context(), closing), nats.ErrConnectionClosed)
	_, err := durable.Work[int](nc, "numbers", "w").Collect(t.Context())
	require.ErrorIs(t, err, nats.ErrConnectionClosed)
	_, err = durable.Publish(source.Of(1), nc, "numbers", subjectOf).Collect(t.Context())
	require.ErrorIs(t, err, nats.ErrConnectionClosed)
}

// An attempt that gets no answer is given up, and the policy bounds the attempts.
func TestNoServer(t *testing.T) {
	s, nc := serve(t)
	s.Stop()
	bounded := durable.WithRetry(retry.Policy{InitialDelay: -1, FirstAttempts: 2})
	soon := durable.WithConnectTimeout(50 * time.Millisecond)
	check := func(err error) {
		require.Equal(t, &retry.Error{Attempts: 2, Err: durable.ErrConnectTimeout}, err)
	}
	_, err := durable.From[int](nc, "numbers", bounded, soon).Collect(t.Context())
	check(err)
	_, err = durable.Work[int](nc, "numbers", "w", bounded, soon).Collect(t.Context())
	check(err)
	_, err = durable.Publish(source.Of(1), nc, "numbers", subjectOf, bounded, soon).Collect(t.Context())
	check(err)
}

// The texts of errors name the stream and no secret.
func TestErrorTexts(t *testing.T) {
	for text, err := range map[string]error{
		`rivulet: durable: stream "s": messages from sequence 3 on were removed; it has 5 to 9`: &durable.GapError{Stream: "s", Wanted: 3, First: 5, Last: 9},
		`rivulet: durable: stream "s": messages from sequence 3 on were lost, because the stream was created again; it has 1 to 0`: &durable.GapError{
			Stream: "s", Wanted: 3, First: 1, Recreated: true},
		`rivulet: durable: stream "s": decoding the 2 bytes of message a-1 on "t": unexpected end of JSON input`: &durable.ParseError{
			Stream: "s", Subject: "t", Cursor: "a-1", Data: []byte("{}"), Err: json.Unmarshal(nil, new(int))},
		`rivulet: durable: "` + strings.Repeat("x", 64) + `" is not a cursor of a message`: &durable.CursorError{Cursor: strings.Repeat("x", 1000)},
		`rivulet: durable: the server answered 409 Consumer Deleted`:                       &durable.StatusError{Code: "409", Description: "Consumer Deleted"},
	} {
		require.EqualError(t, err, text)
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("abc-1")
	f.Add("-")
	f.Fuzz(func(t *testing.T, text string) {
		incarnation, seq, err := durable.ParseCursor(text)
		if err == nil {
			require.Equal(t, text, durable.Message[int]{Incarnation: incarnation, Seq: seq}.Cursor())
			require.Positive(t, seq)
		}
	})
}
