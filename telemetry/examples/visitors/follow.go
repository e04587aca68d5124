package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
)

// follow follows the visitors in groups, and prints for each group the country that most of them are from. Each group is
// a run of its own, which resumes where the last one has ended.
func follow(ctx context.Context, url string, c config, provider telemetry.Option, stdout, stderr io.Writer) error {
	events := source.FromEventSource[Visitor](url,
		source.WithPosition(new(source.Position)),
		source.WithLogger(slog.New(slog.NewTextHandler(stderr, nil))))
	visitors := telemetry.Instrument(events, "visitors", provider,
		telemetry.WithConnections(),
		telemetry.WithConsumerDuration(),
		telemetry.WithLag(func(e source.Event[Visitor]) time.Time { return time.UnixMilli(e.Data.Time) }))
	groups := math.MaxInt
	if c.groups > 0 {
		groups = c.groups
	}
	grouped := operators.BufferCount(operators.Repeat(operators.Take(visitors, c.size), groups), c.size, c.size)
	return grouped.ForEach(ctx, func(group []source.Event[Visitor]) {
		country, visits := mostFrequent(group)
		fmt.Fprintf(stdout, "%d visitors, %d of them from %s\n", len(group), visits, country)
	})
}

// mostFrequent returns the country that most visitors are from, the one that was first if there are several.
func mostFrequent(group []source.Event[Visitor]) (country string, visits int) {
	counts := map[string]int{}
	for _, e := range group {
		name := e.Data.Country
		counts[name]++
		if counts[name] > visits {
			country, visits = name, counts[name]
		}
	}
	return country, visits
}
