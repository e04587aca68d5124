package source_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

// decodingRow is one stream of bytes and the events that the WHATWG HTML standard, section "Server-sent events",
// makes of it: type|data|last event ID. A cut that matters is marked with ✂. The numbers are A: decoding and lines,
// B: fields and dispatch, C: last event ID, W: further cases of the web-platform-tests and of the standard.
// The body stays open after the bytes, so an event that waits for another byte does not come.
type decodingRow struct {
	name string
	in   string
	want []string
}

const (
	bom  = "\uFEFF"
	seed = 20261101 // of the random cuts
)

var decodingRows = []decodingRow{
	{"A1", "data: Hello\n\n", []string{"message|Hello|"}},
	{"A2", "data: a\n\ndata: b\n\n", []string{"message|a|", "message|b|"}},
	{"A2 hundred", strings.Repeat("data: x\n\n", 100), slicesOf("message|x|", 100)},
	{"A3", "data: a\rdata: b\r\r", []string{"message|a\nb|"}},
	{"A4", "data: a\r\ndata: b\r\n\r\n", []string{"message|a\nb|"}},
	{"A5", "data:test\r\ndata\ndata:test\r\n\r\n", []string{"message|test\n\ntest|"}},
	{"A6", "data: x\n\rdata: y\n\n", []string{"message|x|", "message|y|"}},
	{"A8", "data: x\r\r\ndata: y\r\r\n", []string{"message|x|", "message|y|"}},
	{"A9", "data: Hello\r✂\ndata: World\r✂\n\r\ndata: OK\r✂\n✂\r✂\n",
		[]string{"message|Hello\nWorld|", "message|OK|"}},
	{"A11 LF", "data: 1\n\ndata: 1\ndata: 2\n\ndata: 1\ndata: 2\ndata: 3\n\n",
		[]string{"message|1|", "message|1\n2|", "message|1\n2\n3|"}},
	{"A11 CR", "data: 1\r\rdata: 1\rdata: 2\r\rdata: 1\rdata: 2\rdata: 3\r\r",
		[]string{"message|1|", "message|1\n2|", "message|1\n2\n3|"}},
	{"A11 CRLF", "data: 1\r\n\r\ndata: 1\r\ndata: 2\r\n\r\ndata: 1\r\ndata: 2\r\ndata: 3\r\n\r\n",
		[]string{"message|1|", "message|1\n2|", "message|1\n2\n3|"}},
	{"A12", "\n\n\ndata: 1\n\n\ndata: 2\n\n\n\ndata: 3\n\n\n", []string{"message|1|", "message|2|", "message|3|"}},
	{"A12 CRLF", "\r\n\r\ndata: 1\r\n\r\n\r\ndata: 2\r\n\r\n\r\n\r\n", []string{"message|1|", "message|2|"}},
	{"A13", bom + "data: a\n\n", []string{"message|a|"}},
	{"A14", bom + "data:1\n\n" + bom + "data:2\n\ndata:3\n\n", []string{"message|1|", "message|3|"}},
	{"A15", bom + bom + "data:1\n\ndata:2\n\ndata:3\n\n", []string{"message|2|", "message|3|"}},
	{"A16", "data: First\n\ndata: " + bom + "Second\n\n", []string{"message|First|", "message|" + bom + "Second|"}},
	{"A17", bom + "data: " + bom + "Hello\n\n", []string{"message|" + bom + "Hello|"}},
	{"A18 2+1", "\xEF\xBB✂\xBFdata: a\n\n", []string{"message|a|"}},
	{"A18 1+1+1", "\xEF✂\xBB✂\xBF✂data: a\n\n", []string{"message|a|"}},
	{"A21 comment", bom + ":comment\ndata: Hello\n\n", []string{"message|Hello|"}},
	{"A21 empty", bom + "data:\n\n", []string{"message||"}},
	{"A21 two lines", bom + "data: Line1\ndata: Line2\n\n", []string{"message|Line1\nLine2|"}},
	{"A22", "data: €豆腐\n\n", []string{"message|€豆腐|"}},
	{"A24", "data: a\xFFb\xC3(\n\n", []string{"message|a\uFFFDb\uFFFD(|"}},
	{"A25", "data: \xE2\x82x \xF0\x9F\x98\n\n", []string{"message|\uFFFDx \uFFFD|"}},
	{"A25 surrogate", "data: \xED\xA0\x80\n\n", []string{"message|\uFFFD\uFFFD\uFFFD|"}},
	{"A25 overlong", "data: \xC0\x80\n\n", []string{"message|\uFFFD\uFFFD|"}},
	{"A25 no lead", "data: \xFF\xFE\n\n", []string{"message|\uFFFD\uFFFD|"}},
	{"A25 too high", "data: \xF4\x90\x80\x80\n\n", []string{"message|\uFFFD\uFFFD\uFFFD\uFFFD|"}},
	{"A26", "data: a\u0085b\u2028c\u2029d\ve\ff\n\n", []string{"message|a\u0085b\u2028c\u2029d\ve\ff|"}},
	{"A27", "data:\x00\n\n\n\n", []string{"message|\x00|"}},

	{"B1", "data:Hello\n\nevent:greeting\ndata:Hello\n\n", []string{"message|Hello|", "greeting|Hello|"}},
	{"B2", "event:  greeting\ndata:  Hello\n\n", []string{" greeting| Hello|"}},
	{"B3", "data:\ttest\rdata: \ndata:test\n\n", []string{"message|\ttest\n\ntest|"}},
	{"B4", "data: a  \n\n", []string{"message|a  |"}},
	{"B5", "data:a:b: c\n\n", []string{"message|a:b: c|"}},
	{"B6 space after", "data :x\ndata:y\n\n", []string{"message|y|"}},
	{"B6 space before", " data:x\ndata:y\n\n", []string{"message|y|"}},
	{"B6 case", "Data:x\nDATA:y\ndata:z\n\n", []string{"message|z|"}},
	{"B8", "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
		[]string{"message|test\n\ntest|"}},
	{"B9", "event: greeting\ncolor: blue\ndata: Hello\n\n", []string{"greeting|Hello|"}},
	{"B10", "foo: bar\n\ndata:x\n\n", []string{"message|x|"}},
	{"B11", "data:\n\ndata\ndata\n\ndata:test\n\n", []string{"message||", "message|\n|", "message|test|"}},
	{"B12", "data:a\ndata:\n\n", []string{"message|a\n|"}},
	{"B15", ":ping\n\n:\n\n", nil},
	{"B16", "event: greeting\ndata: x\n\ndata: y\n\n", []string{"greeting|x|", "message|y|"}},
	{"B17 empty", "event: \ndata:data\n\n", []string{"message|data|"}},
	{"B17 reset", "event: a\nevent\ndata:x\n\n", []string{"message|x|"}},
	{"B18", "event: foo\n\ndata: x\n\n", []string{"message|x|"}},
	{"B19", "event:a\nevent:b\ndata:x\n\n", []string{"b|x|"}},
	{"B20", "data: Hello\nid: abc\nevent: greeting\n\n", []string{"greeting|Hello|abc"}},
	{"B21", "event:  Foo Bar \ndata:x\n\n", []string{" Foo Bar |x|"}},
	{"B22", ":Hello\ndata:x\n:between\n\n:after\n", []string{"message|x|"}},

	{"C1", "id: abc\ndata: Hello\n\n", []string{"message|Hello|abc"}},
	{"C2", "id: 1\ndata: 1\n\ndata: 2\n\nid: 2\ndata: 3\n\ndata: 4\n\n",
		[]string{"message|1|1", "message|2|1", "message|3|2", "message|4|2"}},
	{"C3", "id: 1\ndata: 1\n\nid:\ndata: 2\n\ndata: 3\n\n", []string{"message|1|1", "message|2|", "message|3|"}},
	{"C3 no colon", "id: 1\ndata: 1\n\nid\ndata: 2\n\ndata: 3\n\n", []string{"message|1|1", "message|2|", "message|3|"}},
	{"C3 space", "id: 1\ndata: 1\n\nid: \ndata: 2\n\n", []string{"message|1|1", "message|2|"}},
	{"C4", "id: \x00\x00\ndata:x\n\n", []string{"message|x|"}},
	{"C4 end", "id: 1\ndata:x\n\nid: x\x00\ndata:y\n\n", []string{"message|x|1", "message|y|1"}},
	{"C4 start", "id: \x00x\ndata:x\n\n", []string{"message|x|"}},
	{"C4 midst", "id: x\x00x\ndata:x\n\n", []string{"message|x|"}},
	{"C4 space", "id:  \x00\ndata:x\n\n", []string{"message|x|"}},
	{"C5", "id: 7\n\ndata: y\n\n", []string{"message|y|7"}},
	{"C7", "id:1\nid:2\ndata:x\n\n", []string{"message|x|2"}},
	{"C8", "id:  7 \ndata:y\n\n", []string{"message|y| 7 "}},

	{"D4", "retry\ndata:test\n\nretry:\ndata:test\n\n", []string{"message|test|", "message|test|"}},
	{"D8", "retry: 500\n\n", nil},

	{"W1 field parsing", "data:\x00\ndata:  2\rData:1\ndata\x00:2\ndata:1\r\x00data:4\nda-ta:3\rdata_5\ndata:3\r" +
		"data:\r\n data:32\ndata:4\n\n", []string{"message|\x00\n 2\n1\n3\n\n4|"}},
	{"W2 comments", "data:1\r:\x00\n:\r\ndata:2\n:" + strings.Repeat("x", 2048) + "\rdata:3\n:data:fail\r:" +
		strings.Repeat("x", 2048) + "\ndata:4\n\n", []string{"message|1\n2\n3\n4|"}},
	{"W3 ID without data", "id: 7\nevent: a\n\nevent: b\n\ndata: y\n\n", []string{"message|y|7"}},
	{"W4 half a BOM", "\xEF\xBBdata:1\n\ndata:2\n\n", []string{"message|2|"}},
	{"W5 third of a BOM", "\xEF✂data:1\n\ndata:2\n\n", []string{"message|2|"}},
	{"W6 BOM alone in its line", bom + "\ndata:1\n\n", []string{"message|1|"}},
	{"W7 broken UTF-8 in a name", "data\xFF:1\n\xC3data:2\ndata:3\n\n", []string{"message|3|"}},
	{"W8 broken UTF-8 in type and ID", "event: a\xFF\nid: b\xE2\x82\ndata:x\n\n", []string{"a\uFFFD|x|b\uFFFD"}},
	{"W9 UTF-8 broken by a line end", "data:\xE2\ndata:\x82\xAC\n\n", []string{"message|\uFFFD\n\uFFFD\uFFFD|"}},
	{"W10 cut character at a CR", "data:\xF0\x9F\x98\r\r", []string{"message|\uFFFD|"}},
	{"W11 NUL in a type", "event: a\x00b\ndata:x\n\n", []string{"a\x00b|x|"}},
	{"W12 explicit message", "event: message\ndata:x\n\n", []string{"message|x|"}},
	{"W13 colon only", ":\ndata:x\n:\n\n", []string{"message|x|"}},
	{"W14 two colons", "::\ndata::\ndata: :\n\n", []string{"message|:\n:|"}},
	{"W15 ID kept over typed blocks", "id: 1\ndata:a\n\nevent: x\ndata:b\n\n", []string{"message|a|1", "x|b|1"}},
	{"W16 noncharacters", "data: \uFFFE\uFFFF\U0010FFFF\n\n", []string{"message|\uFFFE\uFFFF\U0010FFFF|"}},
	{"W17 names that begin like others", "dat:1\ndataa:2\nidd:3\ni:4\nevents:5\neven:6\nretri:7\ndata:8\n\n",
		[]string{"message|8|"}},
	{"W18 long unknown name", strings.Repeat("n", 9000) + "\n" + strings.Repeat("n", 9000) + ":1\ndata:x\n\n",
		[]string{"message|x|"}},
	{"W19 lines as long as a buffer", "data:" + strings.Repeat("a", 4091) + "\ndata:" + strings.Repeat("b", 4090) + "\n\n",
		[]string{"message|" + strings.Repeat("a", 4091) + "\n" + strings.Repeat("b", 4090) + "|"}},
}

func slicesOf(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

// cutting is a way to send a stream of bytes.
type cutting struct {
	name   string
	pieces func(in string) []string
}

var cuttings = []cutting{
	{"as written", func(in string) []string { return strings.Split(in, "✂") }},
	{"whole", func(in string) []string { return []string{whole(in)} }},
	{"bytes", func(in string) []string { return chop(whole(in), func() int { return 1 }) }},
	{"twos", func(in string) []string { return chop(whole(in), func() int { return 2 }) }},
	{fmt.Sprintf("random %d", seed), randomCuts},
}

func whole(in string) string { return strings.ReplaceAll(in, "✂", "") }

func randomCuts(in string) []string {
	random := rand.New(rand.NewPCG(seed, uint64(len(in))))
	return chop(whole(in), func() int { return 1 + random.IntN(9) })
}

// chop cuts a stream of bytes in pieces of the sizes given.
func chop(in string, size func() int) []string {
	var pieces []string
	for len(in) > 0 {
		n := min(size(), len(in))
		pieces = append(pieces, in[:n])
		in = in[n:]
	}
	return pieces
}

func TestDecodingConforms(t *testing.T) {
	for _, row := range decodingRows {
		for _, cutting := range cuttings {
			t.Run(row.name+"/"+cutting.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := newLab(t, held(cutting.pieces(row.in)...)).start(t)
					synctest.Wait()
					require.Equal(t, row.want, r.got)
				})
			})
		}
	}
}

func TestDecodingConformsOnRealSockets(t *testing.T) {
	for _, row := range decodingRows {
		t.Run(row.name, func(t *testing.T) {
			server := httptest.NewServer(body(strings.Split(row.in, "✂")...))
			defer server.Close()
			r := startRun(t, source.FromEventSource[string](server.URL, source.WithCompleteOnEOF()))
			r.wait(t)
			require.NoError(t, r.err)
			require.Equal(t, row.want, r.got)
		})
	}
}

// A29: cut in two at every byte, and with reads of no byte in between, every row gives the same events.
func TestDecodingIsTheSameForEveryCut(t *testing.T) {
	for _, row := range decodingRows {
		t.Run(row.name, func(t *testing.T) {
			in := whole(row.in)
			for at := range min(len(in), 600) {
				require.Equal(t, row.want, readAll(t, in[:at], "", in[at:]), "cut at byte %d", at)
			}
		})
	}
}

// readAll gives the client a body whose reads return exactly the pieces, and returns what it makes of them.
func readAll(t *testing.T, pieces ...string) []string {
	t.Helper()
	answer := roundTripper(func(r *http.Request) (*http.Response, error) {
		header := http.Header{"Content-Type": {"text/event-stream"}}
		return &http.Response{StatusCode: 200, Header: header, Body: &readsOf{pieces: pieces}, Request: r}, nil
	})
	r := startRun(t, source.FromEventSource[string]("http://events.test/",
		source.WithHTTPClient(&http.Client{Transport: answer}), source.WithCompleteOnEOF()))
	r.wait(t)
	require.NoError(t, r.err)
	return r.got
}

// readsOf returns a body whose Reads return one piece each, the last one together with io.EOF.
type readsOf struct{ pieces []string }

func (b *readsOf) Read(p []byte) (int, error) {
	if len(b.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.pieces[0])
	b.pieces[0] = b.pieces[0][n:]
	if b.pieces[0] != "" {
		return n, nil
	}
	b.pieces = b.pieces[1:]
	if len(b.pieces) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (b *readsOf) Close() error { return nil }

// A22: one byte every 20 ms.
func TestDecodingOfASlowCharacter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newLab(t, func(w http.ResponseWriter, r *http.Request) {
			for _, piece := range chop("data: €豆腐\n\n", func() int { return 1 }) {
				write(w, piece)
				time.Sleep(20 * time.Millisecond)
			}
			<-r.Context().Done()
		}).start(t)
		time.Sleep(20 * 20 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []string{"message|€豆腐|"}, r.got)
	})
}

// A20: a BOM is removed at the start of each connection, not only of the first.
func TestDecodingRemovesABOMOfEachConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newLab(t, body(bom+"id:1\ndata:1\n\n"), body(bom+"data:2\n\n"), status(204)).start(t)
		r.wait(t)
		require.NoError(t, r.err)
		require.Equal(t, []string{"message|1|1", "message|2|1"}, r.got)
	})
}

// A28: data of megabytes in one line.
func TestDecodingOfALongLine(t *testing.T) {
	random := make([]byte, 5<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(random)
	data := base64.StdEncoding.EncodeToString(random)
	for _, want := range []string{data, data + "\n" + data} {
		in := "data: " + strings.ReplaceAll(want, "\n", "\ndata: ") + "\n\n"
		server := httptest.NewServer(body(chop(in, func() int { return 1 << 16 })...))
		defer server.Close()
		events := source.FromEventSource[string](server.URL, source.WithCompleteOnEOF())
		got, err := events.Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.True(t, got[0].Data == want, "the data has been changed")
	}
}

// E1: an event that the end of the body cuts off is not dispatched.
func TestDecodingDropsAnUnfinishedEvent(t *testing.T) {
	for _, in := range []string{
		"data: a\n\ndata: b\n", "data: a\n\ndata: b", "data: a\n\ndata: b\r", "data: a\n\nid: 9\nevent: x\ndata: b\r\n",
		"data: a\r\rdata: b\r\nda", "data: a\n\n\xEF\xBB\xBF",
	} {
		require.Equal(t, []string{"message|a|"}, readAll(t, in), "%q", in)
	}
}

// B22: a comment is reported at once, without waiting for a blank line, and takes no part in an event.
func TestCommentsAreReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var comments []string
		r := newLab(t, held(":Hello\n", "data:x\n:two  \n:\r\n\n", ":a:b\r")).start(t,
			source.WithOnComment(func(comment string) { comments = append(comments, comment) }))
		synctest.Wait()
		require.Equal(t, []string{"Hello", "two  ", "", "a:b"}, comments)
		require.Equal(t, []string{"message|x|"}, r.got)
	})
}
