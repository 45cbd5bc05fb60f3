package audit

import (
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// A need is a request with a preflight that a page will want to make, and how sure
// it is that it will.
type need struct {
	request    fetchtest.Request
	confidence Confidence // Hint is that nothing speaks for it
}

// String is the request in a few words.
func (n need) String() string {
	var names []string
	for name := range n.request.Header {
		if name == "Content-Type" {
			name += ": " + n.request.Header.Get(name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	method := methodOf(n.request.Method)
	if len(names) > 0 {
		method += " with " + strings.Join(names, ", ")
	}
	return method
}

// need is the request that a page is likeliest to make of those that have a
// preflight.
func (p *prober) need(page string, mode fetch.CredentialsMode) need {
	own := p.resource(page, mode)
	if !safelist.IsSafelistedMethod(methodOf(own.Method)) || len(safelist.UnsafeRequestHeaderNames(own.Header)) > 0 {
		return need{own, Proven}
	}
	json := asking(http.MethodPost, mode, "Content-Type: application/json")
	if methods := p.unsafeMethods(); len(methods) > 0 && p.isNamed {
		return need{asking(methods[0], mode), Likely}
	}
	if p.isNamed && slices.Contains(p.routed(), http.MethodPost) && p.speaksJSON() {
		return need{json, Likely}
	}
	if p.meansPreflights(page, mode) {
		return need{json, Likely}
	}
	if p.isNamed && p.usesToken() {
		return need{asking(http.MethodGet, mode, "Authorization: Bearer corsfetch"), Likely}
	}
	return need{json, Hint}
}

// methodOf is a method as it is sent; "" is GET.
func methodOf(method string) string {
	if method == "" {
		return http.MethodGet
	}
	return safelist.NormalizeMethod(method)
}

// routed are the methods that the resource is known to have, by what it says in
// Allow; none if the server says that of whatever it is asked about.
func (p *prober) routed() []string {
	if p.allowsAnywhere(p.options(nil).ResponseHeader["Allow"]) {
		return nil
	}
	url := p.url.WithoutFragment().String()
	var methods []string
	for _, a := range p.guard.log {
		lines := a.ResponseHeader["Allow"]
		if lines == nil {
			continue
		}
		if u, err := weburl.Parse(a.URL, nil); err != nil || u.WithoutFragment().String() != url {
			continue
		}
		for _, line := range lines {
			for method := range strings.SplitSeq(line, ",") {
				if method = strings.TrimSpace(method); safelist.IsMethod(method) && !slices.Contains(methods, method) {
					methods = append(methods, method)
				}
			}
		}
	}
	return methods
}

// noSuchResource is a path where hardly anything is.
const noSuchResource = "corsfetch-no-such-resource"

// allowsAnywhere reports whether the server answers an OPTIONS with that Allow even
// where nothing is.
func (p *prober) allowsAnywhere(lines []string) bool {
	url := p.at(noSuchResource)
	return len(lines) > 0 && p.raw(http.MethodGet, url, nil).Status == http.StatusNotFound &&
		slices.Equal(lines, p.raw(http.MethodOptions, url, nil).ResponseHeader["Allow"])
}

// unsafeMethods are those of routed that need a preflight and that a script may
// use.
func (p *prober) unsafeMethods() []string {
	return slices.DeleteFunc(p.routed(), func(method string) bool {
		return safelist.IsSafelistedMethod(method) || safelist.IsForbiddenMethod(method) || method == http.MethodOptions
	})
}

// options sends an OPTIONS that is no preflight.
func (p *prober) options(h http.Header) *answer {
	return p.raw(http.MethodOptions, p.subject.Request.URL, h)
}

// speaksJSON reports whether what the resource answers its own page is JSON.
func (p *prober) speaksJSON() bool {
	x := final(p.ownAnswer(fetch.CredentialsInclude))
	if x == nil {
		return false
	}
	essence, ok := safelist.MIMEEssence(x.ResponseHeader.Get("Content-Type"))
	return ok && (essence == "application/json" || strings.HasSuffix(essence, "+json"))
}

// meansPreflights reports whether what a page is answered has headers that are for
// preflights.
func (p *prober) meansPreflights(page string, mode fetch.CredentialsMode) bool {
	x := final(p.get(page, mode))
	return x != nil && (x.ResponseHeader["Access-Control-Allow-Methods"] != nil || x.ResponseHeader["Access-Control-Allow-Headers"] != nil)
}

// usesToken reports whether scripts have to set Authorization: whoever is unknown
// is asked for what no browser adds itself.
func (p *prober) usesToken() bool {
	if p.subject.Request.Header["Authorization"] != nil {
		return true
	}
	for _, got := range []*fetchtest.Result{p.ownAnswer(fetch.CredentialsOmit), p.withoutToken()} {
		x := final(got)
		if x == nil || x.Status != http.StatusUnauthorized {
			continue
		}
		for _, challenge := range x.ResponseHeader["Www-Authenticate"] {
			scheme, _, _ := strings.Cut(challenge, " ")
			switch strings.ToLower(scheme) {
			case "bearer", "dpop", "token", "apikey":
				return true
			}
		}
	}
	return false
}

// allowMethods are the methods that the answer to a preflight lists.
func allowMethods(x *fetchtest.Exchange) []string {
	names, _ := safelist.ExtractTokens(x.ResponseHeader["Access-Control-Allow-Methods"])
	return names
}

// allowHeaders are the header names that the answer to a preflight lists.
func allowHeaders(x *fetchtest.Exchange) []string {
	names, _ := safelist.ExtractTokens(x.ResponseHeader["Access-Control-Allow-Headers"])
	return names
}
