package sink_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// Each request starts a job and gets its progress.
func ExampleRespond() {
	type Progress struct{ Percent int }

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		job := operators.Map(source.Of(1, 2), func(step int) Progress { return Progress{50 * step} })
		if err := sink.Respond(w, r, job, sink.Config[Progress]{}); err != nil && r.Context().Err() == nil {
			slog.Error("a job failed", "error", err)
		}
	}))
	defer server.Close()

	response, err := http.Post(server.URL, "text/plain", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Print(string(body))
	// Output:
	// data: {"Percent":50}
	//
	// data: {"Percent":100}
}
