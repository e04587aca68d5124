package connect

import (
	"context"
	"slices"
	"time"
)

// Hooks are called on the goroutine of one run, in addition to those of its [Config]. Those that are nil are not called.
type Hooks struct {
	OnState func(State)
	OnRetry func(err error, attempt int, delay time.Duration)
	// OnAttempt is called before each attempt and returns the context of the attempt, which must be derived from ctx. If
	// ended is not nil, it is called with the result of the attempt.
	OnAttempt func(ctx context.Context) (attempt context.Context, ended func(error))
}

type hooksKey struct{}

// WithHooks returns a context whose runs have hooks: each run of [Attempts] with it, or with a context derived from it,
// calls begin for hooks of its own. begin is called concurrently if runs are. It replaces that of an outer WithHooks.
func WithHooks(ctx context.Context, begin func() Hooks) context.Context {
	return context.WithValue(ctx, hooksKey{}, begin)
}

// addHooks adds the hooks of ctx to those of the run.
func (a *Attempts) addHooks(ctx context.Context) {
	begin, ok := ctx.Value(hooksKey{}).(func() Hooks)
	if !ok {
		return
	}
	hooks := begin()
	if hooks.OnState != nil {
		a.config.OnState = append(slices.Clip(a.config.OnState), hooks.OnState)
	}
	if hooks.OnRetry != nil {
		a.config.OnRetry = append(slices.Clip(a.config.OnRetry), hooks.OnRetry)
	}
	a.onAttempt = hooks.OnAttempt
}

// observed calls attempt, with the hook of ctx around it.
func (a *Attempts) observed(ctx context.Context, attempt func(context.Context) error) error {
	if a.onAttempt == nil {
		return attempt(ctx)
	}
	ctx, ended := a.onAttempt(ctx)
	err := attempt(ctx)
	if ended != nil {
		ended(err)
	}
	return err
}
