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
)

// decompressed is the body of an answer with this header, which must be an event stream.
func decompressed(header http.Header, body io.Reader) (io.Reader, error) {
	contentType := strings.Join(header.Values("Content-Type"), ", ")
	if !strings.EqualFold(essence(contentType), "text/event-stream") {
		return nil, &ContentTypeError{ContentType: contentType}
	}
	encoding := strings.Join(header.Values("Content-Encoding"), ", ")
	for coding := range strings.SplitSeq(encoding, ",") {
		switch strings.ToLower(textproto.TrimString(coding)) {
		case "gzip", "x-gzip": // against what was asked for
			body = &gzipBody{body: bufio.NewReader(body)}
		case "br", "compress", "x-compress", "dcb", "dcz", "deflate", "zstd":
			return nil, &ContentTypeError{ContentType: contentType, ContentEncoding: encoding}
		} // all else changes nothing, as in the Fetch standard: servers say "none" to be left alone by a proxy
	}
	return body, nil
}

// essence is the type and subtype that a Content-Type names: of several values the last that is one counts, but for
// */*, as in the Fetch standard, "extract a MIME type".
func essence(contentType string) string {
	last := ""
	for contentType != "" {
		var value string
		value, contentType = cutList(contentType)
		value, _, _ = strings.Cut(value, ";")
		value = textproto.TrimString(value)
		mainType, subtype, _ := strings.Cut(value, "/")
		if isToken(mainType) && isToken(subtype) && value != "*/*" {
			last = value
		}
	}
	return last
}

// cutList cuts the value of a header at its first comma that is not within a quoted string.
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

// watched is body with the idle timeout on it, if there is one.
func (r *eventSourceRun) watched(cancel context.CancelCauseFunc, body io.Reader) io.Reader {
	if r.idle == 0 {
		return body
	}
	return &watchedBody{body: body, timeout: r.idle, drop: func() { cancel(ErrIdleTimeout) }}
}

// watchedBody lets a timer run while it waits for the body, and not while the subscriber works.
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

// gzipBody decompresses a body, which may have several members. It reads nothing, not even a header, before it has to.
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
