// Command compilecost measures what chains of methods cost the compiler, compared with chains of functions: the time
// that it takes to compile one package, and the size of its archive. It is run in the folder of the module:
//
//	go run ./internal/compilecost
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// limit is how many times the cost of functions the cost of methods may be.
const limit = 2.0

func main() {
	log.SetFlags(0)
	types := flag.Int("types", 50, "element types of the program")
	runs := flag.Int("runs", 5, "how often each program is compiled")
	flag.Parse()
	if err := run(".", *types, *runs); err != nil {
		log.Fatal("compilecost: ", err)
	}
}

// run prints the costs of both programs. It returns an error if methods take more CPU time or a larger archive than the
// limit allows.
func run(folder string, types, runs int) error {
	functions, methods, err := measure(folder, types, runs)
	if err != nil {
		return err
	}
	fmt.Printf("%d element types, three operators each, medians of %d runs\n", types, runs)
	fmt.Printf("%-10s %11s %11s %11s\n", "", "time", "CPU time", "archive")
	for _, c := range []cost{functions, methods} {
		fmt.Printf("%-10s %9.2f s %9.2f s %8.2f MB\n", c.name, c.figure(0), c.figure(1), c.figure(2))
	}
	var ratios [3]float64
	for i := range ratios {
		ratios[i] = methods.figure(i) / functions.figure(i)
	}
	fmt.Printf("%-10s %11.2f %11.2f %11.2f\n", "ratio", ratios[0], ratios[1], ratios[2])
	if max(ratios[1], ratios[2]) > limit { // the time depends on what else the machine does
		return fmt.Errorf("methods cost more than %v times what functions cost", limit)
	}
	return nil
}

// cost is what each compilation of one program took: seconds, CPU seconds, megabytes.
type cost struct {
	name string
	runs [][3]float64
}

// figure returns the median of one of the three.
func (c cost) figure(i int) float64 {
	var values []float64
	for _, run := range c.runs {
		values = append(values, run[i])
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// measure compiles both programs by turns, so that a busy moment of the machine falls on both.
func measure(folder string, types, runs int) (functions, methods cost, err error) {
	temp, err := os.MkdirTemp("", "compilecost")
	if err != nil {
		return functions, methods, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	config := filepath.Join(temp, "importcfg")
	if err := writeImportConfig(folder, config); err != nil {
		return functions, methods, err
	}
	functions, methods = cost{name: "functions"}, cost{name: "methods"}
	for _, c := range []*cost{&functions, &methods} {
		if err := os.WriteFile(filepath.Join(temp, c.name+".go"), program(c.name, types), 0o600); err != nil {
			return functions, methods, err
		}
	}
	for range runs {
		for _, c := range []*cost{&functions, &methods} {
			if err := c.compile(temp, config); err != nil {
				return functions, methods, err
			}
		}
	}
	return functions, methods, nil
}

// compile compiles the program alone: the packages that it imports are compiled already.
func (c *cost) compile(temp, config string) error {
	archive := filepath.Join(temp, c.name+".a")
	command := exec.Command("go", "tool", "compile", "-p", c.name, "-lang", "go1.27", "-complete", "-pack", "-c", "4",
		"-importcfg", config, "-o", archive, filepath.Join(temp, c.name+".go"))
	begin := time.Now()
	output, err := command.CombinedOutput()
	elapsed := time.Since(begin)
	if err != nil {
		return fmt.Errorf("compile %s: %w\n%s", c.name, err, output)
	}
	info, err := os.Stat(archive)
	if err != nil {
		return err
	}
	used := command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	c.runs = append(c.runs, [3]float64{elapsed.Seconds(), used.Seconds(), float64(info.Size()) / 1e6})
	return nil
}

// writeImportConfig compiles what the programs import and writes where the compiler finds it.
func writeImportConfig(folder, path string) error {
	command := exec.Command("go", "list", "-export", "-deps",
		"-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}",
		"github.com/rivulet-go/rivulet/fluent", "github.com/rivulet-go/rivulet/source")
	command.Dir = folder
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	return os.WriteFile(path, output, 0o600)
}
