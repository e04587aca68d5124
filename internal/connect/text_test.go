package connect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/connect"
)

func TestURLHasNoSecret(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                "",
		"events":                          "events",
		"http://events.test/stream":       "http://events.test/stream",
		"wss://events.test:8443/a/%2f@b":  "wss://events.test:8443/a/%2f@b",
		"http://münchen.test/ä":           "http://münchen.test/ä",
		"HTTP://EVENTS.test/":             "HTTP://EVENTS.test/",
		"http://events.test/?token=a":     "http://events.test/",
		"http://events.test/?":            "http://events.test/?",
		"http://events.test/#token":       "http://events.test/",
		"/stream?token=a":                 "/stream",
		"//user:secret@events.test/a":     "//events.test/a",
		"https://user:secret@h:8443/a?b#": "https://h:8443/a",

		"http://user:@/secret@h/a":             "http://...",
		"http:user:secret@events.test?token=a": "http:events.test",
		"user:secret@events.test/a":            "user:events.test/a",
		"javascript:alert(1)":                  "javascript:alert(1)",

		// Malformed ones.
		"://x":                                "://x",
		"http://a b/":                         "http://a b/",
		"http://[::1/":                        "http://[::1/",
		"http://secret@[::1":                  "http://[::1",
		"http://events.test:port/a?token=a":   "http://events.test:port/a",
		"http://user:secret@h/%zz?token=a#b":  "http://h/%zz",
		"http://h/%zz#token":                  "http://h/%zz",
		"http://us er:secret@events.test/":    "http://events.test/",
		"http://user:se/cret@events.test/":    "http://...",
		"http://user:se?cret@events.test/":    "http://...",
		"http://user:se#cret@events.test/":    "http://...",
		"http://user:se://cret@events.test/a": "http://...",
		"http://h:port/?mail=a@b&token=a":     "http://...",
		"user:secret@h/%zz?a":                 "user:h/%zz",
		"u:secret@h/://%zz":                   "u:h/://%zz",
		"%zz?token=a":                         "%zz",
	} {
		require.Equal(t, want, connect.URL(raw), raw)
		require.Equal(t, want, connect.URL(want), "once more")
	}
}

func TestText(t *testing.T) {
	for _, test := range []struct{ kind, url, reason, want string }{
		{"event source", "http://h/a", "refused", "rivulet: event source http://h/a: refused"},
		{"event stream", "", "refused", "rivulet: event stream: refused"},
		{"websocket", "wss://user:secret@h/?token=secret", "rivulet: refused", "rivulet: websocket wss://h/: refused"},
		{"k", "k:", "rivulet: k: refused", "rivulet: k k:: refused"},
		{"k", "", `Get "http://u:secret@h/a?token=secret": EOF`, `rivulet: k: Get "http://h/a": EOF`},
		{"k", "", `a "http://u:se\"secret@h/a b?secret" "x"`, `rivulet: k: a "http://h/a b" "x"`},
		{"k", "", "GET http://h/a?token=secret: gone", "rivulet: k: GET http://h/a: gone"},
		{"k", "", "(see http://h/?secret) and 'ftp://u:se'secret@h'", "rivulet: k: (see http://h/) and 'ftp://h'"},
		{"k", "", "…http://u:it'secret@h/", "rivulet: k: …http://h/"},
		{"k", "", "at wss://h/?secret", "rivulet: k: at wss://h/"},
		{"k", "", "://?secret", "rivulet: k: ://"},
		{"k", "", "a\x1b[2Jb\nc\u202Ed\xFFé", `rivulet: k: a\x1b[2Jb\nc\u202ed` + "\uFFFDé"},
		{"k", "", "\xFF", "rivulet: k: \uFFFD"},
		{"k", "", strings.Repeat("x", 2000), "rivulet: k: " + strings.Repeat("x", 1024) + "..."},
	} {
		require.Equal(t, test.want, connect.Text(test.kind, test.url, test.reason))
	}
}

func TestClean(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	require.Equal(t, error(refused), connect.Clean(refused), "there is nothing to clean")
	wrapped := &url.Error{Op: "Get", URL: "http://h/?token=secret", Err: refused}
	require.Equal(t, error(refused), connect.Clean(wrapped))
	require.Equal(t, error(refused), connect.Clean(&url.Error{Err: wrapped}))

	deep := connect.Clean(fmt.Errorf("token: %w", errors.Join(wrapped, io.EOF)))
	require.EqualError(t, deep, `token: Get "http://h/": dial tcp: connection refused\nEOF`)
	require.ErrorIs(t, deep, syscall.ECONNREFUSED)
	require.ErrorIs(t, deep, io.EOF)
	require.NotErrorIs(t, deep, context.Canceled)
	var operation *net.OpError
	require.ErrorAs(t, deep, &operation)
	require.Equal(t, refused, operation)
	require.NoError(t, errors.Unwrap(deep), "the text of what is wrapped has the secret")
}

// Wherever the secrets of a URL are, and whatever else is in it, no text shows them.
func FuzzTextHasNoSecret(f *testing.F) {
	for _, seed := range []string{"", "events.test", "h:1/a", "%zz", "[::1", "x/y?z#", "'", "user:a", "://", "é"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, host, password string) {
		const secret = "S3cr3t"
		port := strings.TrimLeft(password, "0123456789")
		if strings.ContainsFunc(host+password, func(c rune) bool { return c <= ' ' || c == '"' || c == '\\' }) ||
			strings.Contains(host, "@") || strings.Contains(host, secret) || strings.HasPrefix(port, "/") {
			t.Skip() // it ends where a reader sees it end, and user:1/password is a host and its port
		}
		for _, raw := range []string{
			"http://user:" + password + secret + "@" + host + "/a?token=" + secret + "#" + secret,
			"http://" + host + "/?" + secret,
			"http://" + host + "/a?" + password + "&" + secret,
		} {
			require.NotContains(t, connect.URL(raw), secret, raw)
			for _, format := range []string{"Get %s: refused", "Get %q: refused", "url='%s'", "%s"} {
				text := fmt.Sprintf(format, raw)
				require.NotContains(t, connect.Text("k", "", text), secret, text)
			}
		}
	})
}
