package fetch

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/preflightcache"
	"github.com/corsfetch/corsfetch/safelist"
)

// corsPreflightFetch asks the server whether it allows the request, and
// remembers the answer if store is set. unsafe are the request's CORS-unsafe
// request-header names: lower-case, sorted, unique.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (p *fetchParams) corsPreflightFetch(unsafe []string, store bool) *Error {
	res, err := p.send(p.preflightRequest(unsafe))
	if err == nil && p.misdirected(res, false) {
		res, err = p.send(p.preflightRequest(unsafe))
	}
	if err != nil {
		return err
	}
	_, isNetHTTP := p.browser.without.(*http.Transport)
	p.overHTTP1 = isNetHTTP && res.in != nil && res.in.ProtoMajor == 1
	status := res.status
	answer, why := p.readPreflight(res, unsafe)
	res.discard()
	if store && (why.reason == "" || answer.valid && p.profile.PreflightCache.StoresRefusals) {
		if maxAge, ok := p.profile.maxAge(res.header[headerMaxAge]); ok {
			p.browser.preflights.Store(p.preflightKey(), preflightcache.Answer{
				Methods:            answer.methods,
				Headers:            answer.headers,
				MaxAge:             maxAge,
				IncludeCredentials: p.request.credentials == CredentialsInclude,
			}, p.profile.PreflightCache.Entries, p.browser.now())
		}
	}
	if why.reason != "" {
		return p.refuseResponse(why.reason, StagePreflight, status, why)
	}
	return nil
}

// preflightRequest returns the CORS-preflight request.
func (p *fetchParams) preflightRequest(unsafe []string) *outgoing {
	r := &p.request
	o := p.newOutgoing(http.MethodOptions, 12)
	o.preflight = true
	o.set("Accept", "*/*")
	o.set("Access-Control-Request-Method", r.method)
	if len(unsafe) > 0 {
		// Note: joined without a space, on purpose: some servers compare bytes.
		o.set("Access-Control-Request-Headers", strings.Join(unsafe, ","))
	}
	// Deviation: the text adds no Accept-Language here; browsers do.
	if lang := p.profile.AcceptLanguage; lang != "" {
		o.set("Accept-Language", lang)
	}
	if p.profile.Preflight.CacheModeOfRequest {
		p.setCacheHeaders(o)
	}
	return o
}

// A preflightAnswer is what a server says it allows.
type preflightAnswer struct {
	methods, headers []string
	valid            bool // the response passed as far as the lists, and they could be read
}

// readPreflight decides whether res allows the request. Its checks come in the
// standard's order.
func (p *fetchParams) readPreflight(res *response, unsafe []string) (preflightAnswer, refusal) {
	r := &p.request
	var answer preflightAnswer
	// Note: a redirect is told as such, whatever else is wrong with it.
	if isRedirect(res) {
		return answer, checkPreflightStatus(res)
	}
	// 7. The CORS check, with the request's own credentials mode, and the
	// status. The text has them in one condition: the order decides only which
	// of the two is told.
	var why refusal
	if !p.profile.Preflight.HomeUnchecked || r.currentURLOrigin != r.origin {
		why = corsCheck(p.preflightOrigin(), r.credentials, res.header)
		why.reason = why.reason.onPreflight()
	}
	if status := checkPreflightStatus(res); why.reason == "" || status.reason != "" && p.profile.Preflight.StatusFirst {
		why = status
	}
	if why.reason != "" {
		return answer, why
	}
	// 7.3, 7.4. Both lists have to be lists, needed or not.
	var ok bool
	if answer.methods, ok = safelist.ExtractTokens(res.header[headerAllowMethods]); !ok {
		return answer, unreadableList(ErrInvalidAllowMethodsPreflightResponse, headerAllowMethods, res, "methods")
	}
	if answer.headers, ok = safelist.ExtractTokens(res.header[headerAllowHeaders]); !ok {
		return answer, unreadableList(ErrInvalidAllowHeadersPreflightResponse, headerAllowHeaders, res, "header names")
	}
	answer.valid = true
	// 7.6. What forced the preflight needs no listing by a server that does
	// not know of it.
	if answer.methods == nil && r.useCORSPreflight {
		answer.methods = []string{r.method}
	}
	if why = p.checkMethod(answer.methods, res); why.reason != "" {
		return answer, why
	}
	return answer, p.checkHeaders(answer.headers, unsafe, res)
}

// checkPreflightStatus: only an ok status allows anything, and a redirect never
// leads on.
func checkPreflightStatus(res *response) refusal {
	switch {
	case safelist.IsOKStatus(res.status):
		return refusal{}
	case isRedirect(res):
		return refusal{reason: ErrPreflightDisallowedRedirect, got: "a redirect, status " + strconv.Itoa(res.status), want: "status 200 to 299"}
	}
	return refusal{reason: ErrPreflightInvalidStatus, got: "status " + strconv.Itoa(res.status), want: "200 to 299"}
}

// isRedirect reports whether res would lead elsewhere.
func isRedirect(res *response) bool {
	return safelist.IsRedirectStatus(res.status) && len(res.header["Location"]) > 0
}

// unreadableList returns the refusal for a header that is no list of what.
func unreadableList(reason Reason, header string, res *response, what string) refusal {
	got, _ := safelist.Get(res.header[header])
	return refusal{reason: reason, header: header, got: got, want: "a list of " + what + " separated by commas", refused: firstUnreadable(got)}
}

// firstUnreadable returns the first member of a list that is no token.
func firstUnreadable(list string) string {
	for member := range strings.SplitSeq(list, ",") {
		if member = strings.Trim(member, " \t"); member != "" && !safelist.IsToken(member) {
			return member
		}
	}
	return ""
}

// checkMethod: a method that is not safelisted must be listed, byte for byte,
// or covered by "*", which credentials take the meaning from.
func (p *fetchParams) checkMethod(methods []string, res *response) refusal {
	r := &p.request
	if safelist.IsSafelistedMethod(r.method) || slices.Contains(methods, r.method) {
		return refusal{}
	}
	want := `it to list "` + r.method + `"`
	if r.credentials != CredentialsInclude {
		if slices.Contains(methods, "*") {
			return refusal{}
		}
		want += ` or "*"`
	}
	got, ok := safelist.Get(res.header[headerAllowMethods])
	return refusal{reason: ErrMethodDisallowedByPreflightResponse, header: headerAllowMethods, got: got, want: want, absent: !ok, refused: r.method}
}

// checkHeaders: each unsafe name must be listed, in any case, or covered by
// "*", which never covers Authorization, nor anything if credentials are
// included.
//
// Deviation (of browsers): with WildcardCoversAuthorization it does cover it.
func (p *fetchParams) checkHeaders(allowed, unsafe []string, res *response) refusal {
	wildcard := p.request.credentials != CredentialsInclude && slices.Contains(allowed, "*")
	listed := nameSet(allowed)
	for _, name := range unsafe {
		if _, ok := listed[name]; ok {
			continue
		}
		covered := wildcard && (p.profile.Preflight.WildcardCoversAuthorization || !safelist.IsNonWildcardRequestHeaderName(name))
		if covered {
			continue
		}
		got, ok := safelist.Get(res.header[headerAllowHeaders])
		want := `it to list "` + name + `"`
		if p.request.credentials != CredentialsInclude && !safelist.IsNonWildcardRequestHeaderName(name) {
			want += ` or "*"`
		}
		return refusal{reason: ErrHeaderDisallowedByPreflightResponse, header: headerAllowHeaders, got: got, want: want, absent: !ok, refused: name}
	}
	return refusal{}
}

// nameSet returns names in lower case, as a set: a server may list thousands.
func nameSet(names []string) map[string]struct{} {
	set := make(map[string]struct{}, len(names))
	for _, name := range names {
		set[strings.ToLower(name)] = struct{}{}
	}
	return set
}

// maxAge returns how long an answer with these Access-Control-Max-Age values
// is good for; ok is false if it must not be cached.
func (p *Profile) maxAge(values []string) (d time.Duration, ok bool) {
	seconds, ok := int64(0), false
	switch p.PreflightCache.MaxAge {
	case MaxAgeDigits:
		seconds, ok = safelist.ExtractDeltaSeconds(values)
	case MaxAgeInteger:
		value, _ := safelist.Get(values)
		n, err := strconv.ParseInt(value, 10, 64)
		seconds, ok = max(n, 0), err == nil
	case MaxAgeStrict:
		value, _ := safelist.Get(values)
		if value == "" {
			break
		}
		if seconds, ok = safelist.ExtractDeltaSeconds([]string{value}); !ok || seconds == 0 {
			return 0, false
		}
	}
	d = preflightcache.DefaultMaxAge
	if ok {
		d = time.Duration(min(seconds, int64(math.MaxInt64/time.Second))) * time.Second
	}
	if p.PreflightCache.MaxAgeCap > 0 {
		d = min(d, p.PreflightCache.MaxAgeCap)
	}
	return d, true
}
