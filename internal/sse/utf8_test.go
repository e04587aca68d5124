package sse_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/sse"
)

// Every length and every place matters, since runs of ASCII are passed over in pieces, from both ends.
func TestValid(t *testing.T) {
	for length := range 150 {
		ascii := strings.Repeat("x", length)
		require.True(t, sse.Valid([]byte(ascii)))
		for at := range length {
			for _, s := range []string{"é", "€", "🇬🇧", "\xFF", "\xC3", "\xE2\x82", "\x80", "\xF0\x9F\x87"} {
				text := ascii[:at] + s + ascii[at:]
				require.Equal(t, utf8.ValidString(text), sse.Valid([]byte(text)), "%q", text)
			}
		}
	}
}
