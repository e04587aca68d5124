// Report turns the output of go test -bench, with several counts, into RESULTS.md and the charts that the README shows,
// and that of the program serve into SERVE.md and its charts:
//
//	go test -bench . -benchmem -count 6 > bench.out
//	go run ./report bench.out
//
//	go run ./serve > serve.out
//	go run ./report serve.out
//
// It writes into the current folder and charts/.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: report OUTPUT-OF-GO-TEST-BENCH")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r, err := parse(file, path)
	if err != nil {
		return err
	}
	versions, err := exec.Command("go", "list", "-m", "-f", "{{if not .Main}}{{.Path}} {{.Version}}{{end}}",
		"github.com/reactivex/rxgo/v2", "github.com/samber/ro", "github.com/launchdarkly/eventsource",
		"github.com/tmaxmax/go-sse", "github.com/r3labs/sse/v2").Output()
	if err != nil {
		return fmt.Errorf("versions of the peers: %w", err)
	}
	if err := os.WriteFile(r.page(), []byte(r.markdown(environment(r, string(versions)))), 0o644); err != nil {
		return err
	}
	if err := os.MkdirAll("charts", 0o755); err != nil {
		return err
	}
	for _, t := range r.themes {
		if len(t.names()) == 0 {
			continue // it has latencies or sizes, and no cost per item
		}
		if err := os.WriteFile(filepath.Join("charts", t.file()+".svg"), []byte(t.chart()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func environment(r *results, versions string) string {
	text := fmt.Sprintf("%s, %d processors, %s, %s/%s. Peers: %s.", r.cpu, runtime.NumCPU(), runtime.Version(),
		runtime.GOOS, runtime.GOARCH, strings.Join(strings.Split(strings.TrimSpace(versions), "\n"), ", "))
	if len(r.loads) > 0 {
		text += fmt.Sprintf(" Load of the machine while measuring, this program included: %.1f to %.1f.",
			slices.Min(r.loads), slices.Max(r.loads))
	}
	return text
}
