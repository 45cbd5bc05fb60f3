package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/safelist"
)

// allowCredentials is the value of Access-Control-Allow-Credentials as a browser
// takes it; ok is false if there is none.
func allowCredentials(h http.Header) (value string, ok bool) {
	return safelist.Get(h["Access-Control-Allow-Credentials"])
}

// decisive is the last exchange of a fetch that was answered: the one that the
// verdict is about. It is nil if there is none.
func decisive(got *fetchtest.Result) *fetchtest.Exchange {
	for i := len(got.Wire) - 1; i >= 0; i-- {
		if x := &got.Wire[i]; x.Status != 0 {
			return x
		}
	}
	return nil
}

// credWildcardOrigin: F23.
func (p *prober) credWildcardOrigin() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	got := p.get(page, fetch.CredentialsInclude)
	x := decisive(got)
	if x == nil || got.Reason != fetch.ErrWildcardOriginNotAllowed && got.Reason != fetch.ErrPreflightWildcardOriginNotAllowed {
		return nil
	}
	value, isMeant := allowCredentials(x.ResponseHeader)
	if isMeant && value != "true" {
		return nil // that is what is wrong
	}
	isNeeded := p.isNamed && p.needsCookies()
	if !isMeant && !isNeeded {
		return nil
	}
	severity := Info
	consequence := "Access-Control-Allow-Credentials has no effect beside *: whatever is asked for with credentials is blocked, and what is asked for without would be read all the same."
	if p.isNamed {
		severity = Broken
		consequence = "A request with credentials is sent and carried out, its cookies are kept, and then the page is not given the response: * is not for credentials."
	}
	fix := fmt.Sprintf(`Answer that page "Access-Control-Allow-Origin: %s", after looking it up in a list, with "Access-Control-Allow-Credentials: true" and "Vary: Origin".`, page)
	if !isNeeded {
		fix = `Leave out Access-Control-Allow-Credentials if it is public. Otherwise: ` + p.allowlist()
	}
	return []Finding{p.finding(severity, Proven, page, consequence, fix,
		p.proof(asPage(page, fetch.CredentialsInclude), got),
		p.control(asPage(page, fetch.CredentialsOmit), p.get(page, fetch.CredentialsOmit)),
	)}
}

// credValue: F24.
func (p *prober) credValue() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	got := p.get(page, fetch.CredentialsInclude)
	if got.Reason != fetch.ErrInvalidAllowCredentials && got.Reason != fetch.ErrPreflightInvalidAllowCredentials {
		return nil
	}
	x := decisive(got)
	value, isThere := allowCredentials(x.ResponseHeader)
	severity, what := Broken, fmt.Sprintf("%q", value)
	isNeeded := p.isNamed && p.needsCookies()
	switch {
	case !isThere && (!isNeeded || len(p.credHalf()) > 0):
		return nil
	case !isThere:
		what = "no value"
	case strings.EqualFold(value, "false") && !isNeeded:
		severity = Info // as if it were not there, which is what is meant
	}
	return []Finding{p.finding(severity, Proven, page,
		fmt.Sprintf("What is asked for with credentials is blocked: browsers take %q alone for a yes, byte for byte, and the answer has %s.", "true", what),
		`Answer "Access-Control-Allow-Credentials: true", once, from one layer; leave it out where no credentials are meant.`,
		p.proof(asPage(page, fetch.CredentialsInclude), got),
		p.control(asPage(page, fetch.CredentialsOmit), p.get(page, fetch.CredentialsOmit)),
	)}
}

// credUnneeded: F25. Where something can be written cookies may be for that.
func (p *prober) credUnneeded() []Finding {
	page := p.app()
	if page == "" || p.readByAnyone(fetch.CredentialsInclude) || len(p.unsafeMethods()) > 0 || slices.Contains(p.routed(), http.MethodPost) {
		return nil
	}
	got := p.get(page, fetch.CredentialsInclude)
	x := final(got)
	if x == nil || !canRead(got) || x.Status >= 400 {
		return nil
	}
	if value, _ := allowCredentials(x.ResponseHeader); value != "true" {
		return nil
	}
	control := p.control("its own page, without cookies", p.ownAnswer(fetch.CredentialsOmit))
	confidence := Likely
	switch {
	case p.isPublic():
	case p.hasTokenAlone():
		control, confidence = p.control("its own page, without the token", p.withoutToken()), Hint
	default:
		return nil
	}
	return []Finding{p.finding(Low, confidence, page,
		"The browser lets the page use the user's cookies, which this does not need: a right that serves nothing but who takes over the page.",
		"Leave out Access-Control-Allow-Credentials. A header that the script sets itself, such as Authorization, needs Access-Control-Allow-Headers alone.",
		p.proof(asPage(page, fetch.CredentialsInclude), got), control,
	)}
}

// credHalf: F26. A value that is none is found as that.
func (p *prober) credHalf() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	got := p.get(page, fetch.CredentialsInclude)
	n := p.need(page, fetch.CredentialsInclude)
	pf := p.preflight(page, n.request)
	x := decisive(got)
	if pf.Answer == nil || x == nil {
		return nil
	}
	_, onAnswer := allowCredentials(x.ResponseHeader)
	_, onPreflight := allowCredentials(pf.Answer.ResponseHeader)
	fix := `Send "Access-Control-Allow-Credentials: true" with both: have one middleware answer preflights and what follows them.`
	switch {
	case pf.Passed && got.Reason == fetch.ErrInvalidAllowCredentials && !onAnswer && onPreflight:
		return []Finding{p.finding(Broken, Proven, page,
			"The preflight allows credentials, so that the request is sent and carried out; the response does not, so that the page cannot read what came of it.",
			fix, p.proof(asPage(page, fetch.CredentialsInclude), got), p.controlOf("the preflight: "+n.String(), pf))}
	case canRead(got) && onAnswer && pf.Reason == fetch.ErrPreflightInvalidAllowCredentials && !onPreflight:
		return []Finding{p.finding(Broken, Proven, page,
			"The page reads with credentials, but what needs a preflight, such as "+n.String()+", is never sent: the preflight does not allow credentials.",
			fix, p.proofOf("the preflight: "+n.String(), pf), p.control(asPage(page, fetch.CredentialsInclude), got))}
	}
	return nil
}

// credWildcardLists: F27.
func (p *prober) credWildcardLists() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	got := p.get(page, fetch.CredentialsInclude)
	literal := "With credentials * is a name like any other in these lists: "
	fix := "List the names themselves: "
	if canRead(got) {
		if name := p.hiddenByWildcard(page, got); name != "" {
			return []Finding{p.finding(Broken, Proven, page, literal+"the page does not see "+name+".",
				fix+"Access-Control-Expose-Headers: "+name,
				p.proof(asPage(page, fetch.CredentialsInclude), got),
				p.control(asPage(page, fetch.CredentialsOmit), p.get(page, fetch.CredentialsOmit)))}
		}
	}
	for _, ask := range []fetchtest.Request{
		asking(http.MethodPatch, fetch.CredentialsInclude),
		asking(http.MethodGet, fetch.CredentialsInclude, "X-Requested-With: XMLHttpRequest"),
	} {
		with := p.preflight(page, ask)
		ask.Credentials = fetch.CredentialsOmit
		without := p.preflight(page, ask)
		if !without.Passed || with.Answer == nil {
			continue
		}
		wrong := ""
		switch {
		case with.Reason == fetch.ErrMethodDisallowedByPreflightResponse && slices.Contains(allowMethods(with.Answer), "*"):
			wrong, fix = "a PATCH is never sent.", fix+"Access-Control-Allow-Methods: GET, POST, PUT, PATCH, DELETE, those of them that are meant."
		case with.Reason == fetch.ErrHeaderDisallowedByPreflightResponse && slices.Contains(allowHeaders(with.Answer), "*"):
			wrong, fix = "what has a header of the script's own, such as X-Requested-With, is never sent.", fix+"Access-Control-Allow-Headers: Content-Type, Authorization, and whatever else the page's scripts set."
		default:
			continue
		}
		return []Finding{p.finding(Broken, Proven, page, literal+wrong, fix,
			p.proofOf("the preflight, with credentials", with), p.controlOf("the preflight, without credentials", without))}
	}
	return nil
}

// hiddenByWildcard is a header that a page would see without credentials, and does
// not see in got; "" if there is none.
func (p *prober) hiddenByWildcard(page string, got *fetchtest.Result) string {
	x := final(got)
	exposed, _ := safelist.ExtractTokens(x.ResponseHeader["Access-Control-Expose-Headers"])
	without := p.get(page, fetch.CredentialsOmit)
	if !slices.Contains(exposed, "*") || !canRead(without) {
		return ""
	}
	for _, name := range got.Hidden {
		if without.Response.Header[name] != nil && !isOfTransport(name) {
			return name
		}
	}
	return ""
}

// isOfTransport reports whether a response header is for browsers, caches and
// proxies, rather than for scripts.
func isOfTransport(name string) bool {
	switch name {
	case "Vary", "Date", "Server", "Connection", "Keep-Alive", "Transfer-Encoding", "Accept-Ranges", "Age", "Via", "Allow",
		"Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy", "Alt-Svc",
		"Permissions-Policy", "X-Powered-By", "X-Xss-Protection":
		return true
	}
	return strings.HasPrefix(name, "Access-Control-") || strings.HasPrefix(name, "Cross-Origin-")
}

// credToStrangers: F28.
func (p *prober) credToStrangers() []Finding {
	app, page := p.app(), p.stranger()
	if app == "" || app == page {
		return nil
	}
	pf := p.preflight(page, p.need(page, fetch.CredentialsInclude).request)
	if _, got := p.read(app); !canRead(got) && !p.preflight(app, p.need(app, fetch.CredentialsInclude).request).Passed {
		return nil
	}
	if names := orphaned(pf.Answer); len(names) > 0 {
		return []Finding{p.incomplete(page, names, p.proofOf("the preflight of a stranger", pf))}
	}
	got := p.get(page, fetch.CredentialsInclude)
	if names := orphaned(final(got)); len(names) > 0 {
		return []Finding{p.incomplete(page, names, p.proof(asPage(page, fetch.CredentialsInclude), got))}
	}
	return nil
}

// orphaned are headers in an answer that mean nothing, as it names no origin.
func orphaned(x *fetchtest.Exchange) []string {
	if x == nil || x.ResponseHeader["Access-Control-Allow-Origin"] != nil {
		return nil
	}
	var names []string
	for _, name := range []string{"Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"} {
		if x.ResponseHeader[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

// incomplete is F28, about those headers.
func (p *prober) incomplete(page string, names []string, e Evidence) Finding {
	app := p.app()
	mode, got := p.read(app)
	return p.finding(Info, Proven, page,
		"A stranger is blocked, and is told part of the policy all the same, as Access-Control-Allow-Origin alone is left out.",
		"Send the headers of CORS together or not at all; to an origin that is not trusted leave out "+strings.Join(names, ", ")+" too.",
		e, p.control(asPage(app, mode), got))
}
