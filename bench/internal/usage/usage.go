//go:build unix

// Package usage has what a process uses of the machine.
package usage

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

// Usage is what the process holds.
type Usage struct {
	Goroutines int
	Resident   int // bytes, as the kernel counts them
	InUse      int // bytes of heap and stacks, as the runtime counts them
}

// Take collects garbage, gives free memory back to the system and looks at what is left.
func Take() Usage {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Usage{runtime.NumGoroutine(), resident(), int(m.HeapInuse + m.StackInuse)}
}

// Settle waits until no more goroutines are left than there were, or for the limit, and takes the usage then.
func Settle(goroutines int, limit time.Duration) Usage {
	for end := time.Now().Add(limit); runtime.NumGoroutine() > goroutines && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	return Take()
}

// resident reads the resident set of this process; 0 where /proc is not there.
func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}

// CPU is the processor time that this process has used of the processors so far.
func CPU() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// RaiseFileLimit makes the soft limit of open files at least need.
func RaiseFileLimit(need int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("reading the limit of open files: %w", err)
	}
	if limit.Cur >= uint64(need) {
		return nil
	}
	if limit.Max < uint64(need) {
		return fmt.Errorf("%d open files are needed, the hard limit is %d: raise it (ulimit -Hn %[1]d) or give a smaller -n",
			need, limit.Max)
	}
	limit.Cur = uint64(need)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("raising the limit of open files to %d: %w", need, err)
	}
	return nil
}

// Processor is the name of the processor, or that of its architecture where /proc is not there.
func Processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// Load is the load of the machine over the last minute; 0 where /proc is not there.
func Load() (average float64) {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	_, _ = fmt.Sscan(string(text), &average)
	return average
}
