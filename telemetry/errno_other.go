//go:build !windows

package telemetry

import "syscall"

const (
	refused = syscall.ECONNREFUSED
	reset   = syscall.ECONNRESET
)
