package source_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// A thermometer stands for an API with callbacks: it calls them from a goroutine of its own.
type thermometer struct {
	readings []float64
}

func (t thermometer) onChange(changed func(celsius float64), failed func(error)) (unregister func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, celsius := range t.readings {
			changed(celsius)
		}
		failed(fmt.Errorf("the battery is empty"))
	}()
	return func() {
		<-done
		fmt.Println("unregistered")
	}
}

// The readings that a thermometer reports to a callback become a stream.
func ExampleFromCallback() {
	device := thermometer{readings: []float64{19.5, 20, 21.5}}
	readings := source.FromCallback(64, observable.Block,
		func(_ context.Context, e source.Emitter[float64]) (stop func(), err error) {
			return device.onChange(func(celsius float64) { e.Next(celsius) }, e.End), nil
		})
	err := readings.ForEach(context.Background(), func(celsius float64) { fmt.Println(celsius) })
	fmt.Println(err)
	// Output:
	// 19.5
	// 20
	// 21.5
	// unregistered
	// the battery is empty
}
