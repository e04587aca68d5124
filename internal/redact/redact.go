// Package redact keeps what may be a secret out of texts that somebody else may read.
package redact

import (
	"errors"
	"net/url"
)

// URL is where a URL leads, without its user, its password, its query and its fragment. One that cannot be parsed is "".
func URL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// Error is what net/http says, without the URL that it says it of.
func Error(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
