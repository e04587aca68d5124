package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rivulet-go/rivulet"
)

const commands = "start, stop, restart, state, quit"

// obey carries out commands until quit. When there are no more, it waits for the listener to end.
func obey(
	ctx context.Context, listener *rivulet.Listener[json.RawMessage], keyboard io.Reader, stdout io.Writer,
) error {
	typed := lines(ctx, keyboard)
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

// lines are the lines of a reader. As a read of the keyboard cannot be interrupted, the goroutine ends with the first
// line after the end of ctx, or with the reader.
func lines(ctx context.Context, reader io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(reader); scanner.Scan(); {
			select {
			case lines <- strings.TrimSpace(scanner.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}
