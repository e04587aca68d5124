package source_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/source"
)

func ExampleFromChannel() {
	jobs := make(chan string, 2)
	jobs <- "resize"
	jobs <- "upload"
	close(jobs)
	_ = source.FromChannel(jobs).ForEach(context.Background(), func(job string) { fmt.Println(job) })
	// Output:
	// resize
	// upload
}
