package sse_test

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/launchdarkly/eventsource"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/sse"
)

// outcome is everything that a decoder makes of a body.
type outcome struct {
	events   []event
	comments []string
	err      error
	lastID   string
	retry    int64
}

// decodeAll decodes and requires that what is held and given out stays within the limit.
func decodeAll(t *testing.T, limit int, chunks []string) outcome {
	var o outcome
	d := sse.NewDecoder(limit, func(text string) { o.comments = append(o.comments, text) })
	d.Reset(bodyOf(chunks))
	for {
		e, err := d.Next()
		require.LessOrEqual(t, d.Held(), 4*limit+5<<10, "a line, data, and as much for U+FFFD")
		if err != nil {
			o.err = err
			break
		}
		require.LessOrEqual(t, len(e.Data), limit)
		require.True(t, utf8.Valid(e.Data) && utf8.ValidString(e.Type) && utf8.ValidString(e.ID))
		o.events = append(o.events, event{e.Type, string(e.Data), e.ID})
	}
	retry, is := d.Retry()
	if is {
		o.retry = int64(retry) + 1
	}
	o.lastID = d.LastEventID()
	return o
}

func FuzzDecoder(f *testing.F) {
	for i, test := range decoding {
		f.Add(test.body, uint16(100), uint64(i))
	}
	f.Add("retry:9999999999999\n:comment\rid:\xE2\x82\r\n\r\n", uint16(3), uint64(0))
	f.Add("data:"+strings.Repeat("x\ndata", 2000)+"\n\n", uint16(5000), uint64(0))
	f.Fuzz(func(t *testing.T, body string, limit uint16, seed uint64) {
		whole := decodeAll(t, int(limit)+1, []string{body})
		random := rand.New(rand.NewPCG(seed, 0))
		require.Equal(t, whole, decodeAll(t, int(limit)+1, randomChunks(body, random)))
		require.Equal(t, whole, decodeAll(t, int(limit)+1, chunksOf(body, 1)))
	})
}

// FuzzDecoderAgainstLaunchDarkly compares with another decoder where both must agree. That one departs from the
// standard in these points, which are taken out of the comparison:
//   - It takes no BOM away: bodies that begin with one get another before it here.
//   - It lets invalid UTF-8 pass: bodies are made valid first.
//   - It dispatches events without a data line: those with empty data are left out on both sides.
//   - Its type is empty where ours is "message".
//
// What it does with a retry field shows only in its client, and is not compared.
func FuzzDecoderAgainstLaunchDarkly(f *testing.F) {
	for _, test := range decoding {
		f.Add(test.body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		body = strings.ToValidUTF8(body, "?")
		var want []event
		theirs := eventsource.NewDecoder(strings.NewReader(body))
		for {
			e, err := theirs.Decode()
			if err != nil {
				break
			}
			want = append(want, event{e.Event(), e.Data(), e.(eventsource.EventWithLastID).LastEventID()})
		}
		if strings.HasPrefix(body, bom) {
			body = bom + body
		}
		got, err := decode(sse.NewDecoder(limit, nil), bodyOf([]string{body}))
		require.Equal(t, io.EOF, err)
		require.Equal(t, withData(want), withData(got))
	})
}

// withData returns the events whose data is not empty, and the type "message" as empty.
func withData(events []event) []event {
	var some []event
	for _, e := range events {
		if e.typ == "message" {
			e.typ = ""
		}
		if e.data != "" {
			some = append(some, e)
		}
	}
	return some
}
