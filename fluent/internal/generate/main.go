// Command generate writes the methods of fluent.Stream: one for each operator and one for each method of Observable.
// It is run in the folder of package fluent.
package main

import (
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	if err := run("."); err != nil {
		log.Fatalf("generate: %v", err)
	}
}

// run writes the generated files into folder, which is that of package fluent.
func run(folder string) error {
	generated, err := generate(folder)
	if err != nil {
		return err
	}
	for name, code := range generated.files {
		if err := os.WriteFile(filepath.Join(folder, name), code, 0o644); err != nil {
			return err
		}
	}
	return nil
}
