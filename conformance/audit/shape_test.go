package audit_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// lets has h allow an origin what most clients need, with credentials.
func lets(h http.Header, origin string) {
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, PUT")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Authorization")
}

// site answers the pages that trusts has on its list, and those with headers, as
// "Name: value", on what is no preflight.
func site(trusts func(origin string) bool, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Vary", "Origin")
		if o := r.Header.Get("Origin"); trusts(o) {
			lets(h, o)
		}
		if r.Method == http.MethodOptions {
			return
		}
		for _, name := range []string{"Access-Control-Allow-Methods", "Access-Control-Allow-Headers"} {
			h.Del(name)
		}
		for _, line := range headers {
			name, value, _ := strings.Cut(line, ": ")
			h.Set(name, value)
		}
		_, _ = io.WriteString(w, "hello "+r.Header.Get("Cookie")) // whoever hangs up has what he wanted
	}
}

// forAll answers all pages alike, with headers as "Name: value".
func forAll(headers ...string) http.HandlerFunc {
	return site(func(string) bool { return false }, append([]string{"Access-Control-Allow-Origin: *", "Vary: Accept"}, headers...)...)
}

func isApp(origin string) bool { return origin == app }

// withPreflight is h whose preflights have one more header.
func withPreflight(h http.Handler, name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			defer w.Header().Set(name, value)
		}
		h.ServeHTTP(w, r)
	}
}

// when is special for the requests that it is for, and usual for all others.
func when(is func(*http.Request) bool, special, usual http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if is(r) {
			special.ServeHTTP(w, r)
			return
		}
		usual.ServeHTTP(w, r)
	}
}

// only answers with nothing but a status.
func only(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range headers {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(code)
	}
}

// foundBetween are the findings from one id to another of a server at api, as "F64 broken".
func foundBetween(t *testing.T, s policy.Subject, o audit.Options, from, to string) []string {
	t.Helper()
	all := []string{}
	for _, f := range run(t, s, o).Findings {
		if f.ID >= from && f.ID <= to {
			all = append(all, f.ID+" "+string(f.Severity))
		}
	}
	slices.Sort(all)
	return all
}

// TestUse: what those meet with who may use a resource, and those who may not; and
// what is no mistake.
func TestUse(t *testing.T) {
	hasOrigin := func(r *http.Request) bool { return r.Header.Get("Origin") != "" }
	declared, undeclared := []string{app}, []string{}
	none := []string{}
	for _, test := range []struct {
		name    string
		trusted []string
		server  http.Handler
		want    []string
	}{
		// Who has done nothing.
		{"no CORS", undeclared, site(func(string) bool { return false }), none},
		{"files for all", undeclared, forAll(`ETag: "1"`, "Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT", "X-Request-Id: 1", "Timing-Allow-Origin: *"), none},
		{"nothing there", declared, only(404), none},
		{"nothing there, for all to read", undeclared, only(404, "Access-Control-Allow-Origin: *"), none},
		{"the server is ill", declared, only(500), none},
		{"led elsewhere", declared, only(302, "Location: https://elsewhere.example/"), none},
		{"as it should be", declared, site(isApp), none},

		// F64: what is hidden.
		{"the next page", declared, site(isApp, `Link: </orders?page=2>; rel="next"`), []string{"F64 broken"}},
		{"a style sheet", declared, site(isApp, `Link: </style.css>; rel=preload`), none},
		{"the next page, exposed", declared, site(isApp, `Link: </orders?page=2>; rel="next"`, "Access-Control-Expose-Headers: link"), none},
		{"a name for a file", declared, site(isApp, `Content-Disposition: attachment; filename="a.pdf"`), []string{"F64 broken"}},
		{"no name for a file", declared, site(isApp, `Content-Disposition: inline`), none},
		{"what is left of a limit", declared, site(isApp, "RateLimit-Remaining: 1"), []string{"F64 broken"}},
		{"a challenge for scripts", declared, site(isApp, `WWW-Authenticate: Bearer error="insufficient_scope"`), []string{"F64 broken"}},
		{"a challenge for browsers", declared, site(isApp, `WWW-Authenticate: Basic realm="a"`), none},
		{"a list that is none", declared, site(isApp, "X-Total-Count: 1", "Access-Control-Expose-Headers: X-Total-Count X-Other"), none},
		{"a * that is a name", declared, site(isApp, "X-Total-Count: 1", "Access-Control-Expose-Headers: *"), none},
		{"an ETag that no page may send", declared, site(isApp, `ETag: "1"`), none},
		{"an ETag that pages may send", declared, withPreflight(site(isApp, `ETag: "1"`), "Access-Control-Allow-Headers", "If-Match"), []string{"F64 broken"}},
		{"of nobody in particular", undeclared, forAll("X-Total-Count: 1"), []string{"F64 info"}},

		// F65: what is shown.
		{"a length, for old browsers", declared, site(isApp, "Access-Control-Expose-Headers: Content-Length"), none},
		{"a type", declared, site(isApp, "Access-Control-Expose-Headers: content-type"), []string{"F65 info"}},
		{"a request's header", declared, site(isApp, "Access-Control-Expose-Headers: Origin, Accept"), []string{"F65 info"}},
		{"a token, to all", undeclared, forAll("X-Csrf-Token: t", "Access-Control-Expose-Headers: X-Csrf-Token"), []string{"F65 medium"}},
		{"a token, to the app", declared, site(isApp, "X-Csrf-Token: t", "Access-Control-Expose-Headers: X-Csrf-Token"), none},

		// F66: what is in the wrong place.
		{"an age", declared, site(isApp, "Access-Control-Max-Age: 600"), []string{"F66 info"}},
		{"a request's headers", declared, site(isApp, "Access-Control-Request-Method: GET"), []string{"F66 info"}},
		{"a list, on the preflight", declared, withPreflight(site(isApp), "Access-Control-Expose-Headers", "X-Total-Count"), []string{"F66 info"}},
		{"a list, on the preflight, that is needed", declared, withPreflight(site(isApp, "X-Total-Count: 1"), "Access-Control-Expose-Headers", "X-Total-Count"), []string{"F64 broken"}},

		// F67: other ways.
		{"HEAD alone is refused", declared, when(func(r *http.Request) bool { return r.Method == http.MethodHead }, site(func(string) bool { return false }), site(isApp)), []string{"F67 medium"}},
		{"there is no HEAD", declared, when(func(r *http.Request) bool { return r.Method == http.MethodHead }, only(405), site(isApp)), none},
		{"a query lets all read", declared, when(func(r *http.Request) bool { return r.URL.RawQuery != "" }, forAll(), site(isApp)), []string{"F67 medium"}},
		{"a slash leads back", declared, when(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/") }, only(301, "Location: /orders"), site(isApp)), none},
		{"a slash has something else", declared, when(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/") }, only(200, "Access-Control-Allow-Origin: *"), site(isApp)), none},

		// F69, F76: who is refused.
		{"whoever says Origin is refused", undeclared, when(hasOrigin, only(403), site(isApp)), []string{"F69 broken", "F76 low"}},
		{"strangers are refused by what the browser says of them", declared,
			when(func(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Site") == "cross-site" }, only(403), site(isApp)), none},
		{"strangers ask too often", declared, when(func(r *http.Request) bool { return hasOrigin(r) && r.Header.Get("Origin") != app }, only(429), site(isApp)), none},
		{"strangers have no cookie", declared, when(func(r *http.Request) bool { return r.Header.Get("Cookie") == "" }, only(401), site(isApp)), none},

		// F70, F71: who is not recognized.
		{"no CORS, and a page that is meant", declared, site(func(string) bool { return false }), []string{"F70 broken"}},
		{"its name in capitals", declared, site(func(o string) bool { return o == "https://App.example.com" }), []string{"F70 broken"}},
		{"its port is there", declared, site(func(o string) bool { return o == app+":443" }), []string{"F70 broken"}},
		{"in preflights alone", declared, when(isOPTIONS, site(isApp), only(200)), []string{"F70 broken"}},
		{"one of two", []string{app, cdn}, site(isApp), []string{"F70 broken"}},
		{"another port of the host", []string{api + ":8443"}, site(isApp), []string{"F71 broken"}},
		{"another port of the host, and it is there", []string{api + ":8443"}, site(func(o string) bool { return o == api+":8443" }), none},

		// F72: no origins.
		{"anything with the name at the end", declared, site(func(o string) bool { return o == app || strings.HasSuffix(o, ","+app) }), []string{"F72 info"}},
		{"the end of a line", declared, unescaping(site(isApp)), []string{"F72 high"}},

		// F73, F74: leftovers.
		{"into the private network, for the app", declared, when(func(r *http.Request) bool { return r.Header.Get("Origin") == app }, withPreflight(site(isApp), "Access-Control-Allow-Private-Network", "true"), site(isApp)), none},
		{"into the private network, for all", declared, withPreflight(site(isApp), "Access-Control-Allow-Private-Network", "true"), []string{"F73 low"}},
		{"timings, for all", declared, site(isApp, "Timing-Allow-Origin: https://a.example, *"), []string{"F74 info"}},
		{"timings, for another", declared, site(isApp, "Timing-Allow-Origin: https://a.example"), none},
		{"timings, where nobody reads", undeclared, site(func(string) bool { return false }, "Timing-Allow-Origin: *"), none},
	} {
		s := policy.Subject{
			Web: fetchtest.New(fetchtest.Servers{api: test.server, api + ":8443": only(204)}), Request: fetchtest.Request{URL: api + "/orders"}, Trusted: test.trusted,
			Login: func(w *fetchtest.Web) { w.SetCookie(api, "sid=s-1; Secure; SameSite=Lax") },
		}
		if diff := cmp.Diff(test.want, foundBetween(t, s, audit.Options{}, "F64", "F76")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// unescaping is h before which something has decoded Origin and repeated it in a
// header of its own.
func unescaping(h http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if decoded, err := url.PathUnescape(r.Header.Get("Origin")); err == nil {
			_, lines, _ := strings.Cut(decoded, "\r\n")
			if name, value, ok := strings.Cut(lines, ": "); ok {
				w.Header().Set(name, value)
			}
		}
		h.ServeHTTP(w, r)
	}
}

// TestUnrecognizedSays: why a page is not recognized, as far as that can be seen.
func TestUnrecognizedSays(t *testing.T) {
	for _, test := range []struct {
		name       string
		server     http.Handler
		fix        string
		confidence audit.Confidence
	}{
		{"nothing to see", only(200), "Have the list of origins say " + app, audit.Likely},
		{"in capitals", site(func(o string) bool { return o == "https://APP.EXAMPLE.COM" }), "The list has https://APP.EXAMPLE.COM. Write " + app, audit.Proven},
		{"a slash", site(func(o string) bool { return o == app+"/" }), "The list has " + app + "/. Write " + app, audit.Proven},
		{"in preflights alone", when(isOPTIONS, site(isApp), only(200)), "Have what answers preflights go by the same list", audit.Likely},
	} {
		s := policy.Subject{Web: fetchtest.New(fetchtest.Servers{api: test.server}), Request: fetchtest.Request{URL: api + "/orders"}, Trusted: []string{app}}
		findings := run(t, s, audit.Options{}).Findings
		i := slices.IndexFunc(findings, func(f audit.Finding) bool { return f.ID == "F70" })
		if i < 0 {
			t.Errorf("%s: F70 is not found", test.name)
		} else if f := findings[i]; !strings.HasPrefix(f.Fix, test.fix) || f.Confidence != test.confidence {
			t.Errorf("%s: %s, %q; want %s, %q", test.name, f.Confidence, f.Fix, test.confidence, test.fix)
		}
	}
}

// TestTokenIsNoOrigin: a page without the app's token is refused for that, and not
// for its Origin.
func TestTokenIsNoOrigin(t *testing.T) {
	server := when(func(r *http.Request) bool {
		return r.Method != http.MethodOptions && r.Header.Get("Authorization") == ""
	}, only(401), site(isApp))
	s := subject(fetchtest.Servers{api: withPreflight(server, "Access-Control-Allow-Headers", "authorization, x-key")})
	if diff := cmp.Diff([]string{}, foundBetween(t, s, audit.Options{}, "F64", "F76")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOwnPost: with leave to write, the own page's POST is tried itself.
func TestOwnPost(t *testing.T) {
	isPost := func(r *http.Request) bool { return r.Method == http.MethodPost }
	for _, test := range []struct {
		name   string
		server http.Handler
		want   []string
	}{
		{"its own Origin is refused", when(func(r *http.Request) bool { return isPost(r) && r.Header.Get("Origin") != "" }, only(403), site(isApp)), []string{"F69 broken"}},
		{"its token is missed", when(isPost, only(403), site(isApp)), []string{}},
		{"all is well", site(isApp), []string{}},
	} {
		s := policy.Subject{Web: fetchtest.New(fetchtest.Servers{api: test.server}), Request: fetchtest.Request{URL: api + "/orders"}, Trusted: []string{app}}
		if diff := cmp.Diff(test.want, foundBetween(t, s, audit.Options{Writes: true}, "F64", "F76")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestMixedContent: a page by https cannot ask what is by http, unless that is the
// user's own machine.
func TestMixedContent(t *testing.T) {
	for _, test := range []struct {
		server, page string
		want         []string
	}{
		{"http://api.example.com", "https://app.example.com", []string{"F75 broken"}},
		{"http://192.168.0.2", "https://app.example.com", []string{"F75 broken"}},
		{"http://api.example.com", "http://app.example.com", []string{}},
		{"http://localhost:8000", "https://app.example.com", []string{}},
		{"https://api.example.com", "http://app.example.com", []string{}},
	} {
		trusts := func(o string) bool { return o == test.page }
		s := policy.Subject{Web: fetchtest.New(fetchtest.Servers{test.server: site(trusts)}), Request: fetchtest.Request{URL: test.server + "/orders"}, Trusted: []string{test.page}}
		if diff := cmp.Diff(test.want, foundBetween(t, s, audit.Options{}, "F64", "F76")); diff != "" {
			t.Errorf("%s from %s (-want +got):\n%s", test.server, test.page, diff)
		}
	}
}

// TestCanary: what is at the canary counts only if it comes from there, to all.
func TestCanary(t *testing.T) {
	const token = "kqzvhxjwpyrm"
	there := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, token) }
	asks := func(r *http.Request) bool { return strings.Contains(r.URL.String(), "canary.example.org") }
	for _, test := range []struct {
		name   string
		server http.Handler
		canary string
		want   []string
	}{
		{"nobody has asked", when(asks, fetching(there), forAll()), "", []string{}},
		{"it fetches", when(asks, fetching(there), forAll()), "https://canary.example.org/t", []string{"F68 high"}},
		{"it fetches, not for all", when(asks, http.HandlerFunc(there), site(isApp)), "https://canary.example.org/t", []string{}},
		{"it repeats the URL", when(asks, fetching(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.String()) }), forAll()), "https://canary.example.org/" + token, []string{}},
		{"it has the same anyway", fetching(there), "https://canary.example.org/t", []string{}},
		{"there is no canary", when(asks, fetching(there), forAll()), "https://other.example.org/canary.example.org", []string{}},
	} {
		s := policy.Subject{
			Web:     fetchtest.New(fetchtest.Servers{api: test.server, "https://canary.example.org": http.HandlerFunc(there)}),
			Request: fetchtest.Request{URL: api + "/preview?url=https://images.example.net/logo"},
		}
		if diff := cmp.Diff(test.want, foundBetween(t, s, audit.Options{Canary: test.canary}, "F68", "F68")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// fetching answers all pages alike, with what another server has.
func fetching(there http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		there(w, r)
	}
}
