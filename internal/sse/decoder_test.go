package sse_test

import (
	"encoding/base64"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/sse"
)

const (
	bom   = "\xEF\xBB\xBF"
	limit = 1 << 20
)

// messages are events of the type message without an ID.
func messages(data ...string) []event {
	var events []event
	for _, d := range data {
		events = append(events, event{"message", d, ""})
	}
	return events
}

// ids are events with the data x and these IDs.
func ids(ids ...string) []event {
	var events []event
	for _, id := range ids {
		events = append(events, event{"message", "x", id})
	}
	return events
}

// decoding has the cases of the WHATWG standard and of the web-platform-tests. Every body is held open.
var decoding = []struct {
	name, body string
	want       []event
}{
	{"one event", "data: Hello\n\n", messages("Hello")},
	{"two events", "data: a\n\ndata: b\n\n", messages("a", "b")},
	{"100 events", strings.Repeat("data: a\n\n", 100), messages(strings.Split(strings.Repeat("a", 100), "")...)},
	{"CR, and no byte after the last", "data: a\rdata: b\r\r", messages("a\nb")},
	{"CRLF", "data: a\r\ndata: b\r\n\r\n", messages("a\nb")},
	{"data without a colon", "data:test\r\ndata\ndata:test\r\n\r\n", messages("test\n\ntest")},
	{"LF and CR are two line ends", "data: x\n\rdata: y\n\n", messages("x", "y")},
	{"CR and CRLF mixed", "data: x\r\r\ndata: y\r\r\n", messages("x", "y")},
	{"mixed line ends", "data: Hello\r\ndata: World\r\n\r\ndata: OK\r\n\r\n", messages("Hello\nWorld", "OK")},
	{"three lines", "data: 1\ndata: 2\ndata: 3\n\n", messages("1\n2\n3")},
	{"three lines, CR", "data: 1\rdata: 2\rdata: 3\r\r", messages("1\n2\n3")},
	{"three lines, CRLF", "data: 1\r\ndata: 2\r\ndata: 3\r\n\r\n", messages("1\n2\n3")},
	{"blank lines", "\n\n\ndata: a\n\n\n\ndata: b\n\n\n", messages("a", "b")},
	{"nothing", "", nil},

	{"BOM", bom + "data: a\n\n", messages("a")},
	{"BOM later", bom + "data:1\n\n" + bom + "data:2\n\ndata:3\n\n", messages("1", "3")},
	{"two BOMs", bom + bom + "data:1\n\ndata:2\n\ndata:3\n\n", messages("2", "3")},
	{"BOM in data", "data: First\n\ndata: " + bom + "Second\n\n", messages("First", "\uFEFFSecond")},
	{"BOM, and one in data", bom + "data: " + bom + "Hello\n\n", messages("\uFEFFHello")},
	{"BOM and comment", bom + ":comment\ndata: Hello\n\n", messages("Hello")},
	{"BOM and empty data", bom + "data:\n\n", messages("")},
	{"BOM and two lines", bom + "data: Line1\ndata: Line2\n\n", messages("Line1\nLine2")},
	{"BOM and blank line", bom + "\ndata:a\n\n", messages("a")},
	{"part of a BOM", "\xEF\xBBdata: a\ndata: b\n\n", messages("b")},

	{"UTF-8", "data: €豆腐🇬🇧\n\n", messages("€豆腐🇬🇧")},
	{"invalid bytes", "data: a\xFFb\xC3(\n\n", messages("a\uFFFDb\uFFFD(")},
	{"maximal subparts", "data: \xE2\x82x \xF0\x9F\x98\n\n", messages("\uFFFDx \uFFFD")},
	{"surrogate", "data:\xED\xA0\x80\n\n", messages("\uFFFD\uFFFD\uFFFD")},
	{"overlong", "data:\xC0\x80\n\n", messages("\uFFFD\uFFFD")},
	{"overlong, 3 bytes", "data:\xE0\x80\x80\n\n", messages("\uFFFD\uFFFD\uFFFD")},
	{"overlong, 4 bytes", "data:\xF0\x8F\xBF\xBF\n\n", messages("\uFFFD\uFFFD\uFFFD\uFFFD")},
	{"FF FE", "data:\xFF\xFE\n\n", messages("\uFFFD\uFFFD")},
	{"beyond U+10FFFF", "data:\xF4\x90\x80\x80\n\n", messages("\uFFFD\uFFFD\uFFFD\uFFFD")},
	{"cut off sequences", "data:\xF0\x9F\xF0\x9F\x98a\xE2\x82\ndata:\x80\n\n", messages("\uFFFD\uFFFDa\uFFFD\n\uFFFD")},
	{"invalid type and ID", "event:a\xFF\nid:\xE2\x82\ndata:x\n\n", []event{{"a\uFFFD", "x", "\uFFFD"}}},
	{"U+FFFD itself", "data:\uFFFD\n\n", messages("\uFFFD")},
	{"other line ends of Unicode", "data:a\u0085b\u2028c\vd\fe\n\n", messages("a\u0085b\u2028c\vd\fe")},
	{"NUL", "data:\x00\n\n\n\n", messages("\x00")},

	{"no space", "event:greeting\ndata:Hello\n\n", []event{{"greeting", "Hello", ""}}},
	{"two spaces", "event:  greeting\ndata:  Hello\n\n", []event{{" greeting", " Hello", ""}}},
	{"tab", "data:\ttest\rdata: \ndata:test\n\n", messages("\ttest\n\ntest")},
	{"spaces on the right", "data: a  \n\n", messages("a  ")},
	{"colons", "data:a:b: c\n\n", messages("a:b: c")},
	{"space before the colon", "data :x\ndata:y\n\n", messages("y")},
	{"space before the name", " data:x\ndata:y\n\n", messages("y")},
	{"upper case", "Data:x\nDATA:y\ndata:z\n\n", messages("z")},
	{
		"unknown lines", "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
		messages("test\n\ntest"),
	},
	{"unknown field", "event: greeting\ncolor: blue\ndata: Hello\n\n", []event{{"greeting", "Hello", ""}}},
	{"only an unknown field", "foo: bar\n\ndata:x\n\n", messages("x")},
	{"names that begin alike", "dat:1\ndatas:2\ni:3\nids:4\neven:5\nevents:6\ndata\x00:7\n\ndata:x\n\n", messages("x")},
	{"empty data", "data:\n\ndata\ndata\n\ndata:test\n\n", messages("", "\n", "test")},
	{"one LF is removed", "data:a\ndata:\n\n", messages("a\n")},
	{"empty lines of data first", "data\ndata:\ndata: \ndata:a\n\n", messages("\n\n\na")},
	{"comments", ":ping\n\n:\n\n", nil},
	{
		"the type is for one event", "event: greeting\ndata: x\n\ndata: y\n\n",
		[]event{{"greeting", "x", ""}, {"message", "y", ""}},
	},
	{"empty type", "event: \ndata:data\n\n", messages("data")},
	{"type without a colon", "event: a\nevent\ndata:x\n\n", messages("x")},
	{"type without data", "event: foo\n\ndata: x\n\n", messages("x")},
	{"the last type counts", "event:a\nevent:b\ndata:x\n\n", []event{{"b", "x", ""}}},
	{"any order", "data: Hello\nid: abc\nevent: greeting\n\n", []event{{"greeting", "Hello", "abc"}}},
	{"type with spaces", "event:  Foo Bar \ndata:x\n\n", []event{{" Foo Bar ", "x", ""}}},

	{"ID", "id: abc\ndata: x\n\n", ids("abc")},
	{"IDs stay", "id: 1\ndata: x\n\ndata: x\n\nid: 2\ndata: x\n\ndata: x\n\n", ids("1", "1", "2", "2")},
	{"empty ID", "id: 1\ndata: x\n\nid:\ndata: x\n\ndata: x\n\n", ids("1", "", "")},
	{"ID without a colon", "id: 1\ndata: x\n\nid\ndata: x\n\ndata: x\n\n", ids("1", "", "")},
	{"NUL in an ID", "id:1\ndata:x\n\nid:\x00\x00\nid:x\x00\nid:\x00x\nid:x\x00x\nid: \x00\ndata:x\n\n", ids("1", "1")},
	{"ID without data", "id: 7\n\ndata: x\n\n", ids("7")},
	{"the last ID counts", "id:1\nid:2\ndata:x\n\n", ids("2")},
	{"ID with spaces", "id:  7 \ndata:x\n\n", ids(" 7 ")},
	{"ID with control characters", "id:\x01\x7f\ndata:x\n\n", ids("\x01\x7f")},
	{"long ID", "id:" + strings.Repeat("a", 255) + "\ndata:x\n\n", ids(strings.Repeat("a", 255))},

	{"retry is no data", "retry: 500\n\n", nil},
	{"retry without a number", "retry\ndata:test\n\nretry:\ndata:test\n\n", messages("test", "test")},

	{"unfinished event", "data: a\n\ndata: b\n", messages("a")},
	{"unfinished line", "data: a\n\ndata: b", messages("a")},
}

func TestDecoding(t *testing.T) {
	for _, test := range decoding {
		t.Run(test.name, func(t *testing.T) {
			for cutting, chunks := range cuttings(test.body) {
				got, err := decode(sse.NewDecoder(limit, nil), &body{chunks, errHeldOpen})
				require.Equal(t, errHeldOpen, err, cutting)
				require.Equal(t, test.want, got, cutting)
			}
		})
	}
}

// TestDecodingOfAllInOne catches state that one event leaves for the next.
func TestDecodingOfAllInOne(t *testing.T) {
	var all strings.Builder
	var want []event
	for _, test := range decoding {
		if strings.HasPrefix(test.body, bom) || strings.HasPrefix(test.name, "unfinished") {
			continue
		}
		all.WriteString(test.body + "id:\n\n")
		want = append(want, test.want...)
	}
	for cutting, chunks := range cuttings(all.String()) {
		got, err := decode(sse.NewDecoder(limit, nil), &body{chunks, io.EOF})
		require.Equal(t, io.EOF, err, cutting)
		require.Equal(t, want, got, cutting)
	}
}

func TestTheEndWithTheLastBytes(t *testing.T) {
	src := iotest.DataErrReader(&body{[]string{"data: a\n\ndata: b\n"}, io.EOF})
	got, err := decode(sse.NewDecoder(limit, nil), src)
	require.Equal(t, io.EOF, err)
	require.Equal(t, messages("a"), got)
}

func TestTheErrorOfTheReaderStays(t *testing.T) {
	d := sse.NewDecoder(limit, nil)
	_, err := decode(d, &body{[]string{"data: a\n\n"}, io.ErrUnexpectedEOF})
	require.Equal(t, io.ErrUnexpectedEOF, err)
	_, err = d.Next()
	require.Equal(t, io.ErrUnexpectedEOF, err)
}

// idle is a reader that never gets on.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestReaderWithoutProgress(t *testing.T) {
	_, err := decode(sse.NewDecoder(limit, nil), idle{})
	require.Equal(t, io.ErrNoProgress, err)
}

func TestASecondBodyBeginsAnew(t *testing.T) {
	d := sse.NewDecoder(limit, nil)
	_, err := decode(d, &body{[]string{bom + "id:1\ndata:x\n\nid:2\nevent:a\ndata:y\r"}, io.EOF})
	require.Equal(t, io.EOF, err)
	require.Equal(t, "1", d.LastEventID(), "the ID of an unfinished event does not count")

	got, err := decode(d, &body{[]string{bom + "\ndata:z\n\nid\n\n"}, io.EOF})
	require.Equal(t, io.EOF, err)
	require.Equal(t, []event{{"message", "z", "1"}}, got, "the ID stays; BOM, type and data are new")
	require.Empty(t, d.LastEventID())
}

func TestSetLastEventID(t *testing.T) {
	d := sse.NewDecoder(limit, nil)
	d.SetLastEventID("5")
	got, _ := decode(d, &body{[]string{"data:x\n\n"}, io.EOF})
	require.Equal(t, ids("5"), got)
}

func TestComments(t *testing.T) {
	for cutting, chunks := range cuttings(":Hello\n: one space\n:  two\n:\ndata: a\n:\xFF\n\n:unfinished") {
		var got []string
		d := sse.NewDecoder(limit, func(text string) { got = append(got, text) })
		_, err := decode(d, &body{chunks, errHeldOpen})
		require.Equal(t, errHeldOpen, err)
		require.Equal(t, []string{"Hello", "one space", " two", "", "\uFFFD"}, got, cutting)
	}
}

func TestRetry(t *testing.T) {
	const none = -1
	for body, want := range map[string]time.Duration{
		"retry:2000\n":                  2 * time.Second,
		"retry:02000\n":                 2 * time.Second,
		"retry: 500\n\n":                500 * time.Millisecond,
		"retry:0\n":                     0,
		"retry:1\nretry:2\nretry:x\n":   2 * time.Millisecond,
		"retry:86400001\n":              24 * time.Hour,
		"retry:9999999999999\n":         24 * time.Hour,
		"retry:18446744073710\n":        24 * time.Hour,
		"retry:99999999999999999999\n":  24 * time.Hour,
		"retry:000000000000000000001\n": time.Millisecond,
		"retry\n":                       none,
		"retry:\n":                      none,
		"retry: \n":                     none,
		"retry:+400\n":                  none,
		"retry:-400\n":                  none,
		"retry:4e2\n":                   none,
		"retry:400.0\n":                 none,
		"retry:400 \n":                  none,
		"retry:  400\n":                 none,
		"retry:٤٠٠\n":                   none,
		"retry:400":                     none, // the line is unfinished
		"retry :400\n":                  none,
		"retr:400\n":                    none,
		"retrys:400\n":                  none,
	} {
		for cutting, chunks := range cuttings(body) {
			d := sse.NewDecoder(limit, nil)
			got, err := decode(d, bodyOf(chunks))
			require.Equal(t, io.EOF, err)
			require.Empty(t, got)
			retry, is := d.Retry()
			require.Equal(t, want != none, is, "%q, %s", body, cutting)
			require.Equal(t, max(want, 0), retry, "%q, %s", body, cutting)
		}
	}
}

func bodyOf(chunks []string) io.Reader { return &body{chunks, io.EOF} }

func TestRetryStaysInTheNextBody(t *testing.T) {
	d := sse.NewDecoder(limit, nil)
	_, _ = decode(d, bodyOf([]string{"retry:7\n"}))
	_, _ = decode(d, bodyOf([]string{"data:x\n\n"}))
	retry, _ := d.Retry()
	require.Equal(t, 7*time.Millisecond, retry)
}

func TestLargeEvents(t *testing.T) {
	random := make([]byte, 5<<20)
	source := rand.NewChaCha8([32]byte{})
	_, _ = source.Read(random)
	text := base64.StdEncoding.EncodeToString(random)

	d := sse.NewDecoder(16<<20, nil)
	got, _ := decode(d, bodyOf(chunksOf("data: "+text+"\n\n", 4096)))
	require.True(t, len(got) == 1 && got[0].data == text)
	got, _ = decode(d, bodyOf(chunksOf("data:"+text+"\r\ndata:"+text+"\r\n\r\n", 5000)))
	require.True(t, len(got) == 1 && got[0].data == text+"\n"+text)
}

func TestManyLines(t *testing.T) {
	lines := strings.Repeat("data:ab\n", 100_000) + "\n"
	want := strings.TrimSuffix(strings.Repeat("ab\n", 100_000), "\n")
	for _, size := range []int{len(lines), 4096, 1} {
		got, _ := decode(sse.NewDecoder(16<<20, nil), bodyOf(chunksOf(lines, size)))
		require.True(t, len(got) == 1 && got[0].data == want)
	}
}

func TestTypeNamesWithoutEnd(t *testing.T) {
	var body strings.Builder
	var want []event
	for i := range 200 {
		name := strings.Repeat("n", i/2) + string(rune('a'+i%2))
		body.WriteString("event:" + name + "\ndata:x\n\nevent:" + name + "\ndata:x\n\n")
		want = append(want, event{name, "x", ""}, event{name, "x", ""})
	}
	d := sse.NewDecoder(limit, nil)
	got, _ := decode(d, bodyOf([]string{body.String()}))
	require.Equal(t, want, got)
	require.Equal(t, 64, d.Names())
}

func TestNoAllocations(t *testing.T) {
	for name, event := range map[string]string{
		"visitor":     visitor,
		"same ID":     "id:7\nevent:a\ndata:x\n\n",
		"many types":  "event:a\ndata:x\n\nevent:b\ndata:x\n\nevent:c\ndata:x\n\n",
		"many lines":  strings.Repeat("data:x\n", 50) + "\n",
		"invalid":     "data:\xFF\n\n",
		"comments":    ":ping\n\n:ping\n\ndata:x\n\n",
		"CRLF":        "data:x\r\n\r\n",
		"10 KiB long": "data:" + strings.Repeat("x", 10<<10) + "\n\n",
	} {
		d := sse.NewDecoder(limit, nil)
		d.Reset(&endless{event: []byte(event)})
		require.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = d.Next() }), name)
	}
}
