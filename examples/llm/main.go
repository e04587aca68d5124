// Llm asks a language model a question and prints the answer as it comes. It speaks the streaming chat completions of
// OpenAI, which many servers offer: a POST whose answer is an event stream that ends with [DONE]. With -chat it reads
// further questions from the keyboard.
//
// It brings a stand-in of its own that always gives the same answer. For a real model:
//
//	OPENAI_API_KEY=… go run ./examples/llm -url https://api.openai.com/v1/chat/completions -model gpt-4o-mini \
//	  "Why is the sky blue?"
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
)

type config struct {
	url, key, model, prompt string
	chat                    bool
	every, delay            time.Duration
}

func main() {
	demo.Main("llm", func(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
		return run(ctx, arguments, os.Stdin, stdout, stderr)
	})
}

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdin io.Reader, stdout, stderr io.Writer) error {
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
	if config.chat {
		err = chat(ctx, config, stdin, stdout, stderr)
	} else {
		_, err = show(ctx, config, []message{{"user", config.prompt}}, stdout, stderr)
	}
	if ctx.Err() != nil {
		return nil // Ctrl-C
	}
	return err
}

// chat asks one question after the other, each with the conversation before it. A question that fails is dropped.
func chat(ctx context.Context, config config, stdin io.Reader, stdout, stderr io.Writer) error {
	var conversation []message
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	fmt.Fprint(stdout, "> ")
	for line := range demo.Lines(ctx, stdin) {
		if line != "" {
			asked := append(conversation, message{"user", line})
			answer, err := show(ctx, config, asked, stdout, stderr)
			if err == nil {
				conversation = append(asked, message{"assistant", answer})
			} else if ctx.Err() == nil {
				fmt.Fprintln(stderr, "llm:", err)
			}
		}
		fmt.Fprint(stdout, "> ")
	}
	return nil
}

// show prints each piece of an answer as it comes, and returns the answer.
func show(
	ctx context.Context, config config, conversation []message, stdout, stderr io.Writer,
) (string, error) {
	onRetry := func(err error, delay time.Duration) {
		fmt.Fprintf(stderr, "llm: asking again in %v: %v\n", delay.Round(time.Millisecond), err)
	}
	var answer answer
	failure := ask(config, conversation, onRetry).ForEach(ctx, func(c chunk) {
		fmt.Fprint(stdout, answer.add(c))
	})
	if answer.text.Len() > 0 {
		fmt.Fprintln(stdout)
	}
	if answer.usage != nil {
		fmt.Fprintf(stderr, "llm: %d tokens for the question, %d for the answer\n",
			answer.usage.Prompt, answer.usage.Completion)
	}
	switch {
	case errors.Is(failure, io.EOF) && answer.finish == "stop": // some servers leave [DONE] out
	case failure != nil:
		return "", failure
	case answer.finish != "stop":
		return "", fmt.Errorf("the answer is not complete: its finish reason is %q", answer.finish)
	}
	return answer.text.String(), nil
}

// answer is the part of an answer that has come so far.
type answer struct {
	text   strings.Builder
	finish string
	usage  *usage
}

// add takes in a chunk and returns the piece of text in it.
func (a *answer) add(c chunk) (piece string) {
	for _, choice := range c.Choices {
		piece += demo.Printable(choice.Delta.Content, "\n\t")
		a.finish = cmp.Or(choice.FinishReason, a.finish)
	}
	a.text.WriteString(piece)
	a.usage = cmp.Or(c.Usage, a.usage)
	return piece
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := demo.Flags("llm", stderr)
	flags.StringVar(&c.url, "url", "", "ask the model at this `URL` instead of the embedded stand-in")
	flags.StringVar(&c.key, "key", "", "the API `key`; by default the environment variable OPENAI_API_KEY")
	flags.StringVar(&c.model, "model", "stand-in", "the `name` of the model")
	flags.BoolVar(&c.chat, "chat", false, "read questions from the keyboard, one on each line")
	flags.DurationVar(&c.every, "every", 30*time.Millisecond, "how often the stand-in sends a word")
	flags.DurationVar(&c.delay, "delay", time.Second, "how long to wait before a question is asked again")
	err := flags.Parse(arguments)
	c.key = cmp.Or(c.key, os.Getenv("OPENAI_API_KEY"))
	c.prompt = cmp.Or(strings.Join(flags.Args(), " "), "What is a rivulet?")
	return c, cmp.Or(err, demo.Positive("every", c.every), demo.Positive("delay", c.delay))
}
