// Package e2e has the tests of Rivulet that need heavy tools or long runs: real network faults, hostile servers, a
// browser and a soak. It is a module of its own, so that none of those tools enters the library's go.mod.
//
// All sockets are on 127.0.0.1. The soak runs in short by default; in full it is
//
//	go test -run TestSoak -soak.events 1000000 .
//
// The browser is the Chromium of the machine; without one its tests are skipped. It takes the pictures of the README:
//
//	go test -run TestPageShowsVisitors -screenshot .
package e2e
