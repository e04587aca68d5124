module github.com/rivulet-go/rivulet

go 1.26

require github.com/stretchr/testify v1.12.1

require (
	github.com/cenkalti/backoff/v5 v5.0.3 // indirect
	github.com/launchdarkly/eventsource v1.11.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
