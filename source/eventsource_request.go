package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// maxSentID is the longest last event ID that is sent, in bytes: a server that refuses a longer header would end
	// the stream for good.
	maxSentID = 4 << 10

	maxRedirects  = 10
	maxRetryAfter = 24 * time.Hour
)

// ownHeader is what every request says, also one to another origin.
func ownHeader() http.Header {
	return http.Header{
		"Accept":          {"text/event-stream"},
		"Accept-Encoding": {"identity"}, // compressed events come late, or all at once
		"Cache-Control":   {"no-cache"},
	}
}

// newRequest returns the request of an attempt, all of it new.
func (r *eventSourceRun) newRequest(ctx context.Context) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, &RequestError{URL: r.url, Err: err}
	}
	request.Header = ownHeader()
	if r.contentType != "" {
		request.Header.Set("Content-Type", r.contentType)
	}
	maps.Copy(request.Header, r.header.Clone())
	if id := r.decoder.LastEventID(); mayBeSent(id) {
		request.Header.Set("Last-Event-ID", id)
	}
	for _, prepare := range r.prepare {
		if err := prepare(request); err != nil {
			return nil, &RequestError{URL: r.url, Err: err}
		}
	}
	if err := check(request); err != nil {
		return nil, &RequestError{URL: r.url, Err: err}
	}
	return request, nil
}

func mayBeSent(id string) bool {
	return textproto.TrimString(id) != "" && len(id) <= maxSentID && isHeaderValue(id)
}

// check finds what net/http would report with an error that does not tell itself from one of the network.
func check(request *http.Request) error {
	if !isHTTP(request.URL) {
		return errors.New("the URL is not one of http or https, with a host and a port, if any, up to 65535")
	}
	if request.Method != "" && !isToken(request.Method) {
		return fmt.Errorf("the method %q is none that HTTP allows", request.Method)
	}
	for key, values := range request.Header {
		for _, value := range values {
			if !isToken(key) || !isHeaderValue(value) {
				return fmt.Errorf("the header %q has a key or a value that HTTP does not allow", key)
			}
		}
	}
	return nil
}

func isHTTP(u *url.URL) bool {
	return u != nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && isPort(u.Port())
}

func isPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return s == "" || err == nil
}

// isHeaderValue says whether s may be the value of a header: RFC 9110, section 5.5.
func isHeaderValue(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7F })
}

// isToken says whether s may be the key of a header: RFC 9110, section 5.6.2.
func isToken(s string) bool {
	const others = "!#$%&'*+-.^_`|~"
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(others, c)
	})
}

// redirect is the CheckRedirect of a client: what the caller sends is not for another origin, nor for any place that
// the other origin leads to. theirs, which may be nil, is asked afterwards.
func redirect(theirs func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(request *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects || !isHTTP(request.URL) {
			return &RedirectError{URL: request.URL.Redacted()}
		}
		if leavesOrigin(request, via) {
			request.Header = ownHeader()
			request.Body, request.GetBody, request.ContentLength = nil, nil, 0
		}
		if theirs == nil {
			return nil
		}
		err := theirs(request, via)
		if err == nil || err == http.ErrUseLastResponse {
			return err
		}
		return &RedirectError{URL: request.URL.Redacted(), Err: err}
	}
}

func leavesOrigin(request *http.Request, via []*http.Request) bool {
	home := origin(via[0].URL)
	for _, hop := range via[1:] {
		if origin(hop.URL) != home {
			return true
		}
	}
	return origin(request.URL) != home
}

// origin is the scheme, host and port of a URL.
func origin(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// retryAfter is the time that an answer asks to wait for, at most 24 hours; 0 when it asks for none.
func retryAfter(err error) time.Duration {
	status, ok := errors.AsType[*StatusError](err)
	if !ok {
		return 0
	}
	value := status.Header.Get("Retry-After")
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(max(seconds, 0), int64(maxRetryAfter/time.Second))) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(time.Until(date), 0), maxRetryAfter)
	}
	return 0
}
