package sink_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/launchdarkly/eventsource"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/sse"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

type event struct{ id, typ, data string }

// FuzzRoundTrip publishes an event of any ID, type and data, and a plain one after it. Two decoders must read just
// those, with the fields as Config says that they come out.
func FuzzRoundTrip(f *testing.F) {
	f.Add("7", "price", `{"cents":100}`)
	f.Add("", "", "")
	f.Add("a\r\nid: 8\n\ndata: forged\n\n", "x\rdata: forged\r\r", "x\n\nevent: forged\ndata: y\n\n")
	f.Add("a\x00b", "\x00", "\x00")
	f.Add(" 7\t", " a ", " a ")
	f.Add("\xFF\xE2\x82", "\xF0\x9F", "\xC3(\xED\xA0\x80")
	f.Add("\uFEFF", "\uFEFF", "\uFEFFdata: x")
	f.Add(":", ": x", "\r\n\r\r\n\n\n\r")
	f.Add("\u2028\u0085", "\v\f\x7F\x1B", "\u2028\u0085\v\f")
	f.Add("\n", "message", "\n")
	f.Add("retry: 1", "retry: 1", "retry: 1\nretry: 2")
	f.Fuzz(func(t *testing.T, id, typ, data string) {
		plain := event{"plain", "plain", "plain"}
		wire := record(sink.EventSource(source.Of(event{id, typ, data}, plain), sink.Config[event]{
			ID:     func(e event) string { return e.id },
			Type:   func(e event) string { return e.typ },
			Encode: func(e event) ([]byte, error) { return []byte(e.data), nil },
		}))
		want := event{strings.Trim(oneLine(id), " \t"), oneLine(typ), lineFeeds(data)}
		require.Equal(t, []event{want, plain}, theyRead(t, wire))
		if want.typ == "" {
			want.typ = "message"
		}
		require.Equal(t, []event{want, plain}, weRead(t, wire))
	})
}

// oneLine returns an ID or a type as clients read it, except that spaces at the ends of an ID are removed.
func oneLine(s string) string {
	runes := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	for i, c := range runes {
		if c == 0x7F || c < 0x20 && c != '\t' {
			runes[i] = ' '
		}
	}
	return string(runes)
}

// lineFeeds is what data comes out as.
func lineFeeds(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// weRead is what our decoder makes of the wire.
func weRead(t *testing.T, wire []byte) (events []event) {
	decoder := sse.NewDecoder(1<<30, func(string) { require.Fail(t, "a comment") })
	decoder.Reset(bytes.NewReader(wire))
	for {
		e, err := decoder.Next()
		if err != nil {
			require.Equal(t, io.EOF, err)
			_, set := decoder.Retry()
			require.False(t, set, "a retry field")
			return events
		}
		events = append(events, event{e.ID, e.Type, string(e.Data)})
	}
}

// theyRead is what the decoder of launchdarkly/eventsource does.
func theyRead(t *testing.T, wire []byte) (events []event) {
	decoder := eventsource.NewDecoder(bytes.NewReader(wire))
	for {
		e, err := decoder.Decode()
		if err != nil {
			require.Equal(t, io.EOF, err)
			return events
		}
		events = append(events, event{e.Id(), e.Event(), e.Data()})
	}
}
