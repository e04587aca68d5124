package durable

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// StreamConfig describes a stream for [Ensure]. A limit that is zero has its default; a negative one means no limit.
type StreamConfig struct {
	// Name is the name of the stream, without spaces, dots and wildcards.
	Name string
	// Subjects are the subjects whose messages the stream stores. Default: the name of the stream.
	Subjects []string
	// Memory stores messages in memory: they are lost when the server stops. Default: in files.
	Memory bool
	// Replicas is the number of servers of a cluster that store each message. Default: 1.
	Replicas int
	// Retention says when messages are removed. Default: only by the limits.
	Retention jetstream.RetentionPolicy
	// MaxAge is how long messages are kept. Default: 7 days. Negative means no limit.
	MaxAge time.Duration
	// MaxBytes is how many bytes are kept. The oldest messages are removed first. Default: 1 GiB. Negative means no limit.
	MaxBytes int64
	// MaxMessages is how many messages are kept. Default: no limit.
	MaxMessages int64
	// Duplicates is how long the server remembers message IDs. [Publish] survives an outage of that length. The server
	// holds all IDs of that time in memory. Default: 2 minutes, or MaxAge if that is less.
	Duplicates time.Duration
}

const (
	defaultMaxAge     = 7 * 24 * time.Hour
	defaultMaxBytes   = 1 << 30
	defaultDuplicates = 2 * time.Minute
)

// DifferenceError reports that a stream exists and is not configured as [Ensure] was asked.
type DifferenceError struct {
	Stream      string
	Differences []Difference
}

// Difference is one setting of a stream that is not as wanted.
type Difference struct {
	Setting    string // the field of [StreamConfig]
	Want, Have any
}

func (e *DifferenceError) Error() string {
	var texts []string
	for _, d := range e.Differences {
		texts = append(texts, fmt.Sprintf("%s is %v, not %v", d.Setting, d.Have, d.Want))
	}
	return fmt.Sprintf("rivulet: durable: stream %q exists, but its %s", e.Stream, strings.Join(texts, "; "))
}

// Ensure makes sure that a stream exists: it creates the stream if it does not, and fails with a [*DifferenceError] if
// it exists with other settings. It never changes a stream that exists. Several processes may call it at once.
func Ensure(ctx context.Context, nc *nats.Conn, config StreamConfig) error {
	if nc == nil || config.Name == "" {
		panic("durable.Ensure: nil nc or empty name")
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("rivulet: durable: %w", err)
	}
	want := config.server()
	stream, err := js.Stream(ctx, config.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = create(ctx, js, want)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("rivulet: durable: ensuring stream %q: %w", config.Name, err)
	}
	if differences := compare(want, stream.CachedInfo().Config); len(differences) > 0 {
		return &DifferenceError{Stream: config.Name, Differences: differences}
	}
	return nil
}

// create creates a stream, or returns the one that another process has created in the meantime.
func create(ctx context.Context, js jetstream.JetStream, config jetstream.StreamConfig) (jetstream.Stream, error) {
	stream, err := js.CreateStream(ctx, config)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return js.Stream(ctx, config.Name)
	}
	return stream, err
}

// server returns the configuration for the server, with the defaults.
func (c StreamConfig) server() jetstream.StreamConfig {
	config := jetstream.StreamConfig{
		Name:       c.Name,
		Subjects:   c.Subjects,
		Retention:  c.Retention,
		Replicas:   max(c.Replicas, 1),
		MaxAge:     max(limit(c.MaxAge, defaultMaxAge), 0), // the server's 0 means no limit
		MaxBytes:   limit(c.MaxBytes, defaultMaxBytes),
		MaxMsgs:    limit(c.MaxMessages, -1),
		Duplicates: max(c.Duplicates, 0),
	}
	if len(config.Subjects) == 0 {
		config.Subjects = []string{c.Name}
	}
	if c.Memory {
		config.Storage = jetstream.MemoryStorage
	}
	if config.Duplicates == 0 {
		config.Duplicates = defaultDuplicates
		if config.MaxAge > 0 {
			config.Duplicates = min(config.Duplicates, config.MaxAge)
		}
	}
	return config
}

// limit returns value, or otherwise if it is zero, or -1 if it is negative.
func limit[N int64 | time.Duration](value, otherwise N) N {
	if value == 0 {
		return otherwise
	}
	return max(value, -1)
}

func compare(want, have jetstream.StreamConfig) (differences []Difference) {
	add := func(setting string, equal bool, want, have any) {
		if !equal {
			differences = append(differences, Difference{Setting: setting, Want: want, Have: have})
		}
	}
	sorted := func(subjects []string) []string { return slices.Sorted(slices.Values(subjects)) }
	add("Subjects", slices.Equal(sorted(want.Subjects), sorted(have.Subjects)), want.Subjects, have.Subjects)
	memory := want.Storage == jetstream.MemoryStorage
	add("Memory", want.Storage == have.Storage, memory, !memory)
	add("Replicas", want.Replicas == have.Replicas, want.Replicas, have.Replicas)
	add("Retention", want.Retention == have.Retention, want.Retention, have.Retention)
	add("MaxAge", want.MaxAge == have.MaxAge, want.MaxAge, have.MaxAge)
	add("MaxBytes", want.MaxBytes == have.MaxBytes, want.MaxBytes, have.MaxBytes)
	add("MaxMessages", want.MaxMsgs == have.MaxMsgs, want.MaxMsgs, have.MaxMsgs)
	add("Duplicates", want.Duplicates == have.Duplicates, want.Duplicates, have.Duplicates)
	return differences
}
