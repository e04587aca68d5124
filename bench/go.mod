module github.com/rivulet-go/rivulet/bench

go 1.26

require (
	github.com/launchdarkly/eventsource v1.11.0
	github.com/rivulet-go/rivulet v0.0.0
	github.com/tmaxmax/go-sse v0.11.0
)

require github.com/cenkalti/backoff/v5 v5.0.3 // indirect

replace github.com/rivulet-go/rivulet => ../
