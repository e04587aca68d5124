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

	"github.com/rivulet-go/rivulet/internal/connect"
)

// maxSentID is the longest last event ID that is sent, in bytes: a server that refuses a longer header would end the
// stream for good.
const maxSentID = 4 << 10

// ownHeader returns the header of every request, also one to another origin.
func ownHeader() http.Header {
	return http.Header{
		"Accept":          {"text/event-stream"},
		"Accept-Encoding": {"identity"}, // compressed events come late, or all at once
		"Cache-Control":   {"no-cache"},
	}
}

var (
	errBadURL    = errors.New("the URL must start with http:// or https:// and have a host and, if any, a valid port")
	errBadLastID = fmt.Errorf("the last event ID must have at most %d bytes, not only spaces, and no control character",
		maxSentID)
)

// newRequest returns the request of an attempt. It shares nothing with an earlier one.
func (r *eventSourceRun) newRequest(ctx context.Context) (*http.Request, error) {
	if _, err := url.Parse(r.target); err != nil {
		return nil, errBadURL // the error of Parse may have a part of the password
	}
	if r.lastEventID != "" && !mayBeSent(r.lastEventID) {
		return nil, errBadLastID
	}
	request, err := http.NewRequestWithContext(ctx, r.method, r.target, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
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
			return nil, err
		}
	}
	return request, check(request)
}

// mayBeSent reports whether a last event ID is sent.
func mayBeSent(id string) bool {
	return textproto.TrimString(id) != "" && len(id) <= maxSentID && connect.IsHeaderValue(id)
}

// check finds the mistakes that net/http reports with an error like one of the network.
func check(request *http.Request) error {
	if !isHTTP(request.URL) {
		return errBadURL
	}
	if request.Method != "" && !connect.IsToken(request.Method) {
		return fmt.Errorf("the method %q is not valid", request.Method)
	}
	return connect.CheckHeader(request.Header)
}

func isHTTP(u *url.URL) bool {
	return u != nil && (u.Scheme == "http" || u.Scheme == "https") && connect.HasHost(u)
}
