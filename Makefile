.DEFAULT_GOAL := help
MODULE ?= .
FUZZTIME ?= 300000x
COUNT ?= 6
RACECOUNT ?= 3
BENCH ?= .
TOOL = go tool -modfile=$(CURDIR)/tools/go.mod

.PHONY: help test race lint vulnerabilities workflows api fuzz bench bench-compare demo examples cover

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

test: ## run the tests of MODULE (the library)
	cd $(MODULE) && go test ./...

# internal/house compiles programs and starts no goroutine.
race: ## run the tests of MODULE under the race detector, shuffled, RACECOUNT (3) times on 1, 2 and 8 processors
	cd $(MODULE) && go test -race -shuffle=on -count=$(RACECOUNT) -cpu=1,2,8 -timeout 30m $$(go list ./... | grep -v /internal/house)

# gofmt comes from the Go that the module needs, and leaves out the modules in its folders.
lint: ## gofmt, go vet, staticcheck and a tidy go.mod in MODULE (the library)
	@cd $(MODULE) && files=$$(go list -f '{{range .GoFiles}}{{$$.Dir}}/{{.}} {{end}}{{range .TestGoFiles}}{{$$.Dir}}/{{.}} {{end}}{{range .XTestGoFiles}}{{$$.Dir}}/{{.}} {{end}}{{range .IgnoredGoFiles}}{{$$.Dir}}/{{.}} {{end}}' ./...) && \
	  bad=$$("$$(go env GOROOT)/bin/gofmt" -l $$files) && { [ -z "$$bad" ] || { echo "gofmt would change:"; echo "$$bad"; exit 1; }; }
	@cd $(MODULE) && go mod tidy -diff && go vet ./... && $(TOOL) staticcheck ./...

vulnerabilities: ## look for known vulnerabilities in what MODULE (the library) calls; needs vuln.go.dev
	cd $(MODULE) && $(TOOL) govulncheck ./...

workflows: ## check .github/workflows
	$(TOOL) actionlint

api: ## record the exported API in api/, after a change that is meant
	go test ./internal/house -run TestExportedAPIIsRecorded -update-api

fuzz: ## run every fuzz target of MODULE for FUZZTIME (300000x, so many runs: see go.dev/issue/75804)
	@cd $(MODULE) && for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	  done; \
	done

cover: ## statement coverage of the packages that users import
	go test -coverpkg=./observable,./source,./operators -coverprofile=cover.out ./... >/dev/null
	go tool cover -func=cover.out | tail -1

bench: ## measure beside the peers, COUNT (6) times, and write bench/RESULTS.md
	cd bench && go test -run '^$$' -bench . -benchmem -benchtime 0.2s -count $(COUNT) . > bench.out && go run ./report bench.out

bench-compare: ## compare revision BASE with the working tree by benchstat, all benchmarks or those that match BENCH
	@test -n "$(BASE)" || { echo "usage: make bench-compare BASE=<revision> [BENCH=<pattern>]"; exit 2; }
	@bench/compare '$(BASE)' '$(COUNT)' '$(BENCH)'

demo: ## run the main example, with its page on localhost:8080
	go run ./examples/visitors

examples: ## run every example of the library for a few events
	go run ./examples/visitors -addr "" -events 3 -every 10ms
	go run ./examples/listener -events 6 -every 10ms </dev/null
	go run ./examples/llm -every 5ms
	go run ./examples/pipeline -events 4 -every 10ms
	go run ./examples/fanout -clients 20 -events 3 -every 20ms
	go run ./examples/search -every 5ms -pause 30ms -latency 60ms
	go run ./examples/tail -lines 100 -every 2ms -wait 100ms
	go run ./examples/dashboard -addr "" -boards 5 -every 20ms
	cd websocket && go run ./examples/orderbook -addr "" -changes 100 -every 10ms -cut 200ms
	cd telemetry && go run ./examples/visitors -addr localhost:0 -groups 2 -size 5 -every 10ms
	cd durable && go run ./examples/cluster -addr localhost:0 -events 100 -every 10ms -kill 300ms
