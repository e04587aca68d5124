package cause_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/cause"
)

func TestOf(t *testing.T) {
	why, failure := errors.New("why"), errors.New("failure")
	done, cancel := context.WithCancelCause(t.Context())
	cancel(why)

	for name, test := range map[string]struct {
		ctx       context.Context
		err, want error
	}{
		"a failure":                        {t.Context(), failure, failure},
		"another's cancellation":           {t.Context(), context.Canceled, context.Canceled},
		"nil":                              {done, nil, nil},
		"a failure though ctx is done":     {done, failure, failure},
		"ctx.Err":                          {done, context.Canceled, why},
		"ctx.Err wrapped":                  {done, fmt.Errorf("get: %w", context.Canceled), why},
		"a deadline that is not ctx's":     {done, context.DeadlineExceeded, context.DeadlineExceeded},
		"the cause already, which remains": {done, why, why},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, cause.Of(test.ctx, test.err))
		})
	}
}
