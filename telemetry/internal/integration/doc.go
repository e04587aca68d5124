// Package integration tests telemetry with the modules that hold connections of their own: durable and websocket. It is a
// module of its own, so that telemetry requires neither of them.
package integration
