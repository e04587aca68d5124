package source

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/internal/sse"
)

// runEventSource is the run of FromEventSource, but for the type of the data.
func runEventSource(
	ctx context.Context, url string, s *settings, deliver func(sse.Event) (more bool, err error),
) error {
	return errors.New("rivulet: event source: not built yet")
}
