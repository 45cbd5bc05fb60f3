package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// The paths of the pages that browsers were recorded at.
const (
	scenarioPagePath  = "/__oracle-page"
	scenarioFramePath = "/__oracle-frame"
)

// A scenarioRun is a scenario in a browser of its own.
type scenarioRun struct {
	t       *testing.T
	web     *pretendWeb
	browser *fetch.Browser
	now     time.Time
	pages   map[string]*fetch.Transport // by context
}

// runScenario runs the steps of s in a fresh browser with the given profile.
func runScenario(t *testing.T, s *scenario, profile *fetch.Profile) []scenarioOutcome {
	t.Helper()
	web := startPretendWeb(t, s)
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		t.Fatal(err)
	}
	r := &scenarioRun{
		t:     t,
		web:   web,
		now:   time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
		pages: make(map[string]*fetch.Transport),
	}
	base := web.transport()
	t.Cleanup(base.CloseIdleConnections)
	r.browser = &fetch.Browser{Base: base, Profile: profile, Jar: jar, Now: func() time.Time { return r.now }}
	t.Cleanup(r.browser.CloseIdleConnections)
	for alias, values := range s.Cookies {
		visit := http.Response{Header: http.Header{"Set-Cookie": values}}
		jar.SetCookies(r.url(web.origins[alias]+"/"), visit.Cookies())
	}
	outcomes := make([]scenarioOutcome, len(s.Steps))
	for i := range s.Steps {
		outcomes[i] = r.step(&s.Steps[i])
	}
	return outcomes
}

func (r *scenarioRun) url(s string) *url.URL {
	r.t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		r.t.Fatal(err)
	}
	return u
}

// page returns the page that a step runs in.
func (r *scenarioRun) page(in string) *fetch.Transport {
	if page := r.pages[in]; page != nil {
		return page
	}
	page := r.open(in)
	r.pages[in] = page
	return page
}

// open returns a new page for a context.
func (r *scenarioRun) open(in string) *fetch.Transport {
	s := r.web.scenario
	top := r.web.origins[s.Page.Origin]
	page := &fetch.Transport{Origin: origin.MustParse(top), Referrer: top + scenarioPagePath, Browser: r.browser}
	switch alias, isFrame := strings.CutPrefix(in, "frame:"); {
	case isFrame:
		o := r.web.origins[alias]
		return &fetch.Transport{Origin: origin.MustParse(o), Referrer: o + scenarioFramePath, TopLevel: page.Origin, Browser: r.browser}
	case in == "sandbox", in == "data":
		return &fetch.Transport{Origin: origin.NewOpaque(), TopLevel: page.Origin, Browser: r.browser}
	}
	for _, line := range s.Page.Headers {
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Referrer-Policy") {
			page.ReferrerPolicy = fetch.ReferrerPolicy(strings.TrimSpace(value))
		}
	}
	return page
}

// step does one step.
func (r *scenarioRun) step(s *scenarioStep) scenarioOutcome {
	if s.Fetch == "" {
		r.now = r.now.Add(s.sleep())
		return scenarioOutcome{Outcome: "done"}
	}
	out := scenarioOutcome{Outcome: "rejected"}
	resp, err := r.page(s.In).Fetch(context.Background(), r.request(s))
	if err == nil {
		out.Outcome, out.Response = "resolved", r.response(resp)
	} else if e := (*fetch.Error)(nil); !errors.As(err, &e) {
		r.t.Errorf("%s: %v is a %T, not a *fetch.Error", s.Fetch, err, err)
	} else {
		r.t.Logf("%s: %v", s.Fetch, r.web.alias.Replace(err.Error()))
	}
	out.Requests = r.web.requests(s)
	return out
}

// request is what a step passes to fetch().
func (r *scenarioRun) request(s *scenarioStep) *fetch.Request {
	req := &fetch.Request{
		Method: s.Method,
		URL:    r.target(s.Fetch),
		Header: make(http.Header),
		Init: fetch.Init{
			Mode:           fetch.Mode(s.Mode),
			Credentials:    fetch.CredentialsMode(s.Credentials),
			Redirect:       fetch.RedirectMode(s.Redirect),
			Cache:          fetch.CacheMode(s.Cache),
			ReferrerPolicy: fetch.ReferrerPolicy(s.ReferrerPolicy),
		},
	}
	for _, line := range s.Headers {
		name, value, _ := strings.Cut(line, ":")
		req.Header.Add(name, toBytes(strings.TrimPrefix(r.web.resolve.Replace(value), " ")))
	}
	if s.Referrer != nil {
		req.Referrer = r.target(*s.Referrer)
		if *s.Referrer == "" {
			req.Referrer = fetch.NoReferrer
		}
	}
	if s.Body != nil {
		r.setBody(req, s)
	}
	return req
}

// target is the URL that a step names: "ALIAS/path", or a URL as it is.
func (r *scenarioRun) target(s string) string {
	if alias, path, ok := strings.Cut(s, "/"); ok {
		if o, ok := r.web.origins[alias]; ok {
			return o + "/" + path
		}
	}
	return r.web.resolve.Replace(s)
}

// setBody gives req the body of s, and the Content-Type that comes with its
// type.
func (r *scenarioRun) setBody(req *fetch.Request, s *scenarioStep) {
	var contentType string
	req.Body = strings.NewReader(*s.Body)
	switch s.BodyType {
	case "", "text":
		contentType = "text/plain;charset=UTF-8"
	case "bytes":
	case "urlencoded":
		contentType = "application/x-www-form-urlencoded;charset=UTF-8"
	case "formdata":
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		if err := errors.Join(w.WriteField("body", *s.Body), w.Close()); err != nil {
			r.t.Fatal(err)
		}
		req.Body, contentType = &form, w.FormDataContentType()
	case "stream":
		req.Body = io.MultiReader(req.Body) // a reader of no type that can be read again
	default: // blob:TYPE
		contentType = strings.TrimPrefix(s.BodyType, "blob:")
	}
	if contentType != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", contentType)
	}
}

// response is what a script sees of resp.
func (r *scenarioRun) response(resp *fetch.Response) *scenarioResponse {
	defer resp.Body.Close()
	out := &scenarioResponse{
		Type:       string(resp.Type),
		Status:     resp.Status,
		StatusText: fromBytes(resp.StatusText),
		OK:         resp.OK(),
		Redirected: resp.Redirected,
		URL:        r.web.alias.Replace(resp.URL),
	}
	for name, values := range resp.Header {
		value := strings.Join(values, ", ")
		out.Headers = append(out.Headers, strings.ToLower(name)+": "+r.web.alias.Replace(fromBytes(value)))
	}
	slices.Sort(out.Headers)
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		out.BodyError = "TypeError"
		return out
	}
	out.Body = r.web.alias.Replace(string(body))
	return out
}
