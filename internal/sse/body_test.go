package sse_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/rivulet-go/rivulet/internal/sse"
)

// errHeldOpen is the error of a body that would otherwise block.
var errHeldOpen = errors.New("the body is held open")

// body is a body that comes in chunks, one for each read that has the room, and ends with err.
type body struct {
	chunks []string
	err    error
}

func (b *body) Read(p []byte) (int, error) {
	if len(b.chunks) == 0 {
		return 0, b.err
	}
	n := copy(p, b.chunks[0])
	if b.chunks[0] = b.chunks[0][n:]; b.chunks[0] == "" {
		b.chunks = b.chunks[1:]
	}
	return n, nil
}

// chunksOf cuts s into chunks of n bytes.
func chunksOf(s string, n int) []string {
	var chunks []string
	for ; len(s) > n; s = s[n:] {
		chunks = append(chunks, s[:n])
	}
	return append(chunks, s)
}

// randomChunks cuts s at random places.
func randomChunks(s string, random *rand.Rand) []string {
	var chunks []string
	for len(s) > 1 {
		n := 1 + random.IntN(len(s)-1)
		if random.IntN(2) == 0 {
			n = min(n, 3)
		}
		chunks = append(chunks, s[:n])
		s = s[n:]
	}
	return append(chunks, s)
}

// cuttings returns s in many cuttings: whole, in pieces of 1 and 2 bytes, in 2 pieces at every place, at random.
func cuttings(s string) map[string][]string {
	all := map[string][]string{"whole": {s}, "1 byte": chunksOf(s, 1), "2 bytes": chunksOf(s, 2)}
	for i := 1; i < min(len(s), 200); i++ {
		all[fmt.Sprint("cut at ", i)] = []string{s[:i], s[i:]}
	}
	for seed := range uint64(4) {
		all[fmt.Sprint("random ", seed)] = randomChunks(s, rand.New(rand.NewPCG(seed, 0)))
	}
	return all
}

// event is an event with data of its own.
type event struct{ typ, data, id string }

// decode reads a body to its end.
func decode(d *sse.Decoder, src io.Reader) (events []event, err error) {
	d.Reset(src)
	for {
		e, err := d.Next()
		if err != nil {
			return events, err
		}
		events = append(events, event{e.Type, string(e.Data), e.ID})
	}
}
