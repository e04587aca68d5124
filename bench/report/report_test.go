package main

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const output = `goos: linux
goarch: amd64
pkg: github.com/rivulet-go/rivulet/bench
cpu: A processor
BenchmarkMerge/8/limit-2      	 100	 1000 ns/op	 40.0 ns/item	 0 B/op	 0 allocs/op
BenchmarkMerge/8/rivulet-2    	 100	 1000 ns/op	 10.0 ns/item	 0 B/op	 0 allocs/op
BenchmarkMerge/8/rivulet-2    	 100	 1000 ns/op	 12.0 ns/item	 0 B/op	 0 allocs/op
BenchmarkMerge/8/rivulet-2    	 100	 1000 ns/op	 14.0 ns/item	 0 B/op	 0 allocs/op
BenchmarkChain/limit-2        	 100	 1000 ns/op	 4.0 ns/item	 0 B/op	 0 allocs/op
BenchmarkChain/rivulet-2      	 100	 1000 ns/op	 12.0 ns/item	 0 B/op	 0 allocs/op
BenchmarkLoneItem/awake/rivulet-2   	 100	 1000 ns/op	 900 p50-ns	 1800 p99-ns
PASS
`

func TestReport(t *testing.T) {
	r, err := parse(strings.NewReader(output), "bench.out")
	require.NoError(t, err)
	require.Equal(t, "A processor", r.cpu)
	require.Equal(t, 12.0, r.median("Merge", "8", "rivulet", ""))
	require.True(t, math.IsNaN(r.median("Merge", "8", "ro", "")))

	text := r.markdown("here")
	require.Contains(t, text, "| 8 | 40 ±0 % (3.33×) | **12 ±8 %** |")
	require.Contains(t, text, "| merge of 8 | limit | 1/3.33 | ≤ 1/2 | met |")
	require.Contains(t, text, "| sync chain | limit | 3× | ≤ 2× | missed |")
	require.Contains(t, text, "| sync chain | ro | not measured | ≤ 1/10 | missed |")
	require.Contains(t, text, "| awake rivulet | p50-ns | 900 ±0 % |")
	require.NotContains(t, text, "clients")
	require.Equal(t, "RESULTS.md", r.page())

	chart := r.themes[0].chart()
	require.Contains(t, chart, "Merging, by number of sources: ns per item")
	require.Equal(t, 2, strings.Count(chart, "<rect "))
}

func TestAnEmptyReportIsAnError(t *testing.T) {
	_, err := parse(strings.NewReader("PASS\n"), "bench.out")
	require.EqualError(t, err, "no benchmark in bench.out")
}

const served = `goos: linux
goarch: amd64
cpu: A processor
load: 1.5
BenchmarkServeSecond/9900/limit-2 1 20000 ns/item 30000 B/client 2.00 goroutines/client
load: 2.5
BenchmarkServeSecond/9900/rivulet-2 1 10000 ns/item 20000 B/client 2.00 goroutines/client
BenchmarkServeSecond/9900/go-sse-2 1 30000 ns/item 10000 B/client 2.00 goroutines/client
`

func TestTheReportOfServe(t *testing.T) {
	r, err := parse(strings.NewReader(served), "serve.out")
	require.NoError(t, err)
	require.Equal(t, "SERVE.md", r.page())
	text := r.markdown(environment(r, "a v1\nb v2\n"))
	require.Contains(t, text, "Load of the machine while measuring, this program included: 1.5 to 2.5.")
	require.Contains(t, text, "go run ./report serve.out")
	require.Contains(t, text, "| 9900 | 20000 ±0 % (2×) | **10000 ±0 %** | 30000 ±0 % (3×) |")
	require.Contains(t, text, "| processor time for 9,900 clients | limit | 1/2 | ≤ 1.05× | met |")
	require.Contains(t, text, "| memory per client | go-sse | 2× | ≤ 1× | missed |")
	require.NotContains(t, text, "sync chain")
}
