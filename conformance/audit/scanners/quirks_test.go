package scanners

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A server answers in memory, and notes who has asked.
type server struct {
	handler http.HandlerFunc
	asked   []string // Origins, in order
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, r.Header.Get("Origin"))
	w := httptest.NewRecorder()
	s.handler(w, r)
	return w.Result(), nil
}

// allows is a handler that allows origins, with credentials.
func allows(trusts func(origin string) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if o := r.Header.Get("Origin"); trusts(o) {
			w.Header().Set(allowOrigin, o)
			w.Header().Set(allowCredentials, "true")
		}
	}
}

// says is a handler that has those headers in all its answers.
func says(pairs ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Add(pairs[i], pairs[i+1])
		}
	}
}

// without is a handler's answers without credentials.
func without(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h(w, r)
		w.Header().Del(allowCredentials)
	}
}

// failing is a handler's answers as errors.
func failing(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h(w, r)
		w.WriteHeader(http.StatusNotFound)
	}
}

func all(string) bool { return true }

func only(origins ...string) func(string) bool {
	return func(o string) bool { return slices.Contains(origins, o) }
}

// withLiteral trusts origins that have the text in them, and the target's own.
func withLiteral(text string) func(string) bool {
	return func(o string) bool { return o == "https://api.example.com" || strings.Contains(o, text) }
}

// TestQuirks: each tool sees, and does not see, what it is known to.
func TestQuirks(t *testing.T) {
	const api = "https://api.example.com/orders?a=b"
	for _, tt := range []struct {
		rule    string
		scanner *scanner
		url     string
		handler http.HandlerFunc
		want    []string // checks and severities
		sent    int      // requests
	}{
		{"ends with the first hit", &corscanner, api, allows(all), []string{"reflect_origin credentials: true"}, 1},
		{"tells credentials apart", &corscanner, api, without(allows(all)), []string{"reflect_origin credentials: false"}, 1},
		{"finds nothing where nothing is", &corscanner, api, says(), nil, 37},
		{"does not ask for http: of a target without TLS", &corscanner, "http://api.example.com/", says(), nil, 36},
		{"compares without the port", &corscanner, api, says(allowOrigin, "https://evil.com:8443"), []string{"reflect_origin credentials: false"}, 1},
		{"compares in any case", &corscanner, api, says(allowOrigin, "HTTPS://EVIL.com"), []string{"reflect_origin credentials: false"}, 1},
		{"does not take the wildcard for an origin", &corscanner, api, says(allowOrigin, "*", allowCredentials, "true"), nil, 37},
		{"does not see through two values", &corscanner, api, says(allowOrigin, "https://evil.com", allowOrigin, "https://evil.com"), nil, 37},
		{"cuts the first letter", &corscanner, api, allows(only("https://xample.com")), []string{"include_match credentials: true"}, 5},
		{"does not cut the last", &corscanner, api, allows(only("https://example.co")), nil, 37},
		{"replaces the last dot", &corscanner, api, allows(only("https://api.exampleacom")), []string{"not_escape_dot credentials: true"}, 6},
		{"and no other", &corscanner, api, allows(only("https://apiaexample.com")), nil, 37},
		{"sends what no browser does", &corscanner, api, allows(withLiteral("%60")), []string{"special_characters_bypass credentials: true"}, 20},
		{"hears errors", &corscanner, api, failing(allows(all)), []string{"reflect_origin credentials: true"}, 1},

		{"gives up if the target's own origin gets nothing", &corsy, api, allows(only("https://example.org", "null")), nil, 1},
		{"takes anything for a yes to its own origin", &corsy, api, says(allowOrigin, "https://cdn.example"), []string{"third party allowed medium"}, 9},
		{"ends with the first hit", &corsy, api, allows(all), []string{"origin reflected high"}, 2},
		{"does not look at credentials", &corsy, api, without(allows(all)), []string{"origin reflected high"}, 2},
		{"asks about a dot if there are two", &corsy, "https://example.com/", says(allowOrigin, "*"), []string{"wildcard value low"}, 8},
		{"replaces the first dot", &corsy, api, allows(only("https://api.example.com", "https://apixexample.com")), []string{"unescaped regex high"}, 8},
		{"takes its own origin without TLS for a hit", &corsy, "http://api.example.com/", allows(only("http://api.example.com")), []string{"http origin allowed low"}, 9},
		{"wants a backtick that it has not sent", &corsy, api, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(allowOrigin, strings.ReplaceAll(r.Header.Get("Origin"), "https://api.example.com%60", "https://api.example.com`"))
			if w.Header().Get(allowOrigin) == r.Header.Get("Origin") && r.Header.Get("Origin") != "https://api.example.com" {
				w.Header().Del(allowOrigin)
			}
		}, []string{"broken parser high"}, 7},
		{"does not take the reflected %60 for a hit", &corsy, api, allows(withLiteral("%60")), nil, 9},

		{"leaves the query out", &corsy, api, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "" {
				allows(all)(w, r)
			}
		}, nil, 1},

		{"gives up without credentials", &corstest, api, without(allows(all)), nil, 1},
		{"gives up if the target's own origin may not", &corstest, api, allows(only("https://evil.org")), nil, 1},
		{"tells of Vary all the same", &corstest, api, says("Vary", "Accept, Origin"), []string{"Access-Control-Allow-Origin dynamically generated warning"}, 1},
		{"takes credentials in any case", &corstest, api, says(allowOrigin, "*", allowCredentials, "TRUE"), []string{"* (without credentials) info"}, 1},
		{"sees several values", &corstest, api, says(allowOrigin, "https://a.example", allowOrigin, "https://b.example", allowCredentials, "true"),
			[]string{"Access-Control-Allow-Credentials present alert", "Multiple values invalid"}, 1},
		{"sees a partial wildcard", &corstest, api, says(allowOrigin, "https://*.example.com", allowCredentials, "true"),
			[]string{"Access-Control-Allow-Credentials present alert", "Wrong use of wildcard invalid"}, 1},
		{"reflection", &corstest, api, allows(all), []string{"Access-Control-Allow-Credentials present alert", "Origin reflection alert"}, 2},
		{"http: counts without HSTS", &corstest, api, allows(only("https://api.example.com", "http://api.example.com")),
			[]string{"Access-Control-Allow-Credentials present alert", "Non-ssl site allowed warning"}, 3},
		{"and not with it", &corstest, api, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Strict-Transport-Security", "max-age=600")
			allows(only("https://api.example.com", "http://api.example.com"))(w, r)
		}, []string{"Access-Control-Allow-Credentials present alert", "Access-Control-Allow-Origin info"}, 7},
		{"a host below a site is less", &corstest, api, allows(withLiteral("not")),
			[]string{"Access-Control-Allow-Credentials present alert", "Pre-subdomain wildcard warning"}, 5},
		{"than a site", &corstest, "https://example.com/", allows(only("https://example.com", "https://notexample.com")),
			[]string{"Access-Control-Allow-Credentials present alert", "Pre-domain wildcard alert"}, 5},
		{"does not hear errors", &corstest, api, failing(allows(all)), nil, 1},

		{"stops at the first match", &nuclei, api, allows(all), []string{"arbitrary-origin info"}, 1},
		{"sends 29", &nuclei, api, says(), nil, 29},
		{"wants credentials", &nuclei, api, without(allows(all)), nil, 29},
		{"takes what begins with its origin", &nuclei, api, says(allowOrigin, "https://api.example.com.qzkvx.com.au", allowCredentials, "true"),
			[]string{"arbitrary-origin info"}, 4},
		{"takes one of two values", &nuclei, api, says(allowOrigin, "*", allowOrigin, "null", allowCredentials, "true"), []string{"arbitrary-origin info"}, 25},
		{"replaces all dots at once", &nuclei, api, allows(only("https://apiaexample.com", "https://api.exampleacom")), nil, 29},

		{"ends at any value", &zapActive, api, says(allowOrigin, "https://cdn.example"), []string{"CORS Header info"}, 1},
		{"so that null is not tried", &zapActive, api, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(allowOrigin, "https://cdn.example")
			if r.Header.Get("Origin") == "null" {
				w.Header().Set(allowOrigin, "null")
			}
		}, []string{"CORS Header info"}, 1},
		{"is medium without credentials", &zapActive, api, without(allows(all)), []string{"CORS Misconfiguration medium"}, 1},
		{"takes false for true", &zapActive, api, says(allowOrigin, "null", allowCredentials, "false"), []string{"CORS Misconfiguration: null high"}, 1},
		{"does not know its label in lower case", &zapActive, api, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(allowOrigin, strings.ToLower(r.Header.Get("Origin")))
		}, []string{"CORS Header info"}, 1},
		{"the wildcard is medium, whatever is said of credentials", &zapActive, api, says(allowOrigin, "*", allowCredentials, "true"),
			[]string{"CORS Misconfiguration: * medium"}, 1},
		{"reaches its own origin", &zapActive, api, allows(only("https://api.example.com")), []string{"CORS Header info"}, 7},
		{"asks once without Origin where there is no TLS", &zapActive, "http://api.example.com/", says(), nil, 7},

		{"sees the wildcard", &zapPassive, api, says(allowOrigin, "*"), []string{"Cross-Domain Misconfiguration medium"}, 1},
		{"sends no Origin", &zapPassive, api, allows(func(o string) bool { return o != "" }), nil, 1},

		{"reflection with credentials is high", &burp, api, allows(all), []string{"remark: Vary: Origin missing remark", "arbitrary origin trusted high"}, 1},
		{"without it is information", &burp, api, without(allows(all)), []string{"remark: Vary: Origin missing remark", "arbitrary origin trusted info"}, 1},
		{"so is the wildcard", &burp, api, says(allowOrigin, "*"), []string{"arbitrary origin trusted info"}, 1},
		{"does not stop at a subdomain", &burp, api, allows(withLiteral("api.example.com")), []string{
			"remark: Vary: Origin missing remark", "all subdomains trusted low",
			"remark: Vary: Origin missing remark", "unencrypted origin trusted low",
			"remark: Vary: Origin missing remark", "cross-origin resource sharing info"}, 4},
	} {
		t.Run(tt.scanner.name+"/"+tt.rule, func(t *testing.T) {
			target, err := newTarget(tt.url, tt.url)
			if err != nil {
				t.Fatal(err)
			}
			s := &server{handler: tt.handler}
			var got []string
			for _, h := range tt.scanner.scan(t.Context(), s, target) {
				got = append(got, h.Check+" "+h.Severity)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("hits (-want +got):\n%s", diff)
			}
			if len(s.asked) != tt.sent {
				t.Errorf("sent %d: %q; want %d", len(s.asked), s.asked, tt.sent)
			}
		})
	}
}

// TestOrigins: what each tool sends to a target that allows nobody, or, where it
// would give up then, allows its own origin alone.
func TestOrigins(t *testing.T) {
	for _, tt := range []struct {
		scanner *scanner
		want    []string
	}{
		{&corscanner, []string{
			"https://evil.com", "https://api.example.co.uk.evil.com", "https://evilexample.co.uk", "null", "https://xample.co.uk", "https://api.example.coauk",
			"https://whatever.github.io", "http://jsbin.com", "https://codepen.io", "https://jsfiddle.net", "http://www.webdevout.net", "https://repl.it",
			"https://api.example.co.uk_.evil.com", "https://api.example.co.uk-.evil.com", `https://api.example.co.uk".evil.com`,
			"https://api.example.co.uk{.evil.com", "https://api.example.co.uk}.evil.com", "https://api.example.co.uk+.evil.com",
			"https://api.example.co.uk^.evil.com", "https://api.example.co.uk%60.evil.com", "https://api.example.co.uk!.evil.com",
			"https://api.example.co.uk~.evil.com", "https://api.example.co.uk`.evil.com", "https://api.example.co.uk;.evil.com",
			"https://api.example.co.uk|.evil.com", "https://api.example.co.uk&.evil.com", "https://api.example.co.uk'.evil.com",
			"https://api.example.co.uk(.evil.com", "https://api.example.co.uk).evil.com", "https://api.example.co.uk*.evil.com",
			"https://api.example.co.uk,.evil.com", "https://api.example.co.uk$.evil.com", "https://api.example.co.uk=.evil.com",
			"https://api.example.co.uk+.evil.com", "https://api.example.co.uk%0b.evil.com",
			"https://evil.api.example.co.uk", "http://api.example.co.uk",
		}},
		{&corsy, []string{
			"https://api.example.co.uk:8443", "https://example.org", "https://api.example.co.uk:8443.example.org", "https://d3vapi.example.co.uk:8443", "null",
			"https://api.example.co.uk:8443_.example.org", "https://api.example.co.uk:8443%60.example.org", "https://apixexample.co.uk:8443", "http://api.example.co.uk:8443",
		}},
		{&corstest, []string{
			"https://api.example.co.uk:8443", "https://evil.org", "http://api.example.co.uk:8443", "https://sub.api.example.co.uk:8443",
			"https://notapi.example.co.uk:8443", "https://api.example.co.uk.tk", "null",
		}},
		{&nuclei, []string{
			"https://qzkvxexample.co.uk", "http://qzkvxexample.co.uk", "https://qzkvx.com", "https://api.example.co.uk.qzkvx.com", "https://api.example.co.ukqzkvx.com",
			"https://localhost.qzkvx.com", "http://localhost.qzkvx.com", "http://sexample.co.uk", "https://api.example.co.uk_.qzkvx.com", "https://api.example.co.uk%60.qzkvx.com",
			"https://api.example.co.uk.$.qzkvx.com", "https://api.example.co.uk.~.qzkvx.com", "https://api.example.co.uk.=.qzkvx.com", "https://api.example.co.uk.+.qzkvx.com",
			"https://api.example.co.uk.&.qzkvx.com", "https://api.example.co.uk.*.qzkvx.com", "https://api.example.co.uk.).qzkvx.com", "https://api.example.co.uk.(.qzkvx.com",
			"https://api.example.co.uk.'.qzkvx.com", "https://api.example.co.uk.!.qzkvx.com", "https://api.example.co.uk.;.qzkvx.com", "https://api.example.co.uk.,.qzkvx.com",
			"https://api.example.co.uk.-.qzkvx.com", "https://api.example.co.uk._.qzkvx.com", "null",
			"https://qzkvx.example.co.uk", "http://qzkvx.example.co.uk", "https://apiaexampleacoauk", "http://apiaexampleacoauk",
		}},
		{&zapActive, []string{
			"https://k7QzRw2x.com", "null", "https://k7QzRw2x.api.example.co.uk:8443", "https://api.example.co.uk:8443.k7QzRw2x.com",
			"https://api.example.co.uk:8443%60k7QzRw2x.com", "http://api.example.co.uk:8443", "https://api.example.co.uk:8443",
		}},
		{&zapPassive, []string{""}},
		{&burp, []string{
			"https://vwqkzjxhgmtp.com", "https://vwqkzjxhgmtp.api.example.co.uk", "http://api.example.co.uk", "https://api.example.co.uk:8443",
		}},
	} {
		const url = "https://api.example.co.uk:8443/orders"
		target, err := newTarget(url, url)
		if err != nil {
			t.Fatal(err)
		}
		s := &server{handler: allows(only("https://api.example.co.uk:8443"))}
		tt.scanner.scan(t.Context(), s, target)
		if diff := cmp.Diff(tt.want, s.asked); diff != "" {
			t.Errorf("%s (-want +sent):\n%s", tt.scanner.name, diff)
		}
	}
}

// TestRedirects: which answer a tool judges where there are several.
func TestRedirects(t *testing.T) {
	// What redirects, below /to/, allows nobody; all else allows everybody.
	handler := func(w http.ResponseWriter, r *http.Request) {
		to, here := strings.CutPrefix(r.URL.Path, "/to/")
		switch {
		case here && to == "":
			http.Redirect(w, r, r.URL.Path, http.StatusFound) // for ever
		case here:
			http.Redirect(w, r, to, http.StatusFound)
		default:
			allows(all)(w, r)
		}
	}
	for _, tt := range []struct {
		to   string
		want []string // the tools that see it
	}{
		{"/there", []string{"CORScanner", "Corsy", "CORStest", "ZAP active"}},
		{"https://other.example.com/there", []string{"CORScanner", "Corsy", "CORStest"}},
		{"https://evil.example/there", []string{"Corsy", "CORStest"}},
		{"", nil},
	} {
		url := "https://api.example.com/to/" + tt.to
		target, err := newTarget(url, url)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range scanners {
			if s.scan(t.Context(), &server{handler: handler}, target) != nil {
				got = append(got, s.name)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("to %q (-want +got):\n%s", tt.to, diff)
		}
	}
}
