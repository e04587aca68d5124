package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/examples/internal/demo"
)

const commands = "start, stop, restart, state, quit"

// obey carries out commands until quit. When there are no more, it waits for the listener to end.
func obey(
	ctx context.Context, listener *rivulet.Listener[json.RawMessage], keyboard io.Reader, stdout io.Writer,
) error {
	typed := demo.Lines(ctx, keyboard)
	for {
		select {
		case <-ctx.Done():
			return nil
		case command, open := <-typed:
			switch {
			case !open:
				return listener.Wait()
			case command == "quit":
				return nil
			}
			if err := carryOut(ctx, command, listener, stdout); err != nil {
				return err
			}
		}
	}
}

func carryOut(
	ctx context.Context, command string, listener *rivulet.Listener[json.RawMessage], stdout io.Writer,
) (err error) {
	switch command {
	case "start":
		err = listener.StartListening(ctx)
	case "stop":
		listener.StopListening()
	case "restart":
		listener.Restart()
	case "state":
	default:
		fmt.Fprintf(stdout, "%q is none of the commands: %s\n", command, commands)
	}
	fmt.Fprintln(stdout, "State:", listener.State())
	return err
}
