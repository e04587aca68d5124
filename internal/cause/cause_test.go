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
	why, failure := fmt.Errorf("why: %w", errors.New("reason")), errors.New("failure")
	done, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	both := errors.Join(why, failure)

	for name, test := range map[string]struct {
		ctx       context.Context
		err, want error
	}{
		"nothing":                        {t.Context(), nil, nil},
		"a failure":                      {t.Context(), failure, failure},
		"another's cancellation":         {t.Context(), context.Canceled, context.Canceled},
		"nothing, done":                  {done, nil, nil},
		"a failure, done":                {done, failure, failure},
		"ctx.Err":                        {done, context.Canceled, why},
		"ctx.Err, wrapped":               {done, fmt.Errorf("get: %w", context.Canceled), why},
		"ctx.Err, by another name":       {done, operationCancelled{}, why},
		"the cause":                      {done, why, why},
		"the cause, wrapped":             {done, fmt.Errorf("get: %w", why), why},
		"the cause, twice":               {done, errors.Join(why, fmt.Errorf("get: %w", context.Canceled)), why},
		"a failure beside the cause":     {done, both, both},
		"a deadline that is not ctx's":   {done, context.DeadlineExceeded, context.DeadlineExceeded},
		"a wrapper of nothing":           {done, wrapper{}, wrapper{}},
		"a wrapper of nothing, for many": {done, errorList{}, errorList{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, cause.Of(test.ctx, test.err))
		})
	}
}

func TestAFailureBesideTheCauseIsFoundAnywhere(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.True(t, cause.Alone(ctx, fmt.Errorf("run: %w", errors.Join(context.Canceled, context.Canceled))))
	require.False(t, cause.Alone(ctx, fmt.Errorf("run: %w", errors.Join(context.Canceled, errors.New("close")))))
}

// An error that cannot be compared, as a slice cannot, must not panic.
func TestOfAnErrorThatCannotBeCompared(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errorList{errors.New("why")})
	require.Equal(t, error(errorList{errors.New("why")}), cause.Of(ctx, errorList{errors.New("why")}))
	require.True(t, cause.Alone(ctx, context.Canceled))
}

// operationCancelled says that it is context.Canceled, as errors of package net do.
type operationCancelled struct{}

func (operationCancelled) Error() string        { return "operation was cancelled" }
func (operationCancelled) Is(target error) bool { return target == context.Canceled }

type wrapper struct{}

func (wrapper) Error() string { return "wrapper" }
func (wrapper) Unwrap() error { return nil }

type errorList []error

func (l errorList) Error() string   { return fmt.Sprint([]error(l)) }
func (l errorList) Unwrap() []error { return l }
