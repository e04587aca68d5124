module github.com/rivulet-go/rivulet/fluent

go 1.27

toolchain go1.27.3

require (
	github.com/rivulet-go/rivulet v0.0.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/time v0.15.0
)

require (
	github.com/launchdarkly/eventsource v1.11.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/rivulet-go/rivulet => ../
