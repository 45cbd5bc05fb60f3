package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
)

// A verdict is how a fetch ended.
type verdict string

const (
	allowed verdict = "allowed"
	blocked verdict = "blocked" // a rule refused it
	failed  verdict = "failed"  // no answer came that a rule could be asked about
)

func (v verdict) exitCode() int {
	switch v {
	case allowed:
		return exitAllowed
	case blocked:
		return exitBlocked
	}
	return exitFailed
}

// A report is one fetch and all that is to be told of it.
type report struct {
	Browser   string     `json:"browser"`
	Page      string     `json:"page"` // its origin
	Verdict   verdict    `json:"verdict"`
	Reason    string     `json:"reason"`
	Stage     string     `json:"stage"`
	Message   string     `json:"message"`
	Header    string     `json:"header,omitempty"`
	Got       string     `json:"got,omitempty"`
	Want      string     `json:"want,omitempty"`
	Advice    *advice    `json:"advice,omitempty"`
	Exchanges []exchange `json:"exchanges"`
	Response  *seen      `json:"response"`
	Notes     []string   `json:"notes,omitempty"`

	detail string // Message without reason and stage
}

// An exchange is a request on the wire and its answer, or a preflight that the
// cache has answered.
type exchange struct {
	Method       string      `json:"method"`
	URL          string      `json:"url"`
	Status       int         `json:"status"`
	StatusText   string      `json:"statusText"`
	Request      http.Header `json:"request"`
	Response     http.Header `json:"response"`
	Preflight    bool        `json:"preflight"`
	FromCache    bool        `json:"fromCache"`
	RedirectedTo string      `json:"redirectedTo,omitempty"`
	Error        string      `json:"error,omitempty"`
}

// A seen is the response as the script sees it.
type seen struct {
	Type          string            `json:"type"`
	URL           string            `json:"url"`
	Status        int               `json:"status"`
	StatusText    string            `json:"statusText"`
	Redirected    bool              `json:"redirected"`
	Headers       map[string]string `json:"headers"`
	Hidden        []string          `json:"hidden"`
	Body          string            `json:"body"`
	BodyTruncated bool              `json:"bodyTruncated,omitempty"`
	BodyError     string            `json:"bodyError,omitempty"`

	bodySize int // bytes read, before they were decoded
}

// bodyLimit is how much of a body is read.
const bodyLimit = 1 << 20

// A result is what one browser did: a report for each round.
type result struct {
	browser string
	rounds  []report
}

// verdict is the worst of the rounds.
func (r result) verdict() verdict {
	v := allowed
	for _, round := range r.rounds {
		if round.Verdict.exitCode() > v.exitCode() {
			v = round.Verdict
		}
	}
	return v
}

// worst is the worst verdict of all results.
func worst(results []result) verdict {
	v := allowed
	for _, r := range results {
		if r.verdict().exitCode() > v.exitCode() {
			v = r.verdict()
		}
	}
	return v
}

// fetchAs does all rounds of get as one browser.
func fetchAs(ctx context.Context, o getOptions, browser string) result {
	page := newPage(o, profileNamed(browser))
	defer page.CloseIdleConnections()
	r := result{browser: browser}
	for range o.repeat {
		one := fetchOnce(ctx, page, o.call, o.timeout)
		one.Browser = browser
		one.Notes = append(slices.Clone(o.notes), one.Notes...)
		r.rounds = append(r.rounds, one)
	}
	return r
}

// newPage returns the page that o asks for, in a browser of its own.
func newPage(o getOptions, profile *fetch.Profile) *fetch.Transport {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.DialContext = dialLocalhost("localhost")
	if o.insecure {
		base.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	jar, _ := cookiejar.New(nil) // it never fails
	b := &fetch.Browser{Base: base, Profile: profile, Jar: jar}
	page := &fetch.Transport{Browser: b}
	if o.page != opaquePage {
		page, _ = b.Page(o.page) // parseGet has tried
	}
	if len(o.cookies) > 0 {
		storeCookies(b, o)
	}
	return page
}

// storeCookies puts the cookies of -cookie where the browser looks for those of
// the target's host.
func storeCookies(b *fetch.Browser, o getOptions) {
	target := o.call.URL
	if o.isRelative() {
		target = o.page
	}
	// The engine's way to write the URL, for that is what it asks the jar with.
	canonical, err := b.Page(target)
	if err != nil {
		return // the fetch will say so
	}
	u, err := url.Parse(canonical.Referrer)
	if err != nil {
		return
	}
	cookies := make([]*http.Cookie, len(o.cookies))
	for i, c := range o.cookies {
		cookies[i] = &http.Cookie{Name: c.Name, Value: c.Value, Path: "/"}
	}
	b.Jar.SetCookies(u, cookies)
}

// dialLocalhost returns a DialContext that leads names below .localhost to the
// host loopback, as browsers do without asking DNS.
func dialLocalhost(loopback string) func(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 30 * time.Second}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if host, port, err := net.SplitHostPort(addr); err == nil && strings.HasSuffix(strings.TrimSuffix(strings.ToLower(host), "."), ".localhost") {
			addr = net.JoinHostPort(loopback, port)
		}
		return dialer.DialContext(ctx, network, addr)
	}
}

// fetchOnce does one fetch in the page. A timeout of 0 is none.
func fetchOnce(ctx context.Context, page *fetch.Transport, c call, timeout time.Duration) report {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	rec := recorder{exchanges: []exchange{}}
	resp, err := page.Fetch(fetch.WithTrace(ctx, rec.trace()), c.request())
	r := report{Page: page.Origin.String(), Exchanges: rec.exchanges, Notes: rec.notes}
	if err != nil {
		r.refuse(err)
		return r
	}
	r.Verdict = allowed
	r.Response = see(resp, rec.last())
	return r
}

// refuse fills in why there is no response.
func (r *report) refuse(err error) {
	r.Verdict, r.Message, r.detail = failed, err.Error(), err.Error()
	var e *fetch.Error
	if !errors.As(err, &e) {
		return
	}
	if e.Blocked() {
		r.Verdict = blocked
	}
	r.Reason, r.Stage = string(e.Reason), string(e.Stage)
	r.Header, r.Got, r.Want = e.Header, e.Got, e.Want
	r.detail = e.Detail()
	if e.Err != nil && r.detail == "" {
		r.detail = e.Err.Error()
	}
	a := advise(e, r.Exchanges)
	r.Advice = &a
}

// see reads the response that the script gets. wire is the exchange it came
// from, nil if it came from no network.
func see(resp *fetch.Response, wire *exchange) *seen {
	s := &seen{
		Type:       string(resp.Type),
		URL:        resp.URL,
		Status:     resp.Status,
		StatusText: resp.StatusText,
		Redirected: resp.Redirected,
		Headers:    make(map[string]string, len(resp.Header)),
		Hidden:     []string{},
	}
	for name, values := range resp.Header {
		s.Headers[name] = strings.Join(values, ", ")
	}
	if wire != nil {
		s.Hidden = hiddenNames(wire.Response, resp.Header)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit+1))
	resp.Body.Close()
	if err != nil {
		s.BodyError = err.Error()
	}
	if len(body) > bodyLimit {
		body, s.BodyTruncated = body[:bodyLimit], true
	}
	s.bodySize = len(body)
	// https://encoding.spec.whatwg.org/#utf-8-decode
	s.Body = strings.ToValidUTF8(strings.TrimPrefix(string(body), "\ufeff"), "\ufffd")
	return s
}

// hiddenNames are the names in came that are not in visible, sorted.
func hiddenNames(came, visible http.Header) []string {
	hidden := []string{}
	for name := range came {
		if visible[http.CanonicalHeaderKey(name)] == nil {
			hidden = append(hidden, name)
		}
	}
	slices.Sort(hidden)
	return hidden
}

// A recorder collects what a fetch's trace tells.
type recorder struct {
	exchanges []exchange
	notes     []string
}

func (rec *recorder) trace() *fetch.Trace {
	return &fetch.Trace{
		HeaderDropped: rec.headerDropped,
		ExchangeDone: func(x fetch.Exchange) {
			e := exchange{
				Method: x.Method, URL: x.URL, Status: x.Status, StatusText: x.StatusText, Preflight: x.Preflight,
				Request: notNil(x.RequestHeader), Response: notNil(x.ResponseHeader),
			}
			if x.Err != nil {
				e.Error = x.Err.Error()
			}
			rec.exchanges = append(rec.exchanges, e)
		},
		PreflightCached: func(url, method string, headers []string) {
			asked := http.Header{headerRequestMethod: {method}}
			if len(headers) > 0 {
				asked[headerRequestHeaders] = []string{strings.Join(headers, ",")}
			}
			rec.exchanges = append(rec.exchanges, exchange{
				Method: http.MethodOptions, URL: url, Preflight: true, FromCache: true,
				Request: asked, Response: http.Header{},
			})
		},
		Redirected: func(_ int, _, to string) {
			if last := rec.last(); last != nil {
				last.RedirectedTo = to
			}
		},
	}
}

// headerDropped notes a header that the script cannot set, and which flag can.
func (rec *recorder) headerDropped(name, value string) {
	note := "fetch() does not let this script set " + name + ": " + value
	switch http.CanonicalHeaderKey(name) {
	case "Cookie":
		note += "; -cookie gives the browser cookies"
	case "Origin", "Referer":
		note += "; it comes from -page"
	}
	rec.notes = append(rec.notes, note)
}

// last is the last exchange, nil if there is none.
func (rec *recorder) last() *exchange {
	if len(rec.exchanges) == 0 {
		return nil
	}
	return &rec.exchanges[len(rec.exchanges)-1]
}

// notNil returns h, or an empty header for JSON's {}.
func notNil(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}
