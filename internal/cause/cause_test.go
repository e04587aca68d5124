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

func (operationCancelled) Error() string        { return "operation was canceled" }
func (operationCancelled) Is(target error) bool { return target == context.Canceled }

type wrapper struct{}

func (wrapper) Error() string { return "wrapper" }
func (wrapper) Unwrap() error { return nil }

type errorList []error

func (l errorList) Error() string   { return fmt.Sprint([]error(l)) }
func (l errorList) Unwrap() []error { return l }

func TestBeside(t *testing.T) {
	why, failure, another := errors.New("why"), errors.New("failure"), errors.New("another")
	done, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	both := errors.Join(failure, another)
	wrapped := fmt.Errorf("%w, and then %w", why, failure)

	for name, test := range map[string]struct {
		ctx       context.Context
		err, rest error
		told      bool
	}{
		"nothing":                        {done, nil, nil, false},
		"not done":                       {t.Context(), context.Canceled, context.Canceled, false},
		"a failure":                      {done, failure, failure, false},
		"several failures":               {done, both, both, false},
		"the cause":                      {done, why, nil, true},
		"the cause, wrapped":             {done, fmt.Errorf("get: %w", why), nil, true},
		"a failure beside the cause":     {done, errors.Join(why, failure), failure, true},
		"several beside the cause":       {done, errors.Join(failure, why, another), both, true},
		"a join in a join":               {done, errors.Join(failure, errors.Join(why, another)), both, true},
		"a failure in one text with it":  {done, wrapped, failure, true},
		"a failure beside it, both deep": {done, fmt.Errorf("get: %w", wrapped), fmt.Errorf("get: %w", wrapped), true},
	} {
		t.Run(name, func(t *testing.T) {
			rest, told := cause.Split(test.ctx, test.err)
			require.Equal(t, test.rest, rest)
			require.Equal(t, test.told, told)
		})
	}
}
