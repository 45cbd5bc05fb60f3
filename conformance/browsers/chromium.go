package browsers

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A chromium is driven by the DevTools protocol.
type chromium struct {
	*process
	devtools *devtools
	product  string
	silent   bool   // nobody wants to know what it prints
	page     string // the session of the one page
	pages    chan string

	mu       sync.Mutex
	messages []string
	urls     map[string]string   // of requests, by id
	early    map[string][]string // what is told of a request before its URL, by id
}

// chromiumPreferences undoes a choice of Debian's build, which blocks
// third-party cookies where upstream's does not.
const chromiumPreferences = `{"profile":{"cookie_controls_mode":0}}`

// launchChromium starts Chromium. spaces are the address spaces of addresses
// that are not what they count as; silent says that nobody wants to know what it
// prints.
func launchChromium(ctx context.Context, path string, authority *x509.Certificate, spaces map[string]string, silent bool) (_ driver, err error) {
	p, err := newProcess(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.stop()
		}
	}()
	profile := filepath.Join(p.dir, "profile")
	p.cmd.Args = append(p.cmd.Args, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+profile, "--no-first-run", "--disable-sync",
		"--disable-component-update", "--disable-background-networking", "--password-store=basic",
		"--ignore-certificate-errors-spki-list="+keyHash(authority),
		"--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
		"--ip-address-space-overrides="+addressSpaceOverrides(spaces),
		"--remote-debugging-pipe", "about:blank")
	if err := os.MkdirAll(filepath.Join(profile, "Default"), 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(profile, "Default", "Preferences"), []byte(chromiumPreferences), 0o600); err != nil {
		return nil, err
	}
	fromUs, toBrowser, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	fromBrowser, toUs, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, fromUs.Close(), toBrowser.Close())
	}
	p.cmd.ExtraFiles = []*os.File{fromUs, toUs} // descriptors 3 and 4
	err = p.start()
	fromUs.Close()
	toUs.Close()
	if err != nil {
		return nil, errors.Join(err, fromBrowser.Close(), toBrowser.Close())
	}
	c := &chromium{process: p, silent: silent, pages: make(chan string, 1), urls: make(map[string]string), early: make(map[string][]string)}
	c.devtools = &devtools{out: toBrowser, events: c.event, replies: make(map[int]chan devtoolsMessage)}
	go func() {
		c.devtools.read(fromBrowser)
		fromBrowser.Close()
		toBrowser.Close()
	}()
	if err := c.attach(ctx); err != nil {
		return nil, c.failed(err)
	}
	return c, nil
}

// addressSpaceOverrides is spaces as Chromium takes them.
func addressSpaceOverrides(spaces map[string]string) string {
	var overrides []string
	for addr, space := range spaces {
		overrides = append(overrides, addr+"="+space)
	}
	slices.Sort(overrides)
	return strings.Join(overrides, ",")
}

// keyHash names the key of a certificate, and so all that have the same. To be
// told of that is to trust them; --ignore-certificate-errors is only not to mind.
func keyHash(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// attach finds the first page, and has everything in it watched.
func (c *chromium) attach(ctx context.Context) error {
	var version struct {
		Product string `json:"product"`
	}
	if err := c.devtools.call(ctx, "", "Browser.getVersion", struct{}{}, &version); err != nil {
		return err
	}
	c.product = strings.Replace(version.Product, "HeadlessChrome", "Chrome", 1)
	if err := c.devtools.call(ctx, "", "Target.setAutoAttach", autoAttach, nil); err != nil {
		return err
	}
	select {
	case c.page = <-c.pages:
		return nil
	case <-c.exited():
		return errors.New("it ended")
	case <-ctx.Done():
		return fmt.Errorf("no page: %w", ctx.Err())
	}
}

// autoAttach has targets wait until they are watched, so that nothing they say
// is missed.
var autoAttach = map[string]any{"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true}

// admit has nothing to do: the command line leads all names to the servers.
func (*chromium) admit(context.Context, []string) error { return nil }

func (c *chromium) version() string { return c.product }

func (c *chromium) open(ctx context.Context, url string) error {
	// There is no reply before the server answers, which may take long.
	_, err := c.devtools.send(c.page, "Page.navigate", map[string]any{"url": url})
	return err
}

// console returns messages sorted, as they come in no fixed order.
func (c *chromium) console(ctx context.Context) []string {
	// A reply comes after the events that were there before the command.
	_ = c.devtools.call(ctx, c.page, "Runtime.evaluate", map[string]any{"expression": "0"}, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	messages := c.messages
	c.messages = nil
	slices.Sort(messages)
	return messages
}

// event takes what the browser says by itself.
func (c *chromium) event(session, method string, params json.RawMessage) {
	if method == "Target.attachedToTarget" {
		c.attached(params)
		return
	}
	var e chromiumEvent
	if err := json.Unmarshal(params, &e); err != nil {
		return // nothing that we look for
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range c.describe(method, &e) {
		if text != "" && !strings.Contains(text, harnessPrefix+"report") {
			c.messages = append(c.messages, text)
		}
	}
}

// attached has a new target watched, and the targets in it, if anybody wants to
// know what they print.
func (c *chromium) attached(params json.RawMessage) {
	var target struct {
		SessionID  string `json:"sessionId"`
		TargetInfo struct {
			Type string `json:"type"`
		} `json:"targetInfo"`
	}
	if json.Unmarshal(params, &target) != nil {
		return
	}
	methods := []string{"Network.enable", "Log.enable", "Audits.enable", "Runtime.enable", "Target.setAutoAttach", "Runtime.runIfWaitingForDebugger"}
	if c.silent {
		methods = methods[len(methods)-1:]
	}
	for _, method := range methods {
		var params any = struct{}{}
		if method == "Target.setAutoAttach" {
			params = autoAttach
		}
		// Not every target knows every domain; replies do not matter.
		_, _ = c.devtools.send(target.SessionID, method, params)
	}
	if target.TargetInfo.Type == "page" {
		select {
		case c.pages <- target.SessionID:
		default: // a later one
		}
	}
}
