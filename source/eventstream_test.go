package source_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// answerBody is a body that can be closed.
type answerBody struct {
	io.Reader
	closed   int
	closeErr error
}

func (b *answerBody) Close() error {
	b.closed++
	return b.closeErr
}

// heldBody returns a body that has this text and then blocks until it is closed.
func heldBody(text string) io.Reader {
	reader, writer := io.Pipe()
	go func() { _, _ = io.WriteString(writer, text) }()
	return reader
}

func TestEventStreamKeepsTheContract(t *testing.T) {
	for name, body := range map[string]func() io.Reader{
		"empty":    func() io.Reader { return strings.NewReader("") },
		"complete": func() io.Reader { return strings.NewReader("data: a\n\ndata: b\n\nid: 3\ndata: c\n\n") },
		"endless":  func() io.Reader { return &endless{text: "data: a\n\n"} },
		"failing":  func() io.Reader { return io.MultiReader(strings.NewReader("data: a\n\n"), iotest.ErrReader(errTest)) },
		"blocking": func() io.Reader { return heldBody("data: a\n\n") },
	} {
		t.Run(name, func(t *testing.T) {
			observabletest.Check(t, source.Defer(func() observable.Observable[source.Event[string]] {
				return source.FromEventStream[string](body())
			}))
		})
	}
}

func TestEventStreamReadsAsFromEventSource(t *testing.T) {
	text := "\xEF\xBB\xBFid: 7\ndata: a\r\rdata: b\xFF\n\nevent: x\ndata: c\n\ndata: d\n"
	for name, reader := range map[string]io.Reader{
		"whole": strings.NewReader(text), "in bytes": iotest.OneByteReader(strings.NewReader(text)),
		"with the error": iotest.DataErrReader(strings.NewReader(text)),
	} {
		var got []string
		err := source.FromEventStream[string](reader).ForEach(t.Context(),
			func(e source.Event[string]) { got = append(got, show(e)) })
		require.NoError(t, err, name)
		require.Equal(t, []string{"message|a|7", "message|b\uFFFD|7", "x|c|7"}, got, name)
	}
}

func TestEventStreamOfAnAnswer(t *testing.T) {
	server := httptest.NewServer(body("data: 1\n\n", "data: 2\n\n"))
	defer server.Close()
	answer, err := http.Get(server.URL)
	require.NoError(t, err)
	got, err := dataOf(t, source.FromEventStream[int](answer.Body))
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, got)
	_, err = answer.Body.Read(make([]byte, 1))
	require.Error(t, err, "it is closed")

	recorder := httptest.NewRecorder()
	body("data: 3\n\n")(recorder, nil)
	got, err = dataOf(t, source.FromEventStream[int](recorder.Body))
	require.NoError(t, err)
	require.Equal(t, []int{3}, got)
}

func TestEventStreamOptions(t *testing.T) {
	const text = ": hi\nid: 1\ndata: 1\n\nevent: x\ndata: 2\n\ndata: three\n\ndata: 4\n\ndata: done\n\ndata: 5\n\n"
	var comments, faults []string
	var position source.Position
	events, err := source.FromEventStream[int](strings.NewReader(text),
		source.WithEvents("message"),
		source.WithLastEventID("0"),
		source.WithPosition(&position),
		source.WithOnComment(func(text string) { comments = append(comments, text) }),
		source.WithOnParseError(func(e *source.ParseError) { faults = append(faults, string(e.Data)) }),
		source.WithDone(func(e source.Event[[]byte]) bool { return string(e.Data) == "done" }),
	).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []source.Event[int]{{"1", "message", 1}, {"1", "message", 4}}, events)
	require.Equal(t, []string{"hi"}, comments)
	require.Equal(t, []string{"three"}, faults)
	require.Equal(t, "1", position.LastEventID())
}

func TestEventStreamErrors(t *testing.T) {
	_, err := source.FromEventStream[int](strings.NewReader("data: x\n\n")).Collect(t.Context())
	require.ErrorAs(t, err, new(*source.ParseError))
	require.EqualError(t, err, `rivulet: event source: decoding the 1 bytes of a "message" event with ID "": `+
		`invalid character 'x' looking for beginning of value`)

	long := strings.NewReader("data: 123456\n\n")
	_, err = source.FromEventStream[string](long, source.WithMaxEventBytes(5)).Collect(t.Context())
	require.Equal(t, &source.EventTooLargeError{Limit: 5}, err)

	_, err = source.FromEventStream[string](iotest.ErrReader(errWithURL)).Collect(t.Context())
	require.ErrorAs(t, err, new(*source.ConnectionError))
	require.ErrorIs(t, err, errTest)
	requireNoSecret(t, err)
}

// Whatever way the run ends, the body is closed once, and an error of that is not lost.
func TestEventStreamClosesTheBody(t *testing.T) {
	stuck := errors.New("stuck")
	for name, run := range map[string]func(t *testing.T, events observable.Observable[source.Event[string]]) error{
		"complete": func(t *testing.T, events observable.Observable[source.Event[string]]) error {
			return events.ForEach(t.Context(), ignore)
		},
		"stopped": func(t *testing.T, events observable.Observable[source.Event[string]]) error {
			return operators.Take(events, 1).ForEach(t.Context(), ignore)
		},
	} {
		body := &answerBody{Reader: strings.NewReader("data: a\n\ndata: b\n\n")}
		require.NoError(t, run(t, source.FromEventStream[string](body)), name)
		require.Equal(t, 1, body.closed, name)
		body = &answerBody{Reader: strings.NewReader("data: a\n\ndata: b\n\n"), closeErr: stuck}
		require.Equal(t, stuck, run(t, source.FromEventStream[string](body)), name)
		require.Equal(t, 1, body.closed, name)
	}

	body := &answerBody{Reader: iotest.ErrReader(errTest), closeErr: stuck}
	err := source.FromEventStream[string](body).ForEach(t.Context(), ignore)
	require.ErrorIs(t, err, errTest)
	require.ErrorIs(t, err, stuck)
}

func TestEventStreamIsCanceledWhileItReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endsAtOnce(t, source.FromEventStream[string](heldBody(": nothing comes\n")))
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errCanceled)
		body := &answerBody{Reader: strings.NewReader("data: a\n\n")}
		require.Equal(t, errCanceled, source.FromEventStream[string](body).ForEach(ctx, ignore))
		require.Equal(t, 1, body.closed)
	})
	synctest.Test(t, func(t *testing.T) {
		stuck := errors.New("stuck")
		ctx, cancel := context.WithCancelCause(t.Context())
		body := &answerBody{Reader: strings.NewReader("data: a\n\ndata: b\n\n"), closeErr: stuck}
		err := source.FromEventStream[string](body).ForEach(ctx, func(source.Event[string]) { cancel(errCanceled) })
		require.Equal(t, errors.Join(errCanceled, stuck), err)
		require.Equal(t, 1, body.closed)
	})
}

func TestEventStreamIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		got, err := dataOf(t, source.FromEventStream[int](heldBody("data: 1\n\n"), source.WithIdleTimeout(time.Minute)))
		require.Equal(t, []int{1}, got)
		require.Equal(t, &source.ConnectionError{Err: source.ErrIdleTimeout}, err)
		require.EqualError(t, err, "rivulet: event source: no byte within the idle timeout")
		require.Equal(t, time.Minute, time.Since(begin))
	})
}

func TestMistakesInEventStream(t *testing.T) {
	requirePanic(t, "source.FromEventStream: nil", func() { source.FromEventStream[int](nil) })
	requirePanic(t, "source.FromEventStream: nil", func() { source.FromEventStream[int](strings.NewReader(""), nil) })
}
