module github.com/rivulet-go/rivulet

go 1.26

require (
	github.com/cenkalti/backoff/v5 v5.0.3
	github.com/launchdarkly/eventsource v1.11.0
	github.com/stretchr/testify v1.12.1
	pgregory.net/rapid v1.3.0
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect
