package connect_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/connect"
)

func TestPosition(t *testing.T) {
	var p connect.Position[string]
	require.Empty(t, p.Place())
	require.Equal(t, "a", p.Begin("a"), "the first run begins where its caller says")
	require.Equal(t, "a", p.Place())
	require.Equal(t, "a", p.Begin("b"))
	p.Set("")
	require.Empty(t, p.Begin("b"), "the empty place is one, too")

	_, ok := p.Delay()
	require.False(t, ok)
	p.SetDelay(0)
	d, ok := p.Delay()
	require.True(t, ok)
	require.Zero(t, d)
	p.SetDelay(time.Second)
	d, _ = p.Delay()
	require.Equal(t, time.Second, d)
}

func TestNoPosition(t *testing.T) {
	var p *connect.Position[int]
	p.Set(3)
	p.SetDelay(time.Second)
	require.Equal(t, 7, p.Begin(7))
	_, ok := p.Delay()
	require.False(t, ok)
}
