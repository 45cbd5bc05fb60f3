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

const headerExpose = "Access-Control-Expose-Headers"

// used is what the page that is meant to use the resource gets of it: nil if there
// is no such page, or it cannot read.
func (p *prober) used() (page string, mode fetch.CredentialsMode, got *fetchtest.Result) {
	if page = p.app(); page == "" {
		return "", "", nil
	}
	if mode, got = p.read(page); !canRead(got) || final(got) == nil {
		return "", "", nil
	}
	return page, mode, got
}

// missed are the hidden headers of a response that scripts go by, as far as can be
// told: what only those need who use all of an API counts if the page was declared.
func (p *prober) missed(page string, got *fetchtest.Result) []string {
	x, isDeclared := final(got), slices.Contains(p.declared(), page)
	return slices.DeleteFunc(slices.Clone(got.Hidden), func(name string) bool {
		return !isUseful(name, x.Status, strings.Join(x.ResponseHeader[name], ", ")) &&
			!(isDeclared && (name == "X-Request-Id" || name == "X-Correlation-Id" || name == "Etag" && p.mayWriteIf(page)))
	})
}

// isUseful reports whether a header says something that scripts go by, and that
// nothing but a header says.
func isUseful(name string, status int, value string) bool {
	value = strings.ToLower(value)
	switch name {
	case "X-Total-Count", "Content-Range":
		return true
	case "Link":
		return slices.ContainsFunc([]string{"next", "prev", "first", "last"}, func(rel string) bool {
			return strings.Contains(value, "rel="+rel) || strings.Contains(value, `rel="`+rel)
		})
	case "Content-Disposition":
		return strings.Contains(value, "filename")
	case "Location":
		return status == http.StatusCreated || status == http.StatusAccepted
	case "Retry-After":
		return status >= 400 || status == http.StatusAccepted
	case "Www-Authenticate": // what a script answers by itself
		return strings.HasPrefix(value, "bearer") || strings.HasPrefix(value, "dpop")
	}
	return strings.HasPrefix(name, "Ratelimit") || strings.HasPrefix(name, "X-Ratelimit-")
}

// mayWriteIf reports whether a page may write on condition of an ETag, for which it
// has to know it.
func (p *prober) mayWriteIf(page string) bool {
	return p.preflight(page, asking(http.MethodPut, fetch.CredentialsInclude, `If-Match: "1"`)).Passed
}

// exposeMissing: F64. A list that is no list, and a * that is a name, are found as
// such.
func (p *prober) exposeMissing() []Finding {
	page, mode, got := p.used()
	if got == nil {
		return nil
	}
	names, ok := safelist.ExtractTokens(final(got).ResponseHeader[headerExpose])
	missed := p.missed(page, got)
	if len(missed) == 0 || !ok || slices.Contains(names, "*") {
		return nil
	}
	severity, confidence := Info, Hint // nobody is known to need it
	if slices.Contains(p.declared(), page) {
		severity, confidence = Broken, Likely
	}
	return []Finding{p.finding(severity, confidence, page,
		fmt.Sprintf("The script reads the body and not %s, which came: to it they are not there.", strings.Join(missed, ", ")),
		fmt.Sprintf("\"%s: %s\", on the response itself; the preflight's says nothing.", headerExpose, strings.Join(append(names, missed...), ", ")),
		p.proof(asPage(page, mode), got),
		p.control("the resource's own page", p.ownAnswer(mode)),
	)}
}

// requestHeaders are some that are no response's.
var requestHeaders = []string{"Accept", "Accept-Encoding", "Accept-Language", "Cookie", "Host", "If-Match", "If-Modified-Since", "If-None-Match",
	"Origin", "Referer", "User-Agent", "X-Requested-With"}

// isUseless reports why nothing is gained by exposing a header; "" is that
// something may be. Content-Length was not always readable.
func isUseless(name string) string {
	name = http.CanonicalHeaderKey(name)
	switch {
	case safelist.IsForbiddenResponseHeaderName(name):
		return "no page ever reads it"
	case name != "Content-Length" && safelist.IsSafelistedResponseHeaderName(name, nil):
		return "every page reads it anyway"
	case slices.Contains(requestHeaders, name):
		return "it is a request's"
	case strings.HasPrefix(name, "Access-Control-"):
		return "it is the browser's"
	}
	return ""
}

// exposeUseless: F65.
func (p *prober) exposeUseless() []Finding {
	return append(p.exposeSecrets(), p.exposeNoise()...)
}

// exposeNoise is what is exposed to no end.
func (p *prober) exposeNoise() []Finding {
	page, mode, got := p.used()
	if got == nil {
		return nil
	}
	names, _ := safelist.ExtractTokens(final(got).ResponseHeader[headerExpose])
	var useless, rest []string
	for _, name := range names {
		if why := isUseless(name); why != "" {
			useless = append(useless, name+" ("+why+")")
		} else {
			rest = append(rest, name)
		}
	}
	if len(useless) == 0 {
		return nil
	}
	fix := "Leave out " + headerExpose + "."
	if len(rest) > 0 {
		fix = fmt.Sprintf("\"%s: %s\".", headerExpose, strings.Join(rest, ", "))
	}
	return []Finding{p.finding(Info, Proven, page,
		fmt.Sprintf("Nothing is different for any script: %s.", strings.Join(useless, ", ")), fix,
		p.proof(asPage(page, mode), got), p.control("the resource's own page, which sees all", p.ownAnswer(mode)),
	)}
}

// exposeSecrets is what is exposed to whoever asks.
func (p *prober) exposeSecrets() []Finding {
	page := p.stranger()
	mode, got := p.read(page)
	if !canRead(got) || !p.readByAnyone(mode) {
		return nil
	}
	var secrets []string
	for name := range got.Response.Header {
		if isSecret(name) {
			secrets = append(secrets, name)
		}
	}
	if len(secrets) == 0 {
		return nil
	}
	slices.Sort(secrets)
	return []Finding{p.finding(Medium, Proven, page,
		fmt.Sprintf("Any web site reads %s, and may do what it is there to protect.", strings.Join(secrets, ", ")),
		"Take it out of "+headerExpose+". "+p.allowlist(),
		p.proof(asPage(page, mode), got),
		p.control("the resource's own page", p.ownAnswer(mode)),
	)}
}

// headersMisplaced: F66. A list on the preflight that hides what is needed is found
// as that.
func (p *prober) headersMisplaced() []Finding {
	page, mode, got := p.used()
	if got == nil {
		return nil
	}
	x := final(got)
	var misplaced []string
	for _, name := range []string{"Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"} {
		if x.ResponseHeader[name] != nil {
			misplaced = append(misplaced, name+" (only a preflight's counts)")
		}
	}
	for _, name := range []string{"Access-Control-Request-Method", "Access-Control-Request-Headers", "Origin"} {
		if x.ResponseHeader[name] != nil {
			misplaced = append(misplaced, name+" (a request's)")
		}
	}
	evidence := []Evidence{p.proof(asPage(page, mode), got)}
	pf := p.preflight(page, p.writing(page, http.MethodPut, mode))
	if pf.Answer != nil && pf.Answer.ResponseHeader[headerExpose] != nil && x.ResponseHeader[headerExpose] == nil && len(p.missed(page, got)) == 0 {
		misplaced = append(misplaced, headerExpose+" on the preflight (only the response's counts)")
		evidence = append(evidence, p.proof("a preflight for PUT", pf.Result))
	}
	if len(misplaced) == 0 {
		return nil
	}
	return []Finding{p.finding(Info, Proven, page,
		fmt.Sprintf("No browser looks there at %s: who changes it changes nothing.", strings.Join(misplaced, ", ")),
		"Answer preflights with Access-Control-Allow-Methods, -Allow-Headers and -Max-Age, responses with -Expose-Headers, both with -Allow-Origin and -Allow-Credentials.",
		append(evidence, p.control("the resource's own page, which needs no CORS", p.ownAnswer(mode)))...,
	)}
}
