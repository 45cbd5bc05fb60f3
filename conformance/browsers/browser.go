package browsers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
)

// A Kind is one of the browsers.
type Kind string

// The kinds, as recordings name them.
const (
	Chromium Kind = "chromium"
	Firefox  Kind = "firefox"
	WebKit   Kind = "webkit"
)

// Kinds returns the browsers that there are.
func Kinds() []Kind { return []Kind{Chromium, Firefox, WebKit} }

// Options say how a browser is started. The zero value finds it by itself.
type Options struct {
	// Path is the browser's program; empty means to look for it; see [Find].
	Path string

	// NoConsole leaves messages of the console out, for which there is else a wait
	// after each step.
	NoConsole bool

	// Log, if not nil, is told when a browser is replaced, and why.
	Log func(message string)
}

// How long to wait for a browser, besides what a step itself takes.
const (
	startTime   = 60 * time.Second // for it to start
	openTime    = 20 * time.Second // for a page to open
	silenceTime = 12 * time.Second // for a step to be reported
)

// A Browser is a browser that runs. It is one at a time: its pages must not be
// open together.
type Browser struct {
	kind    Kind
	path    string
	opts    Options
	servers *conformance.Servers
	harness *harness

	mu       sync.Mutex
	driver   driver // nil if it is to be started
	version  string
	replaced int
}

// A driver is a process that shows pages.
type driver interface {
	// admit has host names, which are all that there are from now on, lead to
	// the servers.
	admit(ctx context.Context, hostnames []string) error
	// open leaves for a URL.
	open(ctx context.Context, url string) error
	// console returns the messages since it was last called.
	console(ctx context.Context) []string
	// version is the browser's name and version.
	version() string
	// exited is closed when the browser is gone.
	exited() <-chan struct{}
	// stop ends the browser and removes what it left.
	stop()
}

// Start starts a browser that sees servers and nothing else of the network. It
// runs until Close.
func Start(ctx context.Context, kind Kind, servers *conformance.Servers, opts Options) (*Browser, error) {
	path, err := Find(kind, opts.Path)
	if err != nil {
		return nil, err
	}
	b := &Browser{kind: kind, path: path, opts: opts, servers: servers, harness: newHarness(opts.NoConsole)}
	servers.Intercept(b.harness.intercept)
	if err := b.start(ctx); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// Version is the browser's name and version, as "Chrome/156.0.8078.79".
func (b *Browser) Version() string { return b.version }

// Replaced is how often the browser had to be replaced so far.
func (b *Browser) Replaced() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.replaced
}

// Close ends the browser, and nothing else. It may be called again.
func (b *Browser) Close() {
	b.stop()
	b.servers.Intercept(nil)
	b.harness.close()
}

func (b *Browser) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	d, err := launch(ctx, b.kind, b.path, b.servers, b.opts)
	if err != nil {
		return fmt.Errorf("start %s: %w", b.path, err)
	}
	b.mu.Lock()
	b.driver, b.version = d, d.version()
	b.mu.Unlock()
	if err := d.open(ctx, "http://"+b.servers.Addr()+b.harness.start()); err != nil {
		b.stop()
		return fmt.Errorf("start %s: %w", b.path, err)
	}
	return nil
}

func (b *Browser) stop() {
	b.mu.Lock()
	d := b.driver
	b.driver = nil
	b.mu.Unlock()
	if d != nil {
		d.stop()
	}
}

// replace ends the browser; the next page starts another.
func (b *Browser) replace(why error) {
	b.stop()
	b.mu.Lock()
	b.replaced++
	b.mu.Unlock()
	if b.opts.Log != nil {
		b.opts.Log(fmt.Sprintf("%s is replaced: %v", b.kind, why))
	}
}

// NewClient opens the page of a scenario. It is a [conformance.NewClient].
func (b *Browser) NewClient(ctx context.Context, web *conformance.Web) (conformance.Client, error) {
	var errs []error
	for range 2 { // the browser may have died since the last page
		if b.driver == nil {
			if err := b.start(ctx); err != nil {
				return nil, errors.Join(append(errs, err)...)
			}
		}
		p := &page{browser: b, driver: b.driver, steps: len(web.Scenario.Steps)}
		err := p.open(ctx, web)
		if err == nil {
			p.console(ctx)
			return p, nil
		}
		if ctx.Err() != nil {
			b.stop() // it may be stuck; the next page starts another
			return nil, context.Cause(ctx)
		}
		b.replace(fmt.Errorf("%s: it did not open the page: %w", web.Scenario.ID, err))
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// A page is a scenario in a browser.
type page struct {
	browser *Browser
	driver  driver
	session *session
	steps   int
	done    int
	release chan struct{} // of the last report
}

// open opens the page, and waits for it to be there.
func (p *page) open(ctx context.Context, web *conformance.Web) error {
	if err := p.driver.admit(ctx, web.Hostnames()); err != nil {
		return err
	}
	p.session = p.browser.harness.open(web)
	_, err := p.report(ctx, -1, openTime)
	return err
}

// Step waits for what comes of step n. A browser that falls silent or dies is
// an outcome "silent" and an error.
func (p *page) Step(ctx context.Context, n int) (conformance.Outcome, error) {
	p.console(ctx)
	close(p.release)
	p.release = nil
	step := &p.session.web.Scenario.Steps[n]
	o, err := p.report(ctx, n, silenceTime+step.SleepTime())
	if err != nil {
		p.browser.replace(fmt.Errorf("%s, step %d: %w", p.session.web.Scenario.ID, n+1, err))
		return conformance.Outcome{Outcome: "silent"}, err
	}
	o.Console = p.console(ctx)
	if step.Via == "eventsource" { // closing it comes too late or not, as it happens
		o.Console = slices.DeleteFunc(o.Console, func(text string) bool { return text == "loadingFailed net::ERR_ABORTED" })
	}
	p.done = n + 1
	return o, nil
}

// console returns the messages since it was last called, if they are wanted.
func (p *page) console(ctx context.Context) []string {
	if p.browser.opts.NoConsole {
		return nil
	}
	return p.driver.console(ctx)
}

// report waits for the report of a step.
func (p *page) report(ctx context.Context, n int, patience time.Duration) (conformance.Outcome, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case r := <-p.session.reports:
		p.release = r.release
		if r.err == nil && r.step != n {
			r.err = fmt.Errorf("the page reports step %d in place of step %d", r.step+1, n+1)
		}
		return r.outcome, r.err
	case <-p.driver.exited():
		return conformance.Outcome{}, errors.New("the browser died")
	case <-timer.C:
		return conformance.Outcome{}, errors.New("the page fell silent")
	case <-ctx.Done():
		return conformance.Outcome{}, context.Cause(ctx)
	}
}

// Close lets the page leave for the next. One that is not through with its
// steps could not be trusted to, so its browser goes with it.
func (p *page) Close() error {
	if p.release != nil {
		close(p.release)
		p.release = nil
	}
	if p.done < p.steps && p.browser.driver == p.driver {
		p.browser.replace(errors.New("it was stopped half-way"))
	}
	return nil
}

// Record starts a browser, runs scenarios in it, and returns what it did.
func Record(ctx context.Context, kind Kind, scenarios []*conformance.Scenario, opts Options, progress func(done, total int, s *conformance.Scenario)) (*conformance.Recording, error) {
	servers, err := conformance.Listen()
	if err != nil {
		return nil, err
	}
	defer servers.Close()
	b, err := Start(ctx, kind, servers, opts)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	rec, err := conformance.Record(ctx, scenarios, b.NewClient, conformance.Options{Servers: servers, Via: conformance.Vias(), Progress: progress})
	if rec != nil {
		rec.Browser, rec.Version = string(kind), b.Version()
	}
	return rec, err
}
