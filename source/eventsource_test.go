package source_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

// body answers with these bytes and ends.
func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { send(w, text) }
}

// status answers with this status alone.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestEventSourceReconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, answers(body("data: a\n\n"), body("data: b\n\n"), status(204)))
		got, err := source.FromEventSource[string](s.URL, s.Options()...).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []source.Event[string]{{Type: "message", Data: "a"}, {Type: "message", Data: "b"}}, got)
	})
}
