package engine_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/fetch"
)

// A mutant is an engine with a mistake in it: a profile that the standard would
// not have, or something between the engine and the servers that tells it what
// it would have overlooked by itself.
type mutant struct {
	area    string // of the scenarios that should find it
	mistake string
	profile func(*fetch.Profile)
	request func(m *memory, req *http.Request)
	answer  func(m *memory, req *http.Request, resp *http.Response) error
}

// A memory is what a mutant keeps of one page.
type memory struct {
	origin    string // the last one that was not null
	redirects int    // one after the other
}

const (
	acao = "Access-Control-Allow-Origin"
	acac = "Access-Control-Allow-Credentials"
	acam = "Access-Control-Allow-Methods"
	acah = "Access-Control-Allow-Headers"
	acma = "Access-Control-Max-Age"
	aceh = "Access-Control-Expose-Headers"
	acrm = "Access-Control-Request-Method"
	acrh = "Access-Control-Request-Headers"
)

var mutants = []mutant{
	{area: "redirect", mistake: "the CORS check is skipped on redirects", answer: func(_ *memory, req *http.Request, resp *http.Response) error {
		if isRedirect(resp) && req.Header.Get("Origin") != "" {
			resp.Header[acao], resp.Header[acac] = req.Header["Origin"], []string{"true"}
		}
		return nil
	}},
	{area: "acao", mistake: "a wildcard is enough with credentials", answer: func(_ *memory, req *http.Request, resp *http.Response) error {
		if resp.Header.Get(acao) == "*" {
			resp.Header[acao], resp.Header[acac] = req.Header["Origin"], []string{"true"}
		}
		return nil
	}},
	{area: "acao", mistake: "Allow-Credentials is not asked for", answer: func(_ *memory, _ *http.Request, resp *http.Response) error {
		resp.Header[acac] = []string{"true"}
		return nil
	}},
	{area: "acao", mistake: "Allow-Credentials may be spelled in any case", answer: func(_ *memory, _ *http.Request, resp *http.Response) error {
		if strings.EqualFold(resp.Header.Get(acac), "true") {
			resp.Header[acac] = []string{"true"}
		}
		return nil
	}},
	{area: "acao", mistake: "an origin may end with a slash", answer: func(_ *memory, _ *http.Request, resp *http.Response) error {
		if values := resp.Header[acao]; len(values) == 1 {
			resp.Header[acao] = []string{strings.TrimSuffix(values[0], "/")}
		}
		return nil
	}},
	{area: "acao", mistake: "of several Allow-Origin headers the first decides", answer: func(_ *memory, _ *http.Request, resp *http.Response) error {
		if values := resp.Header[acao]; len(values) > 1 {
			resp.Header[acao] = values[:1]
		}
		return nil
	}},
	{area: "redirect", mistake: "a redirect to another origin does not make the origin null", request: func(m *memory, req *http.Request) {
		switch o := req.Header.Get("Origin"); {
		case o == "null" && m.origin != "":
			req.Header.Set("Origin", m.origin)
		case o != "":
			m.origin = o
		}
	}},
	{area: "safelist", mistake: "safelisted headers have no limit together", profile: func(p *fetch.Profile) { p.Safelist.NoTotalLimit = true }},
	{area: "cache", mistake: "nothing is kept of a preflight", answer: func(_ *memory, _ *http.Request, resp *http.Response) error {
		resp.Header[acma] = []string{"0"}
		return nil
	}},
	{area: "cache", mistake: "a preflight is kept for ever", answer: func(_ *memory, _ *http.Request, resp *http.Response) error {
		resp.Header[acma] = []string{"999999"}
		return nil
	}},
	{area: "preflight", mistake: "a preflight may have any status", answer: func(_ *memory, req *http.Request, resp *http.Response) error {
		if isPreflight(req) {
			resp.StatusCode, resp.Status = http.StatusOK, "200 OK"
		}
		return nil
	}},
	{area: "method", mistake: "the case of methods does not matter", answer: func(_ *memory, req *http.Request, resp *http.Response) error {
		method := req.Header.Get(acrm)
		for _, list := range resp.Header[acam] {
			for name := range strings.SplitSeq(list, ",") {
				if isPreflight(req) && strings.EqualFold(strings.TrimSpace(name), method) {
					resp.Header.Add(acam, method)
				}
			}
		}
		return nil
	}},
	{area: "preflight", mistake: "request headers are not asked for", answer: func(_ *memory, req *http.Request, resp *http.Response) error {
		if isPreflight(req) && req.Header.Get(acrh) != "" {
			resp.Header.Add(acah, req.Header.Get(acrh))
		}
		return nil
	}},
	{area: "preflight", mistake: "a wildcard covers Authorization", profile: func(p *fetch.Profile) { p.Preflight.WildcardCoversAuthorization = true }},
	{area: "preflight", mistake: "the list of request headers has spaces", request: func(_ *memory, req *http.Request) {
		if list := req.Header.Get(acrh); list != "" {
			req.Header.Set(acrh, strings.ReplaceAll(list, ",", ", "))
		}
	}},
	{area: "expose", mistake: "scripts see every header", answer: func(_ *memory, _ *http.Request, resp *http.Response) error {
		for name := range resp.Header {
			resp.Header.Add(aceh, name)
		}
		return nil
	}},
	{area: "redirect", mistake: "ten redirects are the most", answer: func(m *memory, _ *http.Request, resp *http.Response) error {
		if !isRedirect(resp) {
			m.redirects = 0
			return nil
		}
		if m.redirects++; m.redirects > 10 {
			return errors.New("too many redirects")
		}
		return nil
	}},
	{area: "redirect", mistake: "a redirected POST stays a POST", answer: func(_ *memory, req *http.Request, resp *http.Response) error {
		if isRedirect(resp) && req.Method == http.MethodPost {
			resp.StatusCode, resp.Status = http.StatusTemporaryRedirect, "307 Temporary Redirect"
		}
		return nil
	}},
	{area: "credentials", mistake: "credentials are never sent", request: func(_ *memory, req *http.Request) { req.Header.Del("Cookie") }},
}

func isRedirect(resp *http.Response) bool {
	return resp.Header["Location"] != nil && slices.Contains([]int{301, 302, 303, 307, 308}, resp.StatusCode)
}

func isPreflight(req *http.Request) bool {
	return req.Method == http.MethodOptions && req.Header.Get(acrm) != ""
}

// newClient is how pages are opened in the mutant.
func (m *mutant) newClient() conformance.NewClient {
	profile := fetch.Standard()
	if m.profile != nil {
		m.profile(profile)
	}
	return engine.NewOver(profile, func(base *http.Transport) http.RoundTripper {
		base.DisableCompression = true
		return &meddler{mutant: m, base: base}
	})
}

// A meddler changes what goes over the wire as its mutant says.
type meddler struct {
	mutant *mutant
	memory memory
	base   *http.Transport
}

func (m *meddler) RoundTrip(req *http.Request) (*http.Response, error) {
	if m.mutant.request != nil {
		req = req.Clone(req.Context())
		m.mutant.request(&m.memory, req)
	}
	resp, err := m.base.RoundTrip(req)
	if err != nil || m.mutant.answer == nil {
		return resp, err
	}
	if err := m.mutant.answer(&m.memory, req, resp); err != nil {
		resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

func (m *meddler) CloseIdleConnections() { m.base.CloseIdleConnections() }

// TestMutants: of each mistake the expectations of its area find it, and those
// of the whole corpus find none where there is none.
func TestMutants(t *testing.T) {
	scenarios := slices.DeleteFunc(corpusScenarios(t), sendsStream)
	t.Run("no mistake", func(t *testing.T) {
		t.Parallel()
		if d := find(t, new(mutant), scenarios); d != nil {
			t.Errorf("%v", d)
		}
	})
	for i := range mutants {
		t.Run(mutants[i].mistake, func(t *testing.T) {
			t.Parallel()
			area := slices.DeleteFunc(slices.Clone(scenarios), func(s *conformance.Scenario) bool { return s.Area() != mutants[i].area })
			d := find(t, &mutants[i], area)
			if d == nil {
				t.Fatal("no scenario finds it")
			}
			t.Logf("found by %v", d)
		})
	}
}

// sendsStream reports whether the scenario depends on the version of HTTP, which
// a browser does not know of what a meddler is between.
func sendsStream(s *conformance.Scenario) bool {
	return slices.ContainsFunc(s.Steps, func(step conformance.Step) bool { return step.BodyType == "stream" })
}

// find returns the first disagreement of a mutant with the expectations, or nil.
func find(t *testing.T, m *mutant, scenarios []*conformance.Scenario) *conformance.Disagreement {
	t.Helper()
	report := check(t, scenarios, m.newClient(), conformance.Options{Known: engine.Known("standard")})
	if report.Agree+len(report.Disagree) == 0 {
		t.Error("nothing was judged")
	}
	if len(report.Disagree) == 0 {
		return nil
	}
	return &report.Disagree[0]
}
