package e2e_test

import (
	"bufio"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/sink"
)

// visitor is the data of an event.
type visitor struct {
	Name      string `json:"name"`
	Flag      string `json:"flag"`
	Timestamp int64  `json:"timestamp"`
}

// site is a site whose visitors come when the test says so.
type site struct {
	*httptest.Server
	t        *testing.T
	visitors *observable.Subject[visitor]
	handler  *sink.Handler[visitor]
	now      time.Time
}

func newSite(t *testing.T) *site {
	s := &site{t: t, visitors: observable.NewSubject[visitor](), now: time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)}
	s.handler = sink.EventSource(s.visitors.Observable(), sink.Config[visitor]{
		Type: func(visitor) string { return "visitor" }, Eager: true,
	})
	s.Server = httptest.NewServer(s.handler)
	t.Cleanup(func() { s.handler.Close(); s.Close() })
	require.Eventually(t, func() bool { return s.visitors.Observers() == 1 }, 10*time.Second, time.Millisecond)
	return s
}

// visit sends visitors, each as its flag, a space and its name.
func (s *site) visit(visitors ...string) {
	for _, v := range visitors {
		flag, name, _ := strings.Cut(v, " ")
		s.now = s.now.Add(800 * time.Millisecond)
		s.visitors.Next(visitor{name, flag, s.now.UnixMilli()})
	}
}

// program is the example program, built and started.
type program struct {
	t    *testing.T
	page string // its URL
	*exec.Cmd
}

func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "visitors")
	build := exec.Command("go", "build", "-o", binary, "./examples/visitors")
	build.Dir = ".."
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return binary
}

// start runs the program until the test ends or interrupts it.
func start(t *testing.T, binary string, arguments ...string) *program {
	t.Helper()
	p := &program{t: t, Cmd: exec.Command(binary, arguments...)}
	p.Stderr = os.Stderr
	stdout, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() })
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	p.page = strings.TrimPrefix(strings.TrimSpace(line), "The page is at ")
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return p
}

// interrupt ends the program as Ctrl-C does.
func (p *program) interrupt() {
	p.t.Helper()
	require.NoError(p.t, p.Process.Signal(os.Interrupt))
	require.NoError(p.t, p.Wait(), "the exit status of the program")
}

var guests = []string{
	"🇬🇧 United Kingdom", "🇰🇪 Kenya", "🇯🇵 Japan", "🇧🇷 Brazil", "🇫🇷 France", "🇬🇧 United Kingdom", "🇮🇳 India", "🇰🇪 Kenya",
	"🇨🇦 Canada", "🇯🇵 Japan", "🇬🇧 United Kingdom", "🇲🇽 Mexico", "🇧🇷 Brazil", "🇰🇪 Kenya", "🇮🇸 Iceland", "🇬🇧 United Kingdom",
	"🇮🇳 India", "🇻🇳 Vietnam", "🇯🇵 Japan", "🇳🇿 New Zealand", "🇫🇷 France", "🇬🇧 United Kingdom", "🇰🇪 Kenya", "🇵🇪 Peru",
	"🇳🇴 Norway",
}

func TestPageShowsVisitors(t *testing.T) {
	site := newSite(t)
	page := open(t, start(t, build(t), "-url", site.URL, "-addr", "localhost:0").page)
	page.awaitsText("state", "Live")
	page.awaitsText("visitor", "Waiting for visitors…")
	page.awaits("document.querySelectorAll('#history li').length === 0")

	site.visit(guests[0])
	page.awaitsText("visitor", "🇬🇧 User visited from United Kingdom")
	page.awaits("document.querySelectorAll('#history li').length === 1")

	site.visit(guests[1:]...)
	page.awaitsText("visitor", "🇳🇴 User visited from Norway")
	page.awaits("document.querySelectorAll('#history li').length === 20")
	page.awaits("document.querySelector('#history li:last-child .name').textContent === 'United Kingdom'")
	page.awaits("document.querySelectorAll('#counts li').length === 10")
	page.awaits("document.querySelector('#counts li').innerText.replace(/\\s+/g, ' ') === '🇬🇧 United Kingdom 5'")
	page.awaitsText("visits", "25 visitors")

	page.picture("../docs/visitors.png")
	page.media("prefers-color-scheme", "dark")
	page.awaits("getComputedStyle(document.body).backgroundColor === 'rgb(14, 20, 27)'")
	page.picture("../docs/visitors-dark.png")
	page.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	page.awaits("innerWidth === 360 && document.documentElement.scrollWidth === 360")
	require.Empty(t, page.complaints(false))
}

func TestPageStopsAndStarts(t *testing.T) {
	site := newSite(t)
	page := open(t, start(t, build(t), "-url", site.URL, "-addr", "localhost:0").page)
	page.awaitsText("state", "Live")
	page.awaitsButtons(false, true)
	site.visit("🇬🇭 Ghana")
	page.awaitsText("visitor", "🇬🇭 User visited from Ghana")

	page.tabTo("stop")
	page.do(chromedp.KeyEvent(kb.Enter))
	page.awaitsText("state", "Stopped")
	page.awaitsButtons(true, false)
	require.Eventually(t, func() bool { return site.handler.Clients() == 0 }, 10*time.Second, time.Millisecond)
	site.visit("🇹🇳 Tunisia")
	page.awaitsText("visitor", "🇬🇭 User visited from Ghana")

	page.awaits("document.activeElement.id === 'start'")
	page.do(chromedp.KeyEvent(" "))
	page.awaitsText("state", "Live")
	page.awaitsButtons(false, true)
	site.visit("🇿🇲 Zambia")
	page.awaitsText("visitor", "🇿🇲 User visited from Zambia")
	page.awaits("[...document.querySelectorAll('#history .name')].map(e => e.textContent).join() === 'Zambia,Ghana'")
	require.Empty(t, page.complaints(false))
}

func TestPageConnectsAgain(t *testing.T) {
	site, binary := newSite(t), build(t)
	program := start(t, binary, "-url", site.URL, "-addr", "localhost:0")
	page := open(t, program.page)
	page.awaitsText("state", "Live")

	site.visit("🇨🇱 Chile")
	page.awaitsText("visitor", "🇨🇱 User visited from Chile")
	site.CloseClientConnections()
	page.awaitsText("state", "Reconnecting to the stream…")
	page.awaitsButtons(false, true)
	page.awaitsText("state", "Live")
	require.Empty(t, page.complaints(false))

	program.interrupt()
	page.awaitsText("state", "Reconnecting to this page’s server…")
	page.awaitsButtons(false, false)
	page.awaitsText("visitor", "🇨🇱 User visited from Chile")
	start(t, binary, "-url", site.URL, "-addr", strings.TrimPrefix(program.page, "http://"))
	page.awaitsText("state", "Live")
	page.awaitsText("visitor", "Waiting for visitors…")
	site.visit("🇪🇬 Egypt")
	page.awaitsText("visitor", "🇪🇬 User visited from Egypt")
	require.Empty(t, page.complaints(true))
}
