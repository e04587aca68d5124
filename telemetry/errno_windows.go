package telemetry

import "syscall"

// What Windows returns for a connection. syscall.ECONNREFUSED and syscall.ECONNRESET are values that Go has invented.
const (
	refused = syscall.Errno(10061) // WSAECONNREFUSED
	reset   = syscall.WSAECONNRESET
)
