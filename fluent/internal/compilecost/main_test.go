package main

import (
	"bytes"
	"go/format"
	"testing"

	"github.com/stretchr/testify/require"
)

const top = "../.."

// The size of an archive is the same in every run. A time is not, so the command measures it and no test does.
func TestTheArchiveOfMethodsIsWithinTheLimit(t *testing.T) {
	functions, methods, err := measure(top, len(chains), 1)
	require.NoError(t, err)
	const archive = 2
	require.Positive(t, functions.figure(archive))
	require.Less(t, methods.figure(archive), limit*functions.figure(archive))
}

func TestTheProgramsAreWhatTheCommandSays(t *testing.T) {
	for _, form := range []string{"functions", "methods"} {
		code := program(form, 50)
		_, err := format.Source(code)
		require.NoError(t, err)
		require.Equal(t, 50, bytes.Count(code, []byte("struct{ values [")))
		require.Equal(t, 50, bytes.Count(code, []byte(".Collect(ctx)")))
		require.Equal(t, form == "methods", bytes.Contains(code, []byte("fluent.From")))
		require.Equal(t, form == "functions", bytes.Contains(code, []byte("operators.")))
	}
}

func TestACompilerErrorIsShown(t *testing.T) {
	c := cost{name: "nothing"}
	require.ErrorContains(t, c.compile(t.TempDir(), "none"), "compile nothing: exit status")
}

func TestMedian(t *testing.T) {
	c := cost{runs: [][3]float64{{3, 1}, {1, 2}, {2, 9}}}
	require.InDelta(t, 2, c.figure(0), 0)
	require.InDelta(t, 2, c.figure(1), 0)
}
