package source

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// maxRedirects is how many redirects in a row are followed.
const maxRedirects = 10

// errMalformedRedirect is the reason of a ConnectionError.
var errMalformedRedirect = errors.New("the server redirects to a malformed URL")

// wellFormed is a transport that fails if an answer redirects to a malformed URL. The error of net/http would show
// parts of its password.
type wellFormed struct{ http.RoundTripper }

func (t wellFormed) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(request)
	if err != nil || !isRedirect(answer.StatusCode) {
		return answer, err
	}
	if _, err := url.Parse(answer.Header.Get("Location")); err != nil {
		_ = answer.Body.Close() // it only says where to go
		return nil, errMalformedRedirect
	}
	return answer, nil
}

// send sends a request and follows redirects as the Fetch standard says. net/http would turn every method except GET
// and HEAD into GET at the statuses 301 and 302.
func (r *eventSourceRun) send(client *http.Client, request *http.Request) (*http.Response, error) {
	var via []*http.Request
	for {
		cookies := request.Header["Cookie"] // before the client adds those of its jar
		answer, err := client.Do(request)
		if err != nil {
			return nil, err
		}
		via = append(via, request)
		next, err := r.redirected(answer, cookies, via)
		if next == nil && err == nil {
			return answer, nil
		}
		_ = answer.Body.Close()
		if err != nil {
			return nil, err
		}
		request = next
	}
}

// redirected returns the request to which an answer redirects the last one of via. It returns nil if the answer is the
// final one. cookies are those of the caller.
func (r *eventSourceRun) redirected(
	answer *http.Response, cookies []string, via []*http.Request,
) (*http.Request, error) {
	location := answer.Header.Get("Location")
	if !isRedirect(answer.StatusCode) || location == "" {
		return nil, nil
	}
	last := via[len(via)-1]
	reference, err := url.Parse(location)
	if err != nil {
		return nil, err
	}
	target := last.URL.ResolveReference(reference)
	refused := &RedirectError{URL: r.url, Location: cut(connect.URL(target.String()), maxShown)}
	if len(via) > maxRedirects || !isHTTP(target) {
		return nil, refused
	}
	next, err := following(last, target, cookies, answer.StatusCode)
	if next == nil || err != nil {
		return nil, err
	}
	next.Response = answer
	if reference.Host == "" && !reference.IsAbs() {
		next.Host = last.Host // as WithRequest has set it
	}
	if r.client == nil || r.client.CheckRedirect == nil {
		return next, nil
	}
	err = r.client.CheckRedirect(next, via)
	switch {
	case err == http.ErrUseLastResponse:
		return nil, nil
	case err != nil:
		refused.Err = connect.Clean(err)
		return nil, refused
	default:
		return next, nil
	}
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	default:
		return false
	}
}

// following returns a copy of the last request for another target. It is nil if the body of the last request cannot be
// sent again. To another origin it takes along nothing that the caller has set, and from there nothing to any place.
func following(last *http.Request, target *url.URL, cookies []string, status int) (*http.Request, error) {
	next := last.Clone(last.Context())
	next.URL, next.Host = target, ""
	next.Header["Cookie"] = cookies
	leaves := origin(target) != origin(last.URL)
	if leaves {
		next.Header = ownHeader()
	}
	becomesGet := status == http.StatusSeeOther && next.Method != http.MethodHead && next.Method != http.MethodGet ||
		(status == http.StatusMovedPermanently || status == http.StatusFound) && next.Method == http.MethodPost
	if becomesGet {
		next.Method = http.MethodGet
	}
	if leaves || becomesGet {
		next.Body, next.GetBody, next.ContentLength, next.TransferEncoding = nil, nil, 0, nil
		for _, key := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type"} {
			next.Header.Del(key)
		}
	}
	if next.Body == nil {
		return next, nil
	}
	if next.GetBody == nil {
		return nil, nil
	}
	var err error
	next.Body, err = next.GetBody()
	return next, err
}

// origin returns the scheme, host and port of a URL.
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
