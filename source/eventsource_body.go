package source

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// eventStream returns the body of an answer, decompressed, or why it is no event stream.
func (r *eventSourceRun) eventStream(cancel context.CancelCauseFunc, answer *http.Response) (io.Reader, error) {
	contentType := strings.Join(answer.Header.Values("Content-Type"), ", ")
	encoding := strings.Join(answer.Header.Values("Content-Encoding"), ", ")
	isGzip, supported := coding(encoding)
	if supported {
		encoding = ""
	}
	if !supported || !strings.EqualFold(essence(contentType), "text/event-stream") {
		return nil, &ContentTypeError{
			URL: r.url, ContentType: cut(contentType, maxShown), ContentEncoding: cut(encoding, maxShown),
			Body: beginning(cancel, answer.Body),
		}
	}
	body := watched(r.idle, func() { cancel(ErrIdleTimeout) }, answer.Body)
	if isGzip {
		body = &gzipBody{body: bufio.NewReader(body)}
	}
	return body, nil
}

// maxShown is how much of a header a ContentTypeError holds, in bytes.
const maxShown = 1 << 10

// coding reports whether a Content-Encoding is gzip, and whether it is supported. Of several codings none is, whatever
// they are: a decompressor for each of 100,000 in one header would take 600 MB.
func coding(encoding string) (isGzip, supported bool) {
	switch strings.ToLower(textproto.TrimString(encoding)) {
	case "gzip", "x-gzip": // although the request asks for none
		return true, true
	case "br", "compress", "x-compress", "dcb", "dcz", "deflate", "zstd":
		return false, false
	default: // an unknown one changes nothing, as in the Fetch standard: servers say "none" to be left alone by a proxy
		return false, !strings.Contains(encoding, ",")
	}
}

// essence returns the type and subtype that a Content-Type names. Of several values the last valid one counts, except
// */*: Fetch standard, "extract a MIME type".
func essence(contentType string) string {
	last := ""
	for contentType != "" {
		var value string
		value, contentType = cutList(contentType)
		value, _, _ = strings.Cut(value, ";")
		value = textproto.TrimString(value)
		mainType, subtype, _ := strings.Cut(value, "/")
		if connect.IsToken(mainType) && connect.IsToken(subtype) && value != "*/*" {
			last = value
		}
	}
	return last
}

// cutList cuts the value of a header at its first comma outside a quoted string.
func cutList(values string) (first, rest string) {
	quoted := false
	for i := 0; i < len(values); i++ {
		switch c := values[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			return values[:i], values[i+1:]
		}
	}
	return values, ""
}

// watched returns body with an idle timeout, after which it calls drop. A timeout of 0 is none.
func watched(timeout time.Duration, drop func(), body io.Reader) io.Reader {
	if timeout == 0 {
		return body
	}
	return &watchedBody{body: body, timeout: timeout, drop: drop}
}

// watchedBody runs a timer while a Read waits for the body, and stops it while the subscriber works.
type watchedBody struct {
	body    io.Reader
	timeout time.Duration
	drop    func()
	timer   *time.Timer
}

func (w *watchedBody) Read(p []byte) (int, error) {
	if w.timer == nil {
		w.timer = time.AfterFunc(w.timeout, w.drop)
	} else {
		w.timer.Reset(w.timeout)
	}
	defer w.timer.Stop()
	return w.body.Read(p)
}

// gzipBody decompresses a body, which may have several members. It does not read the header of a member before the
// first Read, and it returns the end of a member without waiting for the next one.
type gzipBody struct {
	body   *bufio.Reader
	reader gzip.Reader
	inside bool // of a member
}

func (g *gzipBody) Read(p []byte) (int, error) {
	for {
		if !g.inside {
			if err := g.reader.Reset(g.body); err != nil {
				return 0, err
			}
			g.reader.Multistream(false) // or it would hold back the end of a member until the next one begins
			g.inside = true
		}
		n, err := g.reader.Read(p)
		if err == io.EOF {
			g.inside, err = false, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}
