package redact_test

import (
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/redact"
)

func TestURL(t *testing.T) {
	for raw, want := range map[string]string{
		"http://events.test/stream":                           "http://events.test/stream",
		"https://user:secret@events.test:8443/a?token=x#frag": "https://events.test:8443/a",
		"events":             "events",
		"http://secret@[::1": "",
	} {
		require.Equal(t, want, redact.URL(raw))
	}
}

func TestError(t *testing.T) {
	refused := errors.New("refused")
	require.Equal(t, refused, redact.Error(refused))
	require.Equal(t, refused, redact.Error(&url.Error{Op: "Get", URL: "http://events.test/?token=x", Err: refused}))
	require.Equal(t, refused, redact.Error(fmt.Errorf("wrapped: %w", &url.Error{URL: "x", Err: refused})))
	require.NoError(t, redact.Error(nil))
}
