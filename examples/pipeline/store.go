package main

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// reading is what a thermometer says.
type reading struct {
	sensor  string
	celsius float64
}

// door is the state of the door.
type door string

const (
	open   door = "open"
	closed door = "closed"
)

// wiredThermometer can be relied on.
func wiredThermometer(every time.Duration) observable.Observable[reading] {
	return operators.Map(source.Interval(every), func(n int) reading {
		return reading{"wired", 4 + math.Sin(float64(n)/10)}
	})
}

var errRadio = errors.New("the signal is lost, trying again")

// radioThermometer loses its signal after a few readings.
func radioThermometer(every time.Duration) observable.Observable[reading] {
	return operators.TryMap(source.Interval(every), func(_ context.Context, n int) (reading, error) {
		if n == 9 {
			return reading{}, errRadio
		}
		return reading{"radio", 5 - float64(n)/10}, nil
	})
}

// doorContact says so whenever the door moves. It bounces: for a moment it is not sure.
func doorContact(every time.Duration) observable.Observable[door] {
	return operators.Flatten(operators.Map(source.Interval(15*every), func(n int) []door {
		if n%2 == 0 {
			return []door{open, closed, open}
		}
		return []door{closed, open, closed}
	}))
}
