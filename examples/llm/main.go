// Llm asks a language model a question and prints the answer as it comes. It speaks the streaming chat completions of
// OpenAI, which many servers offer: a POST that is answered by Server-Sent Events, the last of which is [DONE].
//
// It brings a stand-in of its own that always gives the same answer. For a real one:
//
//	OPENAI_API_KEY=… go run ./examples/llm -url https://api.openai.com/v1/chat/completions -model gpt-4o-mini \
//	  "Why is the sky blue?"
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
)

type config struct {
	url, key, model, prompt string
	every                   time.Duration
}

func main() { demo.Main("llm", run) }

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	if config.url == "" {
		standIn, err := demo.Serve("localhost:0", newStandIn(config.every))
		if err != nil {
			return err
		}
		defer standIn.Close()
		config.url = standIn.URL + "/v1/chat/completions"
	}
	err = show(ctx, config, stdout)
	if ctx.Err() != nil {
		return nil // Ctrl-C
	}
	return err
}

// show prints each piece of the answer as it comes.
func show(ctx context.Context, config config, stdout io.Writer) error {
	printed := answer{}
	for answer, err := range ask(config).All(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprint(stdout, answer.text[len(printed.text):])
		printed = answer
	}
	fmt.Fprintln(stdout)
	if printed.finish != "stop" {
		return fmt.Errorf("the answer is not complete: its finish reason is %q", printed.finish)
	}
	return nil
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := demo.Flags("llm", stderr)
	flags.StringVar(&c.url, "url", "", "ask the model at this `URL` instead of the embedded stand-in")
	flags.StringVar(&c.key, "key", "", "the API `key`; by default that in the environment as OPENAI_API_KEY")
	flags.StringVar(&c.model, "model", "stand-in", "the `name` of the model")
	flags.DurationVar(&c.every, "every", 30*time.Millisecond, "how often the stand-in sends a word")
	err := flags.Parse(arguments)
	c.key = cmp.Or(c.key, os.Getenv("OPENAI_API_KEY"))
	c.prompt = cmp.Or(strings.Join(flags.Args(), " "), "What is a rivulet?")
	return c, cmp.Or(err, demo.Positive("every", c.every))
}
