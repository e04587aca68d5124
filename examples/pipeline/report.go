package main

import "fmt"

// report is what a second of readings comes to.
type report struct {
	wired, radio mean
	door         door
}

func newReport(readings []reading, door door) report {
	return report{meanOf("wired", readings), meanOf("radio", readings), door}
}

func (r report) String() string {
	return fmt.Sprintf("wired %v, radio %v, door %s", r.wired, r.radio, r.door)
}

// mean is the mean of a number of readings.
type mean struct {
	celsius float64
	n       int
}

func meanOf(sensor string, readings []reading) mean {
	var m mean
	for _, r := range readings {
		if r.sensor == sensor {
			m.n++
			m.celsius += (r.celsius - m.celsius) / float64(m.n)
		}
	}
	return m
}

func (m mean) String() string {
	if m.n == 0 {
		return "silent"
	}
	return fmt.Sprintf("%.1f °C of %d readings", m.celsius, m.n)
}
