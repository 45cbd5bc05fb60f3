package policy

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// nobodyTrusted is what is wrong with a subject that an invariant needs a trusted
// page for.
func (s *Subject) nobodyTrusted() *Violation {
	return &Violation{Why: "no page is trusted, to ask with", Request: s.Request}
}

// noSuchResource is a path where hardly anything is.
const noSuchResource = "corsfetch-no-such-resource"

// ErrorsReadable holds if the trusted pages can read responses that are no
// success, so that a script learns what went wrong: those of a URL beside the
// resource's at which there is nothing, and of the given URLs, which may be
// relative to the resource's.
func ErrorsReadable(urls ...string) Invariant {
	return Invariant{"errors-readable", func(s *Subject) *Violation {
		if len(s.Trusted) == 0 {
			return s.nobodyTrusted()
		}
		for _, url := range append([]string{noSuchResource}, urls...) {
			r, err := s.at(url)
			if err != nil {
				return &Violation{Why: fmt.Sprintf("%q: %v", url, err), Request: r}
			}
			other := *s
			other.Request = r
			for _, page := range s.Trusted {
				if r, got := other.read(page); !reads(&got) {
					return &Violation{Why: page + " is trusted, and cannot read what is answered at " + r.URL, Page: page, Request: r, Result: got}
				}
			}
		}
		return nil
	}}
}

// SameOriginUnaffected holds if a page of the resource's own origin gets the same
// status whether it says Origin, as browsers do in a POST, or not.
func SameOriginUnaffected() Invariant {
	return Invariant{"same-origin-unaffected", func(s *Subject) *Violation {
		r := s.Request
		r.Method = http.MethodPost
		got := s.fetch(s.origin(), r)
		status, err := s.withoutOrigin(r)
		x := lastExchange(&got)
		if err != nil || x == nil {
			return &Violation{Why: fmt.Sprintf("there is no answer: %v", err), Page: s.origin(), Request: r, Result: got}
		}
		if x.Status != status {
			return &Violation{Why: fmt.Sprintf("its own origin gets status %d, and %d without Origin", x.Status, status), Page: s.origin(), Request: r, Result: got}
		}
		return nil
	}}
}

// withoutOrigin is the status of r as nothing but a browser sends it.
func (s *Subject) withoutOrigin(r fetchtest.Request) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchtest.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, strings.NewReader(r.Body))
	if err != nil {
		return 0, err
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	resp, err := s.Web.Fresh().Browser.Base.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, fetchtest.BodyLimit))
	return resp.StatusCode, err
}

// Deterministic holds if the same request from the same page is answered in the
// same way n times.
func Deterministic(n int) Invariant {
	return Invariant{"deterministic", func(s *Subject) *Violation {
		for _, page := range s.pages() {
			for _, mode := range credentialsModes {
				r := s.Request
				r.Credentials = mode
				first := s.fetch(page, r)
				for i := 1; i < n; i++ {
					if got := s.fetch(page, r); decision(&got) != decision(&first) {
						return &Violation{
							Why:  fmt.Sprintf("it is %s at first, and %s when asked again", decision(&first), decision(&got)),
							Page: page, Request: r, Result: got,
						}
					}
				}
			}
		}
		return nil
	}}
}

// decision is what a page is told by a result, in a few words.
func decision(got *fetchtest.Result) string {
	if got.Verdict == fetchtest.Allowed {
		return fmt.Sprintf("allowed with status %d", got.Response.Status)
	}
	return fmt.Sprintf("%s (%s)", got.Verdict, got.Reason)
}

// Uniform holds if the pages that can read the resource are those that can read
// what is at the given URLs, which may be relative to the resource's.
func Uniform(urls ...string) Invariant {
	return Invariant{"uniform", func(s *Subject) *Violation {
		pages := s.pages()
		for _, page := range Adversaries(s.Request.URL, s.Trusted...) {
			pages = append(pages, page)
		}
		for _, url := range urls {
			r, err := s.at(url)
			if err != nil {
				return &Violation{Why: fmt.Sprintf("%q: %v", url, err), Request: r}
			}
			other := *s
			other.Request = r
			for _, page := range pages {
				_, here := s.read(page)
				if r, there := other.read(page); reads(&here) != reads(&there) {
					return &Violation{
						Why:  fmt.Sprintf("%s is %s at %s, and %s at %s", page, decision(&here), s.Request.URL, decision(&there), r.URL),
						Page: page, Request: r, Result: there,
					}
				}
			}
		}
		return nil
	}}
}

// PreflightNeedsNoCredentials holds if a trusted page's preflight is not asked who
// the user is: no browser has a preflight say it.
func PreflightNeedsNoCredentials() Invariant {
	return Invariant{"preflight-needs-no-credentials", func(s *Subject) *Violation {
		if len(s.Trusted) == 0 {
			return s.nobodyTrusted()
		}
		for _, page := range s.Trusted {
			r := with(s.Request, "Authorization", "Bearer corsfetch")
			got, preflight := s.preflight(page, r)
			switch {
			case preflight == nil:
				return &Violation{Why: "no preflight is answered", Page: page, Request: r, Result: got}
			case preflight.Status == http.StatusUnauthorized, preflight.Status == http.StatusForbidden,
				preflight.Status == http.StatusProxyAuthRequired, preflight.ResponseHeader["Www-Authenticate"] != nil:
				return &Violation{Why: fmt.Sprintf("the preflight is answered with status %d, and no browser would say who the user is", preflight.Status), Page: page, Request: r, Result: got}
			}
		}
		return nil
	}}
}

// PreflightHasNoSideEffects holds if a preflight, whoever sends it, leaves state as
// it was, and sets no cookie. state tells what a request may change, such as the
// number of orders; nil looks at cookies alone.
func PreflightHasNoSideEffects(state func() string) Invariant {
	return Invariant{"preflight-has-no-side-effects", func(s *Subject) *Violation {
		for _, page := range s.pages() {
			if page == s.origin() {
				continue // never sends one
			}
			var before string
			if state != nil {
				before = state()
			}
			r := with(s.Request, "X-Corsfetch", "1")
			got, preflight := s.preflight(page, r)
			switch {
			case preflight == nil:
				return &Violation{Why: "no preflight is answered", Page: page, Request: r, Result: got}
			case preflight.ResponseHeader["Set-Cookie"] != nil:
				return &Violation{Why: "the answer to a preflight sets cookies", Page: page, Request: r, Result: got}
			case state != nil && state() != before:
				return &Violation{Why: fmt.Sprintf("a preflight has changed %q to %q", before, state()), Page: page, Request: r, Result: got}
			}
		}
		return nil
	}}
}

// preflight sends the preflight of r, and nothing after it.
func (s *Subject) preflight(page string, r fetchtest.Request) (fetchtest.Result, *fetchtest.Exchange) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchtest.Timeout)
	defer cancel()
	ctx = fetch.WithTrace(ctx, &fetch.Trace{ExchangeDone: func(x fetch.Exchange) {
		if x.Preflight {
			cancel()
		}
	}})
	got := s.web().Page(page).Load(ctx, &fetch.Request{Method: r.Method, URL: r.URL, Header: r.Header, Init: r.Init})
	for i := range got.Wire {
		if x := &got.Wire[i]; x.Preflight && x.Status != 0 {
			return got, x
		}
	}
	return got, nil
}
