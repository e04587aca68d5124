package e2e_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/sink"
)

// seen is an event as a page sees it.
type seen struct{ ID, Type, Data string }

// forgeries are events with which an encoder could be made to forge others, and what a browser must see of each.
var forgeries = []struct{ sent, seen seen }{
	{seen{"1", "", "plain"}, seen{"1", "message", "plain"}},
	{seen{"2", "odd", "a\r\nb\rc\nd\n"}, seen{"2", "odd", "a\nb\nc\nd\n"}},
	{seen{"3", "odd", "x\n\nid: 9\rdata: forged\r\r\n\r\nretry: 1"},
		seen{"3", "odd", "x\n\nid: 9\ndata: forged\n\n\nretry: 1"}},
	{seen{"4\nid: 9", "odd\revent: forged", ""}, seen{"4 id: 9", "odd event: forged", ""}},
	{seen{"5\x00", "od\x00d", "a\x00b"}, seen{"5", "od d", "a\x00b"}},
	{seen{" Zürich 東\t", " odd ", " \uFEFF🇯🇵\u2028 "}, seen{"Zürich 東", " odd ", " \uFEFF🇯🇵\u2028 "}},
	{seen{"a\x01\x7Fb", "\uFEFF", "a\xFFb\xE2\x82"}, seen{"a  b", "\uFEFF", "a\uFFFDb\uFFFD"}},
	{seen{"last", "odd", "\n"}, seen{"last", "odd", "\n"}},
	{seen{"", "odd", "without an ID"}, seen{"last", "odd", "without an ID"}},
}

const listeningPage = `<!doctype html><title>listening</title><link rel="icon" href="data:,"><script>
	const seen = []
	const events = new EventSource('/events')
	const tell = e => seen.push({ID: e.lastEventId, Type: e.type, Data: e.data})
	events.addEventListener('message', tell)
	const types = ['odd', 'odd event: forged', 'od d', ' odd ', '\uFEFF', 'forged']
	types.forEach(type => events.addEventListener(type, tell))
</script>`

// A browser sees each event once, as it was sent, also those that came while its connection was lost, whatever the ID
// with which it asks for them.
func TestABrowserReadsWhatTheSinkSends(t *testing.T) {
	events := observable.NewSubject[seen]()
	handler := sink.EventSource(events.Observable(), sink.Config[seen]{
		ID:     func(e seen) string { return e.ID },
		Type:   func(e seen) string { return e.Type },
		Encode: func(e seen) ([]byte, error) { return []byte(e.Data), nil },
		Replay: len(forgeries),
	})
	mux := http.NewServeMux()
	mux.Handle("GET /events", handler)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, listeningPage) })
	server := httptest.NewServer(mux)
	defer server.Close()
	defer handler.Close()

	page := open(t, server.URL)
	var want []seen
	for i, event := range forgeries {
		page.awaits("events.readyState === EventSource.OPEN")
		if i == 6 || i == 7 { // so that the IDs before come back, which are odd
			server.CloseClientConnections()
			page.awaits("events.readyState === EventSource.CONNECTING")
		}
		events.Next(event.sent)
		want = append(want, event.seen)
		page.awaits("seen.length === %d", len(want))
	}
	events.Complete()
	page.awaits("events.readyState === EventSource.CLOSED")
	seen, err := chromedp.Run(page.ctx, chromedp.Evaluate[[]seen]("seen"))
	require.NoError(t, err)
	require.Equal(t, want, seen)
}
