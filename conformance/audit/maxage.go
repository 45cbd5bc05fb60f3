package audit

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// passing is a request of the app's that needs a preflight, which passes; ok is
// false if none does.
func (p *prober) passing() (page string, r fetchtest.Request, ok bool) {
	if page = p.app(); page == "" {
		return "", fetchtest.Request{}, false
	}
	mode := p.appMode()
	for _, r := range []fetchtest.Request{
		p.writing(page, http.MethodPost, mode), p.writing(page, http.MethodPut, mode), asking(http.MethodGet, mode, "Authorization: Bearer corsfetch"),
	} {
		if pf := p.preflight(page, r); pf.Passed && pf.Answer != nil {
			return page, r, true
		}
	}
	return "", fetchtest.Request{}, false
}

// shortest is for how many seconds every browser keeps a preflight of which nothing
// is said.
const shortest = 5

// deltaSeconds is the value of Access-Control-Max-Age, as far as int64 has it; ok
// is false if it is none. Some browsers take more for one than the standard does.
//
// https://fetch.spec.whatwg.org/#http-new-header-syntax
func deltaSeconds(values []string) (seconds int64, ok bool) {
	if len(values) != 1 || values[0] == "" || strings.Trim(values[0], "0123456789") != "" {
		return 0, false
	}
	seconds, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil {
		seconds = 1<<63 - 1 // out of range is very long
	}
	return seconds, true
}

// maxAge is the preflight of passing, and its Access-Control-Max-Age.
func (p *prober) maxAge() (page string, r fetchtest.Request, values []string, ok bool) {
	if page, r, ok = p.passing(); !ok {
		return "", r, nil, false
	}
	return page, r, p.preflight(page, r).Answer.ResponseHeader["Access-Control-Max-Age"], true
}

// cacheMaxAgeMissing: F51. What is no number is found as that.
func (p *prober) cacheMaxAgeMissing() []Finding {
	page, r, values, ok := p.maxAge()
	if seconds, isNumber := deltaSeconds(values); !ok || len(values) > 0 && !isNumber || seconds > shortest {
		return nil
	}
	return []Finding{p.finding(Waste, Proven, page,
		fmt.Sprintf("Before each request that needs it, and comes more than %d s after the last, the page asks anew whether it may: one more round trip.", shortest),
		`Answer preflights with "Access-Control-Max-Age: 600", or up to 7200, which is as long as Chromium keeps them.`,
		p.proofOf("the preflight of "+page, p.preflight(page, r)), p.withoutPreflight(page, r.Credentials),
	)}
}

// longest is how long any browser keeps a preflight: that is Firefox.
const longest = 86400

// cacheMaxAgeExcessive: F52.
func (p *prober) cacheMaxAgeExcessive() []Finding {
	page, r, values, ok := p.maxAge()
	seconds, isNumber := deltaSeconds(values)
	if !ok || !isNumber || seconds <= longest {
		return nil
	}
	return []Finding{p.finding(Info, Proven, page,
		fmt.Sprintf("No browser keeps a preflight for %d seconds: Chromium does for 7200, Firefox for %d, WebKit for 600, and what is taken back stays allowed that long.", seconds, longest),
		`Answer preflights with "Access-Control-Max-Age: 7200", or less where taking back matters.`,
		p.proofOf("the preflight of "+page, p.preflight(page, r)), p.withoutPreflight(page, r.Credentials),
	)}
}

// cacheMaxAgeMalformed: F53.
func (p *prober) cacheMaxAgeMalformed() []Finding {
	page, r, values, ok := p.maxAge()
	if _, isNumber := deltaSeconds(values); !ok || len(values) == 0 || isNumber {
		return nil
	}
	return []Finding{p.finding(Low, Proven, page,
		fmt.Sprintf("Browsers make what they like of %q, which is no number of seconds: they ask anew after %d, or each time.", strings.Join(values, ", "), shortest),
		`Answer preflights with one "Access-Control-Max-Age: 600", digits alone; 0 has them not kept.`,
		p.proofOf("the preflight of "+page, p.preflight(page, r)), p.withoutPreflight(page, r.Credentials),
	)}
}

// cachePreflightShared: F54. A preflight that is the same for all may be kept for
// all.
func (p *prober) cachePreflightShared() []Finding {
	page, r, ok := p.passing()
	if !ok {
		return nil
	}
	pf := p.preflight(page, r)
	if !isShared(pf.Answer.ResponseHeader) {
		return nil
	}
	otherMethod, otherHeader := r, r
	otherMethod.Method = "CORSFETCH"
	otherHeader.Header = r.Header.Clone()
	otherHeader.Header.Set("X-Corsfetch", "1")
	var missing []string
	var evidence []Evidence
	for _, other := range []struct {
		vary, page string
		request    fetchtest.Request
	}{
		{"Origin", p.stranger(), r},
		{"Access-Control-Request-Method", page, otherMethod},
		{"Access-Control-Request-Headers", page, otherHeader},
	} {
		theirs := p.preflight(other.page, other.request)
		if theirs.Answer == nil || varies(pf.Answer.ResponseHeader, strings.ToLower(other.vary)) ||
			theirs.Answer.Status == pf.Answer.Status && sameGrants(theirs.Answer.ResponseHeader, pf.Answer.ResponseHeader) {
			continue
		}
		missing = append(missing, other.vary)
		evidence = append(evidence, p.controlOf("another "+other.vary+" is answered otherwise", theirs))
	}
	if len(missing) == 0 {
		return nil
	}
	return []Finding{p.finding(Low, Likely, page,
		fmt.Sprintf("A CDN may give one preflight's answer to another that differs in %s: pages are refused what they may, or allowed what they may not.", strings.Join(missing, " and ")),
		`Answer preflights with "Cache-Control: no-store", or with "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers".`,
		append([]Evidence{p.proofOf("the preflight of "+page, pf)}, evidence...)...,
	)}
}

// isShared reports whether a cache that is many users' says that it may keep the
// answer, or that it has it kept. No such cache keeps what answers OPTIONS of
// itself: it has been told to.
func isShared(h http.Header) bool {
	control := strings.ToLower(strings.Join(h["Cache-Control"], ","))
	for directive := range strings.SplitSeq(control, ",") {
		directive = strings.TrimSpace(directive)
		if directive == "public" || strings.HasPrefix(directive, "s-maxage=") && directive != "s-maxage=0" {
			return true
		}
	}
	for _, name := range []string{"X-Cache", "Cf-Cache-Status"} {
		if strings.HasPrefix(strings.ToLower(h.Get(name)), "hit") {
			return true
		}
	}
	return false
}
