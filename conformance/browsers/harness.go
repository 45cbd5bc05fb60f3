package browsers

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/corsfetch/corsfetch/conformance"
)

// The scripts of pages. runner.js runs a step, child.js has a frame or a
// worker run steps, page.js goes through the steps of a scenario.
var (
	//go:embed page/runner.js
	runnerJS string
	//go:embed page/child.js
	childJS string
	//go:embed page/page.js
	pageJS string
)

// Everything of the harness's own is below this.
const harnessPrefix = "/__oracle-"

// A harness is what the browser talks to besides the servers of scenarios. A
// page reports what came of a step and has its answer when the next step is to
// begin, so that it, and what it sends, goes at the harness's pace.
type harness struct {
	consoleTime int // ms that messages may come after a step

	mu      sync.Mutex
	session *session
	opened  chan struct{} // closed when there is a session to open
	closed  chan struct{} // closed when there will be none
	closing sync.Once
	number  int // of the last session
}

// A session is a scenario in a page.
type session struct {
	number  int
	web     *conformance.Web
	reports chan report
}

// A report is what the page says came of a step. It waits for an answer until
// release is closed.
type report struct {
	step    int // -1: the page is there
	outcome conformance.Outcome
	err     error
	release chan struct{}
}

func newHarness(noConsole bool) *harness {
	h := &harness{consoleTime: 40, opened: make(chan struct{}), closed: make(chan struct{})}
	if noConsole {
		h.consoleTime = 0
	}
	return h
}

// open makes web what the browser opens next.
func (h *harness) open(web *conformance.Web) *session {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.number++
	h.session = &session{number: h.number, web: web, reports: make(chan report)}
	close(h.opened)
	h.opened = make(chan struct{})
	return h.session
}

// close lets go of everything that waits.
func (h *harness) close() { h.closing.Do(func() { close(h.closed) }) }

// start is the path at which a new browser begins to wait for the next session.
func (h *harness) start() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return harnessPrefix + "start?" + strconv.Itoa(h.number)
}

// current returns the session, and a channel that is closed when it is
// succeeded.
func (h *harness) current() (*session, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.session, h.opened
}

// intercept answers the harness's own requests.
func (h *harness) intercept(req *conformance.Incoming) *conformance.Answer {
	if req.Path() == "/favicon.ico" {
		return &conformance.Answer{Status: http.StatusNoContent}
	}
	if !strings.HasPrefix(req.Path(), harnessPrefix) {
		if s, _ := h.current(); s != nil {
			return s.login(req)
		}
		return nil
	}
	switch req.Path() {
	case harnessPrefix + "start": // answered at once, as the driver may wait for it
		return goTo(harnessPrefix + "next?" + req.Query())
	case harnessPrefix + "next":
		return h.next(req)
	case harnessPrefix + "report":
		return h.report(req)
	}
	s, _ := h.current()
	if s == nil {
		return &conformance.Answer{Status: http.StatusNotFound}
	}
	switch req.Path() {
	case harnessPrefix + "visit":
		return s.visit(req)
	case harnessPrefix + "script":
		return s.script(h.consoleTime)
	case harnessPrefix + "worker":
		a := answer("text/javascript", runnerJS+childJS)
		a.Lines = append(a.Lines, s.pageHeaders()...)
		return a
	case conformance.PagePath:
		a := answer("text/html", `<!doctype html><meta charset=utf-8><title>page</title><body><p>p</p><script src="`+harnessPrefix+`script"></script>`)
		a.Lines = append(a.Lines, s.pageHeaders()...)
		return a
	case conformance.FramePath:
		a := answer("text/html", "<!doctype html><meta charset=utf-8><body><p>p</p><script>"+runnerJS+childJS+"</script>")
		a.Lines = append(a.Lines, "Cross-Origin-Resource-Policy: cross-origin")
		a.Lines = append(a.Lines, slices.DeleteFunc(s.pageHeaders(), isNoEmbedderPolicy)...)
		return a
	}
	return &conformance.Answer{Status: http.StatusNotFound}
}

func isNoEmbedderPolicy(line string) bool {
	name, _, _ := strings.Cut(line, ":")
	return !strings.EqualFold(name, "Cross-Origin-Embedder-Policy")
}

// answer returns an answer that no cache keeps.
func answer(contentType, body string) *conformance.Answer {
	return &conformance.Answer{Lines: []string{"Content-Type: " + contentType + "; charset=utf-8", "Cache-Control: no-store"}, Body: body}
}

// goTo is a document that leaves for a URL, by itself, as a visitor would.
func goTo(url string) *conformance.Answer {
	return answer("text/html", "<!doctype html><title>next</title><script>location.replace("+jsString(url)+")</script>")
}

// jsString returns s as a literal that may stand in an inline script.
func jsString(s string) string {
	b, err := json.Marshal(s) // escapes <, > and &
	if err != nil {
		panic(err) // strings do not fail
	}
	return string(b)
}

// next waits for a session and leads to it. The query is the number of the
// last session that the browser has seen.
func (h *harness) next(req *conformance.Incoming) *conformance.Answer {
	seen, err := strconv.Atoi(req.Query())
	if err != nil {
		return &conformance.Answer{Status: http.StatusNotFound}
	}
	for {
		s, opened := h.current()
		if s != nil && s.number > seen {
			return goTo(s.visits()[0])
		}
		select {
		case <-opened:
		case <-h.closed:
			return &conformance.Answer{Status: http.StatusGone}
		}
	}
}

// visits are the URLs to visit one after the other: where cookies are set, where
// there is a login, and last the page.
func (s *session) visits() []string {
	cookies := s.cookieAliases()
	var urls []string
	for _, alias := range cookies {
		urls = append(urls, s.web.Origin(alias)+harnessPrefix+"visit?"+strconv.Itoa(len(urls)))
	}
	for _, place := range s.web.Logins() {
		urls = append(urls, s.web.LoginURL(place)+"?"+strconv.Itoa(len(urls)))
	}
	return append(urls, s.web.PageURL())
}

// cookieAliases are the aliases to visit for their cookies.
func (s *session) cookieAliases() []string {
	return slices.Sorted(maps.Keys(s.web.Scenario.Cookies))
}

// visit is the page of a visit: it sets the cookies of an alias and leaves for
// the next, and in the end for the page itself.
func (s *session) visit(req *conformance.Incoming) *conformance.Answer {
	visits, cookies := s.visits(), s.cookieAliases()
	n, err := strconv.Atoi(req.Query())
	if err != nil || n < 0 || n >= len(visits)-1 {
		return &conformance.Answer{Status: http.StatusNotFound}
	}
	a := goTo(visits[n+1])
	if n < len(cookies) {
		for _, cookie := range s.web.Scenario.Cookies[cookies[n]] {
			a.Lines = append(a.Lines, "Set-Cookie: "+conformance.IsomorphicEncode(s.web.Resolve(cookie)))
		}
	}
	return a
}

// login is the page of a visit that asks for a password first. Whether or not
// the browser gives one, it is led to what comes next.
func (s *session) login(req *conformance.Incoming) *conformance.Answer {
	a := s.web.Login(req)
	if a == nil {
		return nil
	}
	next := s.visit(req)
	a.Lines, a.Body = append(a.Lines, next.Lines...), next.Body
	return a
}

// pageHeaders are the headers of the page's response.
func (s *session) pageHeaders() []string {
	var lines []string
	for _, line := range s.web.Scenario.Page.Headers {
		lines = append(lines, conformance.IsomorphicEncode(s.web.Resolve(line)))
	}
	return lines
}

// script is the script of the page. consoleTime is how many ms it gives the
// console after a step.
func (s *session) script(consoleTime int) *conformance.Answer {
	frames := make(map[string]string)
	for _, alias := range conformance.Aliases() {
		frames["frame:"+alias] = s.web.FrameURL(alias)
	}
	oracle, err := json.Marshal(map[string]any{"session": s.number, "steps": pageSteps(s.web), "consoleTime": consoleTime, "child": runnerJS + childJS, "frames": frames})
	if err != nil {
		panic(err) // strings and numbers do not fail
	}
	a := answer("text/javascript", runnerJS+"const oracle = "+string(oracle)+";\n"+pageJS)
	// The page may have come to have an opaque origin, and ask for CORP.
	a.Lines = append(a.Lines, "Cross-Origin-Resource-Policy: cross-origin")
	return a
}

// report takes what came of a step, and answers when the next is to begin.
func (h *harness) report(req *conformance.Incoming) *conformance.Answer {
	a := answer("text/html", "<!doctype html>") // with a load event, if a form asked for it
	a.Lines = append(a.Lines, "Cross-Origin-Resource-Policy: cross-origin", "Cross-Origin-Embedder-Policy: require-corp")
	session, n, _ := strings.Cut(req.Query(), ".")
	s, succeeded := h.current()
	if s == nil || strconv.Itoa(s.number) != session {
		return a // of one that is over
	}
	r := report{release: make(chan struct{})}
	r.step, r.err = strconv.Atoi(n)
	if r.err == nil {
		body := strings.TrimPrefix(req.Body, "outcome=") // if a form brought it
		r.err = json.Unmarshal([]byte(body), &r.outcome)
	}
	if r.err != nil {
		r.err = fmt.Errorf("the page's report: %w", r.err)
	}
	select {
	case s.reports <- r:
	case <-succeeded:
		return a
	case <-h.closed:
		return a
	}
	select {
	case <-r.release:
	case <-succeeded:
	case <-h.closed:
	}
	return a
}
