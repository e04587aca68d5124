package rivulet_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

type Country struct{ Name string }

// visitors is a server that sends a few visitors.
func visitors() *httptest.Server {
	countries := source.Of(Country{"Ghana"}, Country{"Peru"})
	return httptest.NewServer(sink.EventSource(countries, sink.Config[Country]{}))
}

func ExampleListener() {
	server := visitors()
	defer server.Close()

	listener := rivulet.NewListener(server.URL, rivulet.Handlers[Country]{
		OnOpen:       func(*http.Response) { fmt.Println("connected") },
		OnMessage:    func(e source.Event[Country]) { fmt.Println("a visitor from", e.Data.Name) },
		OnParseError: func(err *source.ParseError) { fmt.Println("cannot read", err.Data) },
		OnError:      func(err error) { fmt.Println("ended:", err) },
	}, source.WithCompleteOnEOF()) // else it would connect again, for more

	if err := listener.StartListening(context.Background()); err != nil {
		fmt.Println(err)
	}
	_ = listener.Wait()
	// Output:
	// connected
	// a visitor from Ghana
	// a visitor from Peru
	// ended: EOF
}

func ExampleListen() {
	server := visitors()
	defer server.Close()

	names := make(chan string, 2)
	listener, err := rivulet.Listen(context.Background(), server.URL, rivulet.Handlers[Country]{
		OnMessage: func(e source.Event[Country]) { names <- e.Data.Name },
	})
	fmt.Println(<-names, err)
	listener.StopListening()
	// Output: Ghana <nil>
}
