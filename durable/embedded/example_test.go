package embedded_test

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/rivulet-go/rivulet/durable/embedded"
)

func ExampleStart() {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	s, err := embedded.Start(
		embedded.WithDir(dir),
		embedded.WithAddr("127.0.0.1:0"),
		embedded.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
		embedded.WithServerOptions(func(o *server.Options) { o.MaxPayload = 64 << 10 }),
	)
	if err != nil {
		panic(err)
	}
	inside, err := s.Connect()
	if err != nil {
		panic(err)
	}
	defer inside.Close()
	outside, err := nats.Connect(s.URL(), embedded.Reconnecting())
	if err != nil {
		panic(err)
	}
	defer outside.Close()
	fmt.Println(inside.IsConnected(), outside.IsConnected(), outside.MaxPayload())
	fmt.Println(s.Close())
	// Output:
	// true true 65536
	// <nil>
}

func ExampleStartCluster() {
	cluster, err := embedded.StartCluster(3, embedded.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		panic(err)
	}
	nc, err := nats.Connect(cluster.URL(), embedded.Reconnecting())
	if err != nil {
		panic(err)
	}
	defer nc.Close()
	fmt.Println(len(cluster.Servers()), nc.IsConnected())
	fmt.Println(cluster.Close())
	// Output:
	// 3 true
	// <nil>
}
