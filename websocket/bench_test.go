package websocket_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ws "github.com/coder/websocket"

	"github.com/rivulet-go/rivulet/websocket"
)

// receiver receives messages from url until ctx is done or take returns false. It calls opened when it is connected.
type receiver = func(ctx context.Context, url string, client *http.Client, opened func(), take func([]byte) bool) error

var receivers = map[string]receiver{"rivulet": receive, "by hand": receiveByHand}

func receive(ctx context.Context, url string, client *http.Client, opened func(), take func([]byte) bool) error {
	messages := websocket.From[[]byte](url, websocket.WithHTTPClient(client), websocket.WithLogger(discard),
		websocket.WithOnOpen(func(*http.Response) { opened() }))
	return messages(ctx, func(e websocket.Event[[]byte]) bool { return take(e.Data) })
}

// receiveByHand is the loop that a program writes on the same library.
func receiveByHand(ctx context.Context, url string, client *http.Client, opened func(), take func([]byte) bool) error {
	conn, _, err := ws.Dial(ctx, url, &ws.DialOptions{HTTPClient: client})
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	conn.SetReadLimit(16 << 20)
	opened()
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		if !take(data) {
			return conn.Close(ws.StatusNormalClosure, "")
		}
	}
}

// BenchmarkMessages receives messages of 100 bytes that the server sends as fast as it can.
func BenchmarkMessages(b *testing.B) {
	const size = 100
	frames := bytes.Repeat(append([]byte{0x82, size}, make([]byte, size)...), 600)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: raw(func(conn net.Conn, _ *bufio.Reader) {
		for {
			if _, err := conn.Write(frames); err != nil {
				return
			}
		}
	})}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	url := "ws://" + listener.Addr().String()
	for _, name := range []string{"rivulet", "by hand"} {
		b.Run(name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			b.ReportAllocs()
			n := 0
			err := receivers[name](ctx, url, http.DefaultClient, b.ResetTimer, func(data []byte) bool {
				if len(data) != size {
					b.Errorf("a message of %d bytes", len(data))
				}
				n++
				if n == b.N {
					b.StopTimer()
				}
				return n < b.N
			})
			if err != nil && n < b.N {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkConnections holds many connections open in this process, against a server in another one, receives 10 messages
// over each, and reports the goroutines and the resident memory for each connection.
func BenchmarkConnections(b *testing.B) {
	connections := 5000
	if testing.Short() {
		connections = 100
	}
	url, stop := startServer(b)
	defer stop()
	for _, receive := range receivers { // the first time costs more: memory is mapped and pools are filled
		holdConnections(b, receive, url, connections)
	}
	for _, name := range []string{"rivulet", "by hand"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				goroutines, resident := holdConnections(b, receivers[name], url, connections)
				b.ReportMetric(goroutines, "goroutines/connection")
				b.ReportMetric(resident/1024, "KiB/connection")
			}
		})
	}
}

func holdConnections(b *testing.B, receive receiver, url string, connections int) (goroutines, bytes float64) {
	const messages = 10
	client := &http.Client{Transport: &http.Transport{}}
	beforeGoroutines, beforeBytes := takeUsage()
	ctx, cancel := context.WithCancel(b.Context())
	var running, received sync.WaitGroup
	connecting := make(chan struct{}, 64)
	var failed atomic.Int32
	for range connections {
		connecting <- struct{}{}
		received.Add(messages)
		running.Go(func() {
			err := receive(ctx, url, client, func() { <-connecting }, func([]byte) bool {
				received.Done()
				return true
			})
			if err != nil && ctx.Err() == nil {
				failed.Add(1)
				b.Errorf("a connection failed: %v", err)
			}
		})
	}
	received.Wait()
	time.Sleep(100 * time.Millisecond) // the goroutines of net/http end
	afterGoroutines, afterBytes := takeUsage()
	cancel()
	running.Wait()
	return float64(afterGoroutines-beforeGoroutines) / float64(connections), float64(afterBytes-beforeBytes) / float64(connections)
}

// takeUsage collects garbage, gives free memory back, and returns what the process holds: goroutines and resident bytes.
func takeUsage() (goroutines, resident int) {
	runtime.GC()
	debug.FreeOSMemory()
	var size, pages int
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		_, _ = fmt.Sscan(string(text), &size, &pages)
	}
	return runtime.NumGoroutine(), pages * os.Getpagesize()
}

// asServer is set in the environment of the process that is the server.
const asServer = "WEBSOCKET_BENCH_SERVER"

// TestMain is also the main function of the server of BenchmarkConnections: it prints its address and serves until its
// standard input ends. Each connection is sent 10 messages of 100 bytes and held open.
func TestMain(m *testing.M) {
	if os.Getenv(asServer) == "" {
		os.Exit(m.Run())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := ws.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		for range 10 {
			if conn.Write(r.Context(), ws.MessageBinary, make([]byte, 100)) != nil {
				return
			}
		}
		hold(context.Background(), conn)
	}))
}

func startServer(b *testing.B) (url string, stop func()) {
	b.Helper()
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), asServer+"=yes")
	stdin, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	addr, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return "ws://" + strings.TrimSpace(addr), func() {
		_ = stdin.Close()
		_ = server.Wait()
	}
}
