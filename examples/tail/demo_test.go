package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// A batch that arrives in part is refused, so that the next attempt with its key is not taken for one that is known.
func TestTheCollectorTakesWholeBatches(t *testing.T) {
	c := newCollector()
	take := func(body io.Reader) int {
		answer, request := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", body)
		request.Header.Set("Idempotency-Key", "a")
		c.ServeHTTP(answer, request)
		return answer.Code
	}
	long := strings.Repeat("x", maxLine+100)
	require.Equal(t, http.StatusBadRequest, take(io.MultiReader(strings.NewReader("one\n"), iotest.ErrReader(io.ErrUnexpectedEOF))))
	require.Empty(t, c.lines)
	require.Equal(t, http.StatusServiceUnavailable, take(strings.NewReader("one\n")))
	for range 2 {
		require.Equal(t, http.StatusOK, take(strings.NewReader("one\n\n"+long+"\n")))
		require.Equal(t, []string{"one", "", long}, c.lines)
	}
}
