package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
)

const demoUsage = `usage: corsfetch demo [-browser NAME]

Seven moments with CORS, in a small shop on this machine. No network is needed.

  -browser NAME  standard (default), chromium, firefox or webkit

exit code: 0 if all seven went as they should, else 1; 2 usage
`

// demoTimeout is far more than a fetch on this machine takes.
const demoTimeout = 10 * time.Second

// runDemo is the command demo.
func runDemo(ctx context.Context, args []string, stdout, stderr io.Writer, colors palette) int {
	browser := "standard"
	fs := newFlagSet("demo")
	fs.Func("browser", "", choose(&browser, profileNames()...))
	others, err := parseInterspersed(fs, args)
	if err == nil && len(others) > 0 {
		err = fmt.Errorf("want no argument, got %q", others[0])
	}
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, demoUsage)
		return exitAllowed
	}
	if err != nil {
		fmt.Fprintf(stderr, "corsfetch demo: %s\n\n%s", sanitize(err.Error()), demoUsage)
		return exitUsage
	}
	s, err := openShop()
	if err != nil {
		fmt.Fprintf(stderr, "corsfetch demo: %s\n", err)
		return exitBlocked
	}
	defer s.close()
	tour := tour{printer: printer{colors: colors}, out: stdout, browser: browser}
	if err := tour.open(ctx, s); err != nil {
		fmt.Fprintf(stderr, "corsfetch demo: %s\n", sanitize(err.Error()))
		return exitBlocked
	}
	if err := tour.tell(ctx, s, story(s)); err != nil {
		fmt.Fprintf(stderr, "corsfetch demo: %s\n", err)
		return exitBlocked
	}
	return tour.exitCode()
}

// A tour tells the story and counts how many moments went as they should.
type tour struct {
	printer       printer
	out           io.Writer
	browser       string
	page          *fetch.Transport
	moments, good int
}

// open opens the shop's page in the browser.
func (t *tour) open(ctx context.Context, s *shop) error {
	base := &http.Transport{DialContext: dialLocalhost("127.0.0.1")}
	jar, _ := cookiejar.New(nil) // it never fails
	b := &fetch.Browser{Base: base, Profile: profileNamed(t.browser), Jar: jar}
	var err error
	if t.page, err = b.Page(s.page + "/"); err != nil {
		return err
	}
	api, err := url.Parse(s.api)
	if err != nil {
		return err
	}
	jar.SetCookies(api, []*http.Cookie{{Name: "session", Value: "7f3a", Path: "/"}})
	load := call{URL: s.page + "/", Init: fetch.Init{Mode: fetch.ModeNavigate, Destination: "document"}}
	if r := fetchOnce(ctx, t.page, load, demoTimeout); r.Verdict != allowed {
		return errors.New("the shop's page does not load: " + r.Message)
	}
	return nil
}

// tell goes through the moments. It fails if nobody can hear it.
func (t *tour) tell(ctx context.Context, s *shop, moments []moment) error {
	defer t.page.CloseIdleConnections()
	p := &t.printer
	p.line(span{bold, "The shop of the tutorials"}, span{dim, "  as " + t.browser + " sees it"})
	p.line(span{dim, "page   "}, span{plain, s.page + "/"})
	p.line(span{dim, "API    "}, span{plain, s.api})
	p.line(span{dim, "files  "}, span{plain, s.files})
	for i, m := range moments {
		t.moment(ctx, s, i+1, m)
		if err := t.flush(); err != nil {
			return err
		}
	}
	p.line()
	p.line(span{bold, fmt.Sprintf("%d of %d moments went as they should.", t.good, t.moments)})
	p.line(span{plain, "Your own server: corsfetch get -page https://your.page/ https://your.api/path"})
	return t.flush()
}

// flush hands what has been told to the output.
func (t *tour) flush() error {
	_, err := io.WriteString(t.out, t.printer.b.String())
	t.printer.b.Reset()
	return err
}

// moment tells one moment, step by step.
func (t *tour) moment(ctx context.Context, s *shop, n int, m moment) {
	p := &t.printer
	p.line()
	p.line(span{bold, fmt.Sprintf("%d. %s", n, m.title)})
	good := true
	for i, st := range m.steps {
		if i > 0 {
			p.line()
		}
		s.adopt(st.policy)
		r := fetchOnce(ctx, t.page, st.call, demoTimeout)
		t.step(st, r)
		if missed := st.want.miss(r); missed != "" {
			p.line(span{red, "   NOT AS IT SHOULD BE: "}, span{plain, missed})
			good = false
		}
	}
	t.moments++
	if good {
		t.good++
	}
}

// step tells one step: what was done, the call, the wire, the verdict.
func (t *tour) step(st step, r report) {
	p := &t.printer
	p.indent = "   "
	defer func() { p.indent = "" }()
	p.line(span{plain, st.did})
	p.line(span{cyan, st.call.javaScript()})
	for i, x := range r.Exchanges {
		p.exchange(i+1, x, []string{st.want.visible, st.want.hidden})
	}
	p.verdict(r)
	if r.Response != nil && st.want.visible+st.want.hidden != "" {
		p.visible(r.Response)
	}
	p.advice(r.Advice)
}

// exitCode says whether all went as it should.
func (t *tour) exitCode() int {
	if t.moments > 0 && t.good == t.moments {
		return exitAllowed
	}
	return exitBlocked
}
