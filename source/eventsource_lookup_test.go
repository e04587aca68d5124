package source_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/goroutines"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// resolverTo returns a resolver of Go that asks name servers over these connections.
func resolverTo(dial func(context.Context, string, string) (net.Conn, error)) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: dial}
}

// others returns the stacks of all goroutines of the bubble except those that run the test.
func others() (found []string) {
	for _, stack := range goroutines.InBubble() {
		if !strings.Contains(stack, "testing/synctest.Test") && !strings.Contains(stack, "goroutines.InBubble") {
			found = append(found, stack)
		}
	}
	return found
}

// The resolver of Go does not end a query when its context is done. So a lookup is the only thing that a run may leave behind, and
// it ends when the query times out.
func TestALookupIsAllThatARunLeaves(t *testing.T) {
	refusing := func(context.Context, string, string) (net.Conn, error) { return nil, errTest }
	// Outside of the bubble, for the caches of package net.
	_, err := resolverTo(refusing).LookupHost(t.Context(), "events.test")
	require.Error(t, err)
	synctest.Test(t, func(t *testing.T) {
		dialer := &net.Dialer{Resolver: resolverTo(dialTo(readAllOf))}
		withTransport(t, &http.Transport{DialContext: dialer.DialContext})
		require.Empty(t, others())
		var runs []*observable.Subscription
		for range 100 {
			events := source.FromEventSource[string]("http://events.test/")
			runs = append(runs, events.Subscribe(t.Context(), observable.Observer[source.Event[string]]{}))
		}
		time.Sleep(time.Second)
		for _, run := range runs {
			run.Dispose()
			require.NoError(t, run.Wait())
		}
		synctest.Wait()
		left := others()
		t.Log(len(left), "goroutines are left")
		require.NotEmpty(t, left)
		for _, stack := range left {
			require.Regexp(t, `net\.\(\*Resolver\)|source_test\.readAllOf`, stack, "a lookup or a name server")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Empty(t, others())
	})
}
