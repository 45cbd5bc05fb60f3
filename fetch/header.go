package fetch

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// fillHeader holds the developer's headers against the request's guard: names
// and values must be valid, headers that the guard does not take are dropped.
//
// https://fetch.spec.whatwg.org/#concept-headers-fill
func (p *fetchParams) fillHeader() *Error {
	r := &p.request
	clean := true
	for name, values := range r.header {
		if !p.keepsAsIs(name, values) {
			clean = false
			break
		}
		r.note(name, values)
	}
	// Optimization: most headers can be used as they are.
	if clean {
		return nil
	}
	kept := make(http.Header, len(r.header))
	// Note: in order, for names that differ in their case are one header.
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		switch name {
		case jsFetchMode, jsFetchCredentials, jsFetchRedirect:
			continue
		}
		for _, value := range r.header[name] {
			value = safelist.NormalizeHeaderValue(value)
			if !safelist.IsHeaderName(name) {
				return &Error{Reason: ErrInvalidHeaderName, Stage: StageRequest, Got: name, Want: "a token"}
			}
			if !safelist.IsHeaderValue(value) {
				return &Error{Reason: ErrInvalidHeaderValue, Stage: StageRequest, Header: name, Got: value, Want: "no NUL, CR or LF"}
			}
			key := http.CanonicalHeaderKey(name)
			if p.dropsHeader(name, value, kept[key]) {
				p.trace.headerDropped(name, value)
				continue
			}
			kept[key] = append(kept[key], value)
		}
	}
	r.header, r.conditional, r.repeated = kept, false, false
	for name, values := range kept {
		r.note(name, values)
	}
	return nil
}

// note keeps in mind what later steps ask of the header list as a whole.
func (r *request) note(name string, values []string) {
	r.conditional = r.conditional || isConditional(name)
	r.repeated = r.repeated || len(values) > 1
}

// keepsAsIs reports whether a name and its values are valid, canonical, and
// nothing of them is dropped.
func (p *fetchParams) keepsAsIs(name string, values []string) bool {
	if http.CanonicalHeaderKey(name) != name || !safelist.IsHeaderName(name) {
		return false
	}
	for i, value := range values {
		if safelist.NormalizeHeaderValue(value) != value || !safelist.IsHeaderValue(value) || p.dropsHeader(name, value, values[:i]) {
			return false
		}
	}
	return len(values) > 0
}

// dropsHeader reports whether the guard "request" or "request-no-cors" keeps a
// header out that would join the values before it. What no script has made has
// no guard.
//
// https://fetch.spec.whatwg.org/#concept-headers-append
func (p *fetchParams) dropsHeader(name, value string, before []string) bool {
	if !p.request.initiator.guardsHeader() {
		return false
	}
	if safelist.IsForbiddenRequestHeader(name, value) {
		return true
	}
	if p.profile.Request.OverrideUnquoted {
		for member := range strings.SplitSeq(value, ",") {
			if safelist.IsForbiddenRequestHeader(name, member) {
				return true
			}
		}
	}
	if p.profile.Request.IgnoresUserAgent && strings.EqualFold(name, "User-Agent") {
		return true
	}
	if p.request.mode != ModeNoCORS {
		return false
	}
	if joined, ok := safelist.Get(before); ok {
		value = joined + ", " + value
	}
	return !p.profile.Safelist.IsNoCORSSafelistedRequestHeader(name, value)
}
