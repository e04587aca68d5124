package e2e_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

var screenshot = flag.Bool("screenshot", false, "write the pictures of the README into ../docs")

// tab is a page in a browser of its own.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu    sync.Mutex
	wrong []chromedp.ConsoleMessage // errors and warnings on the console
}

// chromium is the path of the browser. CI has one.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("there is no Chromium: install the package chromium")
	}
	t.Skip("there is no Chromium: this test needs one, such as that of Debian's package chromium")
	return ""
}

func open(t *testing.T, url string) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-component-update", true))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() { require.NoError(t, chromedp.Cancel(ctx)); cancel() })
	p := &tab{t: t, ctx: ctx}
	messages := chromedp.Console(ctx)
	go func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			p.note(message)
		}
	}()
	p.do(chromedp.EmulateViewport(1100, 780), chromedp.Navigate(url))
	return p
}

func (p *tab) note(message chromedp.ConsoleMessage) {
	switch message.Type {
	case chromedp.ConsoleWarning, chromedp.ConsoleError, chromedp.ConsoleException:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.wrong = append(p.wrong, message)
	}
}

// complaints are what went wrong on the console, without the failures of the network if they are expected.
func (p *tab) complaints(networkFails bool) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	complaints := []string{}
	for _, message := range p.wrong {
		if !networkFails || message.Source != "network" {
			complaints = append(complaints, message.String())
		}
	}
	return complaints
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, actions...))
}

// awaits waits until a condition in JavaScript is true.
func (p *tab) awaits(format string, values ...any) {
	p.t.Helper()
	condition := fmt.Sprintf(format, values...)
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](condition,
		chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(20*time.Second)))
	if err != nil {
		text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		require.NoError(p.t, err, "waiting for %s; the page is:\n%s", condition, text)
	}
}

// awaitsText waits until an element has exactly this text.
func (p *tab) awaitsText(id, text string) {
	p.t.Helper()
	p.awaits("document.getElementById(%q).textContent === %q", id, text)
}

// awaitsButtons waits until Start and Stop can be pressed, or not.
func (p *tab) awaitsButtons(start, stop bool) {
	p.t.Helper()
	p.awaits("document.getElementById('start').disabled === %t && document.getElementById('stop').disabled === %t",
		!start, !stop)
}

// tabTo moves the focus to an element, as the keyboard does.
func (p *tab) tabTo(id string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(kb.Tab))
	p.awaits("document.activeElement.id === %q", id)
}

// media sets what a media query of the page finds.
func (p *tab) media(name, value string) {
	p.t.Helper()
	features := []*emulation.MediaFeature{{Name: name, Value: value}}
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
	require.NoError(p.t, err)
}

// picture writes what the tab shows to a file, if that is asked for.
func (p *tab) picture(file string) {
	p.t.Helper()
	if !*screenshot {
		return
	}
	p.awaits("document.getAnimations().length === 0")
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(file, png, 0o644))
}
