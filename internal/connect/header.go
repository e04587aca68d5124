package connect

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// longestWait bounds what a server may ask for.
const longestWait = 24 * time.Hour

// RetryAfter returns the time that an answer with this header asks a client to wait, at most 24 hours; 0 if it asks for
// none.
func RetryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(max(seconds, 0), int64(longestWait/time.Second))) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(time.Until(date), 0), longestWait)
	}
	return 0
}
