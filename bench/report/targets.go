package main

import "math"

// target is the most that Rivulet may cost in a case of a theme: factor times the cost of the contender against.
type target struct {
	what, theme, name, against string
	factor                     float64
	unit                       string // of what is compared, if not the time
}

// A factor of 1/n means that Rivulet is at least n times cheaper.
var targets = []target{
	{"sync chain", "Chain", "", "limit", 2, ""},
	{"sync chain", "Chain", "", "seq", 1.8, ""},
	{"sync chain", "Chain", "", "ro", 1. / 10, ""},
	{"sync chain", "Chain", "", "rxgo", 1. / 80, ""},
	{"chain of literals, nested, ForEach", "ChainOfLiterals", "nested/ForEach", "limit", 6, ""},
	{"chain of literals, nested, All", "ChainOfLiterals", "nested/All", "limit", 6, ""},
	{"chain of literals, named, ForEach", "ChainOfLiterals", "named/ForEach", "limit", 6, ""},
	{"chain of literals, named, All", "ChainOfLiterals", "named/All", "limit", 6, ""},
	{"boundary at 128", "Boundary", "128", "channel-ctx", 1. / 4, ""},
	{"boundary at 128", "Boundary", "128", "ro", 1. / 8, ""},
	{"merge of 8", "Merge", "8", "limit", 1. / 2, ""},
	{"merge of 8", "Merge", "8", "ro-concurrent", 1. / 8, ""},
	{"merge of 8", "Merge", "8", "rxgo", 1. / 25, ""},
	{"fan-out to 1", "FanOut", "1", "limit", 1. / 4, ""},
	{"fan-out to 1", "FanOut", "1", "ro", 1. / 4, ""},
	{"fan-out to 10", "FanOut", "10", "limit", 1. / 4, ""},
	{"fan-out to 10", "FanOut", "10", "ro", 1. / 4, ""},
	{"fan-out to 100", "FanOut", "100", "limit", 1. / 4, ""},
	{"fan-out to 100", "FanOut", "100", "ro", 1. / 4, ""},
	{"fan-out to 1,000", "FanOut", "1000", "limit", 1. / 4, ""},
	{"fan-out to 1,000", "FanOut", "1000", "ro", 1. / 4, ""},
	{"SSE decode, visitor", "Decode", "visitor", "limit", 3, ""},
	{"SSE decode, visitor", "Decode", "visitor", "go-sse", 1. / 4, ""},
	{"SSE decode, visitor", "Decode", "visitor", "launchdarkly", 1. / 25, ""},
	{"SSE end to end with JSON", "EventSource", "", "limit", 1.2, ""},
	{"History(20)", "History", "20", "copying", 1. / 8, ""},

	{"processor time for 9,900 clients", "ServeSecond", "9900", "limit", 1.05, ""},
	{"processor time for 9,900 clients", "ServeSecond", "9900", "go-sse", 1.1, ""},
	{"processor time for 9,900 clients", "ServeSecond", "9900", "launchdarkly", 1.1, ""},
	{"processor time for 9,900 clients", "ServeSecond", "9900", "r3labs", 1.1, ""},
	{"memory per client", "ServeSecond", "9900", "go-sse", 1, "B/client"},
	{"full speed, 1 client", "ServeFull", "1", "limit", 2, ""},
	{"full speed, 100 clients", "ServeFull", "100", "limit", 1, ""},
	{"full speed, 100 clients", "ServeFull", "100", "go-sse", 1. / 5, ""},
	{"full speed, 100 clients", "ServeFull", "100", "launchdarkly", 1. / 5, ""},
	{"full speed, 100 clients", "ServeFull", "100", "r3labs", 1. / 5, ""},
	{"full speed, 1,000 clients", "ServeFull", "1000", "limit", 1, ""},
	{"full speed, 1,000 clients", "ServeFull", "1000", "go-sse", 1. / 5, ""},
	{"full speed, 1,000 clients", "ServeFull", "1000", "launchdarkly", 1. / 5, ""},
	{"full speed, 1,000 clients", "ServeFull", "1000", "r3labs", 1. / 5, ""},
}

// ratio returns the cost of Rivulet as a multiple of that of the contender.
func (t target) ratio(r *results) float64 {
	return r.median(t.theme, t.name, "rivulet", t.unit) / r.median(t.theme, t.name, t.against, t.unit)
}

// met compares what the report shows, which has three digits.
func (t target) met(ratio float64) bool {
	return !math.IsNaN(ratio) && (ratio <= t.factor || multiple(ratio) == multiple(t.factor))
}
