package sink_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// A page that shows prices reads them with new EventSource("/prices").
func ExampleEventSource() {
	type Price struct {
		Symbol string
		Cents  int
	}
	prices := source.Of(Price{"RVL", 4210}, Price{"RVL", 4225})

	mux := http.NewServeMux()
	mux.Handle("GET /prices", sink.EventSource(prices, sink.Config[Price]{
		Type:   func(Price) string { return "price" },
		ID:     func(p Price) string { return fmt.Sprint(p.Cents) },
		Replay: 100, // for clients that reconnect
	}))

	server := httptest.NewServer(mux)
	defer server.Close()
	response, err := http.Get(server.URL + "/prices")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Print(string(body))
	// Output:
	// id: 4210
	// event: price
	// data: {"Symbol":"RVL","Cents":4210}
	//
	// id: 4225
	// event: price
	// data: {"Symbol":"RVL","Cents":4225}
}
