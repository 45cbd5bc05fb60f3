package main

import (
	"net/http"

	"github.com/corsfetch/corsfetch/fetch"
)

// A moment is one lesson of the demo.
type moment struct {
	title string
	steps []step
}

// A step is one fetch of a moment.
type step struct {
	did    string // what the developer did before
	policy answers
	call   call
	want   outcome
}

// An outcome is how a step has to go. The zero value of a field makes no
// demand.
type outcome struct {
	verdict verdict
	reason  fetch.Reason
	cached  bool   // a preflight is answered from the cache
	visible string // a header that the script sees
	hidden  string // and one that it does not
	origin  string // the Origin that the last request carried
}

// story is the seven moments in the shop s.
func story(s *shop) []moment {
	orders := call{URL: s.api + "/orders"}
	change := call{
		URL: s.api + "/orders/7", Method: http.MethodPut, HasBody: true, Body: `{"pieces":2}`,
		Header: http.Header{"Content-Type": {"application/json"}},
	}
	withCookie := orders
	withCookie.Init.Credentials = fetch.CredentialsInclude
	invoice := call{URL: s.api + "/orders/7/invoice"}

	allowShop := http.Header{headerAllowOrigin: {s.page}, "Vary": {"Origin"}}
	allowPut := http.Header{
		headerAllowOrigin: {s.page}, "Vary": {"Origin"}, headerAllowMethods: {"GET, PUT"}, headerAllowHeaders: {"content-type"},
		"Access-Control-Max-Age": {"600"},
	}
	exposeCount := http.Header{headerAllowOrigin: {s.page}, "Vary": {"Origin"}, "Access-Control-Expose-Headers": {"X-Total-Count"}}
	allowAll := http.Header{headerAllowOrigin: {"*"}}

	return []moment{
		{"No CORS headers", []step{{
			did:  "The orders API answers curl, so the developer lets the shop's page ask for the orders.",
			call: orders,
			want: outcome{verdict: blocked, reason: fetch.ErrMissingAllowOriginHeader},
		}}},
		{"The fix", []step{{
			did:    "The API now names the shop's origin in Access-Control-Allow-Origin.",
			policy: answers{api: allowShop},
			call:   orders,
			want:   outcome{verdict: allowed},
		}}},
		{"A PUT with JSON", []step{{
			did:    "The page changes an order; no form could send that, so the browser asks first, and the API says yes.",
			policy: answers{api: allowPut},
			call:   change,
			want:   outcome{verdict: allowed},
		}}},
		{"The same PUT again", []step{{
			did:    "The customer clicks twice; the answer is good for 600 seconds, so nobody is asked again.",
			policy: answers{api: allowPut},
			call:   change,
			want:   outcome{verdict: allowed, cached: true},
		}}},
		{"Credentials against *", []step{{
			did:    "To be done with CORS, the developer allows *, and then the page sends its session cookie along.",
			policy: answers{api: allowAll},
			call:   withCookie,
			want:   outcome{verdict: blocked, reason: fetch.ErrWildcardOriginNotAllowed},
		}}},
		{"A header that stays hidden", []step{{
			did:    "The API counts the orders in X-Total-Count, but headers.get() in the page returns null.",
			policy: answers{api: allowShop},
			call:   orders,
			want:   outcome{verdict: allowed, hidden: "X-Total-Count"},
		}, {
			did:    "The API lists the header in Access-Control-Expose-Headers.",
			policy: answers{api: exposeCount},
			call:   orders,
			want:   outcome{verdict: allowed, visible: "X-Total-Count"},
		}}},
		{"A redirect that makes the Origin null", []step{{
			did:    "Invoices moved to a storage that allows the shop's origin as the API does; the API redirects there.",
			policy: answers{api: allowShop, files: allowShop},
			call:   invoice,
			want:   outcome{verdict: blocked, reason: fetch.ErrAllowOriginMismatch, origin: "null"},
		}, {
			did:    "No list can hold null safely; these files need no cookie, so the storage allows *.",
			policy: answers{api: allowShop, files: allowAll},
			call:   invoice,
			want:   outcome{verdict: allowed, origin: "null"},
		}}},
	}
}

// miss says what of r is not as w wants it, or "".
func (w outcome) miss(r report) string {
	if r.Verdict != w.verdict {
		return "the verdict is " + string(r.Verdict) + ", not " + string(w.verdict)
	}
	if r.Reason != string(w.reason) {
		return "the reason is " + r.Reason + ", not " + string(w.reason)
	}
	cached, origin := false, ""
	for _, x := range r.Exchanges {
		cached = cached || x.FromCache
		origin = x.Request.Get("Origin")
	}
	switch {
	case cached != w.cached && w.cached:
		return "no preflight was answered from the cache"
	case cached != w.cached:
		return "a preflight was answered from the cache"
	case w.origin != "" && origin != w.origin:
		return "the Origin is " + origin + ", not " + w.origin
	case w.visible != "" && r.Response.Headers[w.visible] == "":
		return "the script does not see " + w.visible
	case w.hidden != "" && r.Response.Headers[w.hidden] != "":
		return "the script sees " + w.hidden
	}
	return ""
}
