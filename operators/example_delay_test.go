package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Subtitles come a little after the words.
func ExampleDelay() {
	begin := time.Now()
	subtitles := operators.Delay(source.Of("Good evening.", "Here is the news."), 20*time.Millisecond)
	_ = subtitles.ForEach(context.Background(), func(line string) {
		fmt.Println(line, time.Since(begin) >= 20*time.Millisecond)
	})
	// Output:
	// Good evening. true
	// Here is the news. true
}
