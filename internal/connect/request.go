package connect

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// HasHost reports whether u has a host and, if it has a port, a valid one.
func HasHost(u *url.URL) bool {
	if u.Hostname() == "" {
		return false
	}
	_, err := strconv.ParseUint(u.Port(), 10, 16)
	return u.Port() == "" || err == nil
}

// CheckHeader returns an error if a header has a key or a value that HTTP does not allow. net/http reports it with an
// error like one of the network.
func CheckHeader(header http.Header) error {
	for key, values := range header {
		for _, value := range values {
			if !IsToken(key) || !IsHeaderValue(value) {
				return fmt.Errorf("the header %q has a key or a value that is not valid", key)
			}
		}
	}
	return nil
}

// IsHeaderValue reports whether s may be the value of a header: RFC 9110, section 5.5.
func IsHeaderValue(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7F })
}

// IsToken reports whether s may be the key of a header: RFC 9110, section 5.6.2.
func IsToken(s string) bool {
	const others = "!#$%&'*+-.^_`|~"
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(others, c)
	})
}
