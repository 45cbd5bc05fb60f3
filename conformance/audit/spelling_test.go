package audit_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

const admin = "https://admin.example.com"

// saying is a server that answers all with these values of
// Access-Control-Allow-Origin.
func saying(values ...string) http.Handler {
	return tuned(func(_ *http.Request, h http.Header) int {
		h["Access-Control-Allow-Origin"] = values
		h.Set("Access-Control-Allow-Credentials", "true")
		return 0
	})
}

// TestAllowOrigin: a value that lets no page is found as what is wrong with it,
// whether a page is named or not; one that lets another is wrong only if one is.
func TestAllowOrigin(t *testing.T) {
	for _, tt := range []struct {
		name           string
		handler        http.Handler
		named, unnamed string
	}{
		{"right", tuned(nil), "", ""},
		{"none", saying(), "", ""},
		{"empty", saying(""), "", ""},
		{"false", saying("false"), "", ""},
		{"none, in a word", saying("none"), "F57", ""},
		{"everybody", saying("*"), "", ""},
		{"null", saying("null"), "", ""},
		{"the page", saying(app), "", ""},
		{"the page twice", saying(app, app), "F56", "F56"},
		{"everybody twice", saying("*", "*"), "F56", "F56"},
		{"the page and everybody", saying(app, "*"), "F56", "F56"},
		{"a list", saying(app + ", " + admin), "F56", "F56"},
		{"a list without spaces", saying(app + "," + admin), "F56", "F56"},
		{"a list without commas", saying(app + " " + admin), "F56", "F56"},
		{"a list of hosts", saying("app.example.com, admin.example.com"), "F56", "F56"},
		{"a list of patterns", saying("https://*.example.com, http://*.example.com"), "F56", "F56"},
		{"two for preflights alone", tuned(func(r *http.Request, h http.Header) int {
			if r.Method == http.MethodOptions && h["Access-Control-Allow-Origin"] != nil {
				h.Add("Access-Control-Allow-Origin", app)
			}
			return 0
		}), "F56", "F56"},
		{"a slash", saying(app + "/"), "F57", "F57"},
		{"a path", saying(app + "/orders"), "F57", "F57"},
		{"a default port", saying(app + ":443"), "F57", "F57"},
		{"upper case", saying("https://App.example.com"), "F57", "F57"},
		{"an upper-case scheme", saying("HTTPS://app.example.com"), "F57", "F57"},
		{"no scheme", saying("app.example.com"), "F57", "F57"},
		{"no scheme, and a port", saying("localhost:3000"), "F57", "F57"},
		{"a space", saying("https:// app.example.com"), "F57", "F57"},
		{"Unicode", saying("https://bücher.example"), "F57", "F57"},
		{"a word", saying("true"), "F57", "F57"},
		{"bytes", saying("\x80\xff"), "F57", ""},
		{"another scheme", saying("http://app.example.com"), "F57", ""},
		{"another port", saying(app + ":8443"), "F57", ""},
		{"an app", saying("capacitor://localhost"), "F59", ""},
		{"a pattern", saying("https://*.example.com"), "F58", "F58"},
		{"a pattern of hosts", saying("*.example.com"), "F58", "F58"},
		{"a pattern of a scheme", saying("https://*"), "F58", "F58"},
		{"another page", saying("https://www.example.com"), "F59", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, side := range []struct {
				trusted []string
				want    string
			}{{[]string{app}, tt.named}, {nil, tt.unnamed}} {
				if got := found(t, tt.handler, "F56", "F59", side.trusted...); idsOf(got) != side.want {
					t.Errorf("trusted %q: got %q; want %q: %v", side.trusted, idsOf(got), side.want, got)
				}
			}
		})
	}
}

// TestAllowOriginOfSeveral: where several pages are named, one value for all is
// found by the page that it leaves out.
func TestAllowOriginOfSeveral(t *testing.T) {
	for _, tt := range []struct {
		value      string
		want, page string
	}{
		{"*", "", ""},
		{app, "F59", admin},
		{admin, "F59", app},
		{"https://www.example.com", "F59", app},
	} {
		got := found(t, saying(tt.value), "F56", "F59", app, admin)
		if idsOf(got) != tt.want || len(got) > 0 && got[0].Page != tt.page {
			t.Errorf("%s: got %v; want %q of %s", tt.value, got, tt.want, tt.page)
		}
	}
	onlyApp := tuned(nil)
	if got := found(t, onlyApp, "F56", "F59", app, admin); len(got) > 0 {
		t.Errorf("a page is told nothing: got %v; want nothing, as it is no static value", got)
	}
}

// TestErrorsUnread: an error that the page cannot read is found if it reads
// success, the same each time it asks.
func TestErrorsUnread(t *testing.T) {
	fails := func(status int, when func(*http.Request) bool, loses ...string) http.Handler {
		return tuned(func(r *http.Request, h http.Header) int {
			if !when(r) {
				return 0
			}
			for _, name := range loses {
				h.Del(name)
			}
			return status
		})
	}
	elsewhere := func(r *http.Request) bool { return r.URL.Path != "/orders" }
	below := func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/orders/") }
	beside := func(r *http.Request) bool { return elsewhere(r) && !below(r) }
	const header = "Access-Control-Allow-Origin"
	asked := 0
	for _, tt := range []struct {
		name    string
		handler http.Handler
		want    string
	}{
		{"right", tuned(nil), ""},
		{"404 below is read", fails(404, elsewhere), ""},
		{"404 below is not read", fails(404, below, header), "F60 broken likely"},
		{"404 beside is nobody's business", fails(404, beside, header), ""},
		{"what is not there is a page for people", fails(200, elsewhere, header), ""},
		{"what is not there is elsewhere", tuned(func(r *http.Request, h http.Header) int {
			if elsewhere(r) {
				h.Set("Location", "/orders")
				h.Del(header)
				return http.StatusFound
			}
			return 0
		}), ""},
		{"406 is not read", fails(406, func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Accept"), "application/x-") }, header), "F60 broken likely"},
		{"all is 500", fails(500, func(*http.Request) bool { return true }, header), ""},
		{"404 now and then", tuned(func(r *http.Request, h http.Header) int {
			if elsewhere(r) {
				if asked++; asked%2 == 1 {
					h.Del(header)
				}
				return http.StatusNotFound
			}
			return 0
		}), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, f := range found(t, tt.handler, "F60", "F60", app) {
				got = f.ID + " " + string(f.Severity) + " " + string(f.Confidence)
			}
			if got != tt.want {
				t.Errorf("got %q; want %q", got, tt.want)
			}
		})
	}
	open := fails(404, elsewhere, header)
	everybody := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if elsewhere(r) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set(header, "*")
	})
	if got := found(t, everybody, "F60", "F60"); len(got) != 1 || got[0].Severity != audit.Fragile {
		t.Errorf("nobody is named: got %v; want one that is fragile", got)
	}
	if got := found(t, open, "F60", "F60"); len(got) != 1 || got[0].Severity != audit.Fragile {
		t.Errorf("nobody is named: got %v; want one that is fragile", got)
	}
}

// TestErrorsUnreadByWhoIsUnknown: if the user must be known, the page is proven to
// meet the error; if preflights meet it too, that is what is wrong.
func TestErrorsUnreadByWhoIsUnknown(t *testing.T) {
	for _, tt := range []struct {
		name       string
		preflights int
		want       string
	}{{"for what is not a preflight", 0, "F60 proven"}, {"for preflights too", http.StatusUnauthorized, ""}} {
		h := tuned(func(r *http.Request, h http.Header) int {
			switch {
			case r.Method == http.MethodOptions:
				if tt.preflights != 0 {
					h.Del("Access-Control-Allow-Origin")
				}
				return tt.preflights
			case r.Header.Get("Cookie") == "":
				h.Del("Access-Control-Allow-Origin")
				return http.StatusUnauthorized
			}
			return 0
		})
		w := fetchtest.New(fetchtest.Servers{api: h})
		report, err := audit.Run(t.Context(), policy.Subject{
			Web: w, Request: fetchtest.Request{URL: api + "/orders"}, Trusted: []string{app},
			Login: func(w *fetchtest.Web) { w.SetCookie(api, "session=1; Secure; SameSite=None") },
		}, audit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range report.Findings {
			if f.ID == "F60" {
				got = f.ID + " " + string(f.Confidence)
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q; want %q", tt.name, got, tt.want)
		}
	}
}

// TestRedirects: what becomes of a page that is led elsewhere is found by the hop
// that is at fault, and only if a page is named that it stops.
func TestRedirects(t *testing.T) {
	const there = cdn + "/orders"
	to := func(location string, status int, tune func(*http.Request, http.Header)) http.Handler {
		return tuned(func(r *http.Request, h http.Header) int {
			if r.URL.Path != "/orders" || r.Method == http.MethodOptions {
				return 0
			}
			h.Set("Location", location)
			if tune != nil {
				tune(r, h)
			}
			return status
		})
	}
	silent := func(_ *http.Request, h http.Header) { h.Del("Access-Control-Allow-Origin") }
	answers := func(status int, values ...string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if o := r.Header.Get("Origin"); len(values) > 0 && (values[0] == "*" || values[0] == o) {
				w.Header()["Access-Control-Allow-Origin"] = values
				w.Header().Set("Access-Control-Allow-Headers", "Authorization")
			}
			w.Header().Set("Vary", "Origin")
			w.WriteHeader(status)
		})
	}
	token := http.Header{"Authorization": {"Bearer x"}}
	knowsToken := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodOptions && r.Header.Get("Origin") == app {
				w.Header().Set("Access-Control-Allow-Origin", app)
				w.Header().Set("Access-Control-Allow-Credentials", "true")
				w.Header().Set("Access-Control-Allow-Headers", "Authorization")
				return
			}
			h.ServeHTTP(w, r)
		})
	}
	for _, tt := range []struct {
		name     string
		api, cdn http.Handler
		header   http.Header
		options  audit.Options
		want     string // of a named page
	}{
		{name: "all let it", api: to("/v2/orders", 302, nil)},
		{name: "the redirect does not", api: to("/v2/orders", 302, silent), want: "F61 proven " + api + "/orders"},
		{name: "the redirect to another origin does not", api: to(there, 302, silent), cdn: answers(200, "*"), want: "F61 proven " + api + "/orders"},
		{name: "the end does not", api: to(there, 302, nil), cdn: answers(200), want: "F61 proven " + there},
		{name: "the end is the page's alone", api: to(there, 302, nil), cdn: answers(200, app), want: "F62 proven " + there},
		{name: "the end is everybody's", api: to(there, 302, nil), cdn: answers(200, "*")},
		{name: "the end is null's", api: to(there, 302, nil), cdn: answers(200, "null")},
		{name: "the end says it twice", api: to(there, 302, nil), cdn: answers(200, "*", "*"), want: "F56 proven " + there},
		{name: "the end is not named", api: to("https://elsewhere.example/orders", 302, nil)},
		{name: "in a circle", api: to("/orders", 302, nil)},
		{name: "to nowhere", api: to("https://[", 302, nil)},
		{name: "without Location", api: to("", 302, func(_ *http.Request, h http.Header) { h.Del("Location") })},
		{name: "with a user", api: to("https://ann:x@cdn.example.net/orders", 302, nil), cdn: answers(200, "*"), want: "F63 proven " + api + "/orders"},
		{name: "a slash by 301", api: to("/orders/", 301, nil), want: "F63 hint " + api + "/orders/"},
		{name: "a slash by 308", api: to("/orders/", 308, nil)},
		{name: "after writing by 303", api: to("/orders/7", 303, nil), options: audit.Options{Writes: true}},
		{name: "a slash by 301, for a POST", api: to("/orders/", 301, nil), options: audit.Options{Writes: true}, want: "F63 proven " + api + "/orders/"},
		{name: "a slash by 302, not for a POST", api: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				tuned(nil).ServeHTTP(w, r)
				return
			}
			to("/orders/", 302, nil).ServeHTTP(w, r)
		}), options: audit.Options{Writes: true}},
		{name: "the token does not come along", api: knowsToken(to(there, 307, nil)), cdn: answers(401, "*"), header: token, want: "F63 proven " + there},
		{name: "the token is not wanted", api: knowsToken(to(there, 307, nil)), cdn: answers(200, "*"), header: token},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, trusted := range [][]string{{app}, nil} {
				servers := fetchtest.Servers{api: tt.api}
				if tt.cdn != nil {
					servers[cdn] = tt.cdn
				}
				tt.options.Elsewhere = []string{cdn}
				report, err := audit.Run(t.Context(), policy.Subject{
					Web: fetchtest.New(servers), Request: fetchtest.Request{URL: api + "/orders", Header: tt.header}, Trusted: trusted,
				}, tt.options)
				if err != nil {
					t.Fatal(err)
				}
				got := ""
				for _, f := range report.Findings {
					if f.ID >= "F56" && f.ID <= "F63" && f.ID != "F60" {
						x := f.Evidence[0].Exchanges[len(f.Evidence[0].Exchanges)-1]
						got = strings.TrimSpace(got + " " + f.ID + " " + string(f.Confidence) + " " + cmp.Or(x.URL, "?"))
					}
				}
				if want := tt.want; trusted != nil && got != want {
					t.Errorf("got %q; want %q", got, want)
				} else if trusted == nil && strings.Contains(got, "F6") && !strings.Contains(tt.want, "F63") {
					t.Errorf("got %q though nobody is known to need it", got)
				}
			}
		})
	}
}
