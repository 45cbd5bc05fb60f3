package policy_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

var update = flag.Bool("update", false, "write golden files")

const (
	api    = "https://api.example.com"
	orders = api + "/v1/orders"
	app    = "https://app.example.com"
	admin  = "https://admin.example.com"
)

// trusts is a server's CORS, right but for whom it trusts.
func trusts(isTrusted func(string) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, o := w.Header(), r.Header.Get("Origin")
		h.Add("Vary", "Origin")
		if o != "" && isTrusted(o) {
			h.Set("Access-Control-Allow-Origin", o)
			h.Set("Access-Control-Allow-Credentials", "true")
		}
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			if h["Access-Control-Allow-Origin"] != nil {
				h.Set("Access-Control-Allow-Methods", "PUT, DELETE")
				h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Corsfetch")
				h.Set("Access-Control-Max-Age", "600")
			}
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ordersHandler knows one resource, and nothing of CORS.
func ordersHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/orders", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `["7"]`) })
	return mux
}

func isOneOf(origins ...string) func(string) bool {
	return func(o string) bool { return slices.Contains(origins, o) }
}

// subject is the orders, as h serves them.
func subject(h http.Handler) policy.Subject {
	return policy.Subject{
		Web:     fetchtest.New(fetchtest.Servers{api: h}),
		Request: fetchtest.Request{URL: orders},
		Trusted: []string{app, admin},
	}
}

// all are all invariants.
func all() []policy.Invariant {
	return []policy.Invariant{
		policy.OnlyTrusted(), policy.NeverTrusts(policy.Classes()...), policy.CacheSafe(), policy.ErrorsReadable("/v1/none"),
		policy.SameOriginUnaffected(), policy.Deterministic(3), policy.Uniform("?page=2", "/v1/none"),
		policy.PreflightNeedsNoCredentials(), policy.PreflightHasNoSideEffects(nil),
	}
}

// TestRight: no invariant finds fault with a server that is right.
func TestRight(t *testing.T) {
	s := subject(trusts(isOneOf(app, admin), ordersHandler()))
	s.Login = func(w *fetchtest.Web) { w.SetCookie(api, "session=1; Secure; SameSite=None") }
	policy.Check(t, s, all()...)
}

// TestCacheAsksOfPreflights: a cache has no part in preflights, so that a page that
// says who the user is reads what is kept as it reads what is new.
func TestCacheAsksOfPreflights(t *testing.T) {
	s := subject(trusts(isOneOf(app, admin), ordersHandler()))
	s.Request.Header = http.Header{"Authorization": {"Bearer x"}}
	policy.Check(t, s, policy.CacheSafe())
}

// TestReuses: a cache answers by what it has kept of the same URL if all that Vary
// names is the same, and keeps no refusal unless that says so.
func TestReuses(t *testing.T) {
	right := trusts(isOneOf(app, admin), ordersHandler())
	stranger := func() string {
		for class, page := range policy.Adversaries(orders, app, admin) {
			if class == policy.Stranger {
				return page
			}
		}
		return ""
	}()
	refuses := func(control string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Origin") == stranger {
				w.Header().Set("Cache-Control", control)
				w.WriteHeader(http.StatusForbidden)
				return
			}
			right.ServeHTTP(w, r)
		})
	}
	for _, tt := range []struct {
		name          string
		handler       http.Handler
		first, second string
		want          bool
	}{
		{"the same page again", right, app, app, true},
		{"a visit, and its own page", right, "", api, true},
		{"one page, and another", right, app, admin, false},
		{"one page, and another, without Vary", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { right.ServeHTTP(withoutVary{w}, r) }), app, admin, true},
		{"a refusal", refuses(""), stranger, app, false},
		{"a refusal to be kept", refuses("max-age=60"), stranger, app, true},
		{"a refusal not to be kept", refuses("no-store, max-age=60"), stranger, app, false},
		{"a redirect", http.RedirectHandler("/v1/orders/", http.StatusMovedPermanently), "", api, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := subject(tt.handler)
			got := false
			for reuse := range s.Reuses(nil) {
				if reuse.First == tt.first && reuse.Second == tt.second {
					got = true
					if reuse.Kept.Status == 0 || reuse.Cached.Verdict == "" || reuse.Fresh.Verdict == "" || len(reuse.Cached.Wire) != 1 {
						t.Errorf("got %+v; want all that became of it", reuse)
					}
				}
			}
			if got != tt.want {
				t.Errorf("got %t; want %t", got, tt.want)
			}
		})
	}
}

// TestTrust: each mistake in telling who is trusted is found, with the shortest
// page that shows it, or one that is as short.
func TestTrust(t *testing.T) {
	matches := func(pattern string) func(string) bool { return regexp.MustCompile(pattern).MatchString }
	tests := []struct {
		mistake string
		trusted func(string) bool
		class   policy.Class
		page    *regexp.Regexp
	}{
		{"anybody", func(string) bool { return true }, policy.Stranger, regexp.MustCompile(`^https://[a-z]$`)},
		{"null", isOneOf(app, admin, "null"), policy.Null, regexp.MustCompile(`^null$`)},
		{"no scheme", func(o string) bool {
			u, err := url.Parse(o)
			return err == nil && isOneOf("app.example.com", "admin.example.com")(u.Host)
		}, policy.Insecure, regexp.MustCompile(`^http://(app|admin)\.example\.com$`)},
		{"HasSuffix", func(o string) bool { return strings.HasSuffix(o, "example.com") }, policy.Suffix, regexp.MustCompile(`^https?://[a-z]?example\.com$`)},
		{"HasPrefix", func(o string) bool { return strings.HasPrefix(o, app) || o == admin }, policy.Prefix, regexp.MustCompile(`^https://app\.example\.com[a-z]$|^https://app\.example\.com\.[a-z]$`)},
		{"Contains", func(o string) bool { return strings.Contains(o, "app.example.com") || o == admin }, policy.Substring, regexp.MustCompile(`app\.example\.com`)},
		{"a dot", matches(`^https://(app|admin).example\.com$`), policy.Dot, regexp.MustCompile(`^https://(app|admin)xexample\.com$`)},
		{"\\S", matches(`^https://(app|admin)\.example\.com(\S\.[a-z]+\.com)?$`), policy.Charset, regexp.MustCompile(`^https://(app|admin)\.example\.com.\.[a-z]\.com$`)},
		{"subdomains", matches(`^https://([a-z.]+\.)?example\.com$`), policy.Subdomain, regexp.MustCompile(`^https://([a-z]\.)?example\.com$`)},
		{"ports", matches(`^https://(app|admin)\.example\.com(:[0-9]+)?$`), policy.Port, regexp.MustCompile(`^https://(app|admin)\.example\.com:[0-9]+$`)},
		{"a public suffix", matches(`^https://(app|admin)\.[a-z]+\.com$`), policy.PublicSuffix, regexp.MustCompile(`^https://(app|admin)\.[a-z]\.com$`)},
		{"loopback", matches(`^https://(app|admin)\.example\.com$|^http://localhost(:[0-9]+)?$`), policy.Loopback, regexp.MustCompile(`^http://localhost$`)},
		{"what looks like loopback", matches(`^https://(app|admin)\.example\.com$|^http://localhost`), policy.LoopbackLookalike, regexp.MustCompile(`^http://localhost[.a-z]`)},
		{"shared hosts", matches(`^https://(app|admin)\.example\.com$|^https://[a-z]+\.github\.io$`), policy.SharedHost, regexp.MustCompile(`^https://[a-z]\.github\.io$`)},
		{"one after the other", func(o string) bool { return isOneOf(app, admin, app+"admin.example.com")(o) }, policy.Pairwise, regexp.MustCompile(`^https://app\.example\.comadmin\.example\.com$`)},
	}
	found := make(map[policy.Class]bool)
	for _, tt := range tests {
		t.Run(tt.mistake, func(t *testing.T) {
			s := subject(trusts(tt.trusted, ordersHandler()))
			for _, invariant := range []policy.Invariant{policy.NeverTrusts(tt.class), policy.OnlyTrusted()} {
				v := policy.Verify(s, invariant)
				if len(v) != 1 {
					t.Fatalf("%v: got %v; want a violation", invariant, v)
				}
				if v[0].Result.Verdict != fetchtest.Allowed || slices.Contains(s.Trusted, v[0].Page) {
					t.Errorf("%v: it is no witness", v[0])
				}
				if !tt.trusted(v[0].Page) {
					t.Errorf("%v: the server does not trust it", v[0])
				}
			}
			if v := policy.Verify(s, policy.NeverTrusts(tt.class))[0]; !tt.page.MatchString(v.Page) {
				t.Errorf("got %s; want one like %v", v.Page, tt.page)
			}
		})
		found[tt.class] = true
	}
	for _, class := range policy.Classes() {
		if !found[class] {
			t.Errorf("%s: nothing proves that it is found", class)
		}
	}
}

// TestTrustedCannotRead: who is meant to read and cannot is a violation, too.
func TestTrustedCannotRead(t *testing.T) {
	v := policy.Verify(subject(trusts(isOneOf(app), ordersHandler())), policy.OnlyTrusted())
	if len(v) != 1 || v[0].Page != admin || v[0].Result.Reason != fetch.ErrMissingAllowOriginHeader {
		t.Errorf("got %v; want that %s cannot", v, admin)
	}
}

// TestBroken: what is wrong with a server besides whom it trusts is found by the
// invariant that is about it, and by no other.
func TestBroken(t *testing.T) {
	right := func(h http.Handler) http.Handler { return trusts(isOneOf(app, admin), h) }
	var asked, changed atomic.Int64
	state := func() string { return fmt.Sprint(changed.Load()) }
	tests := []struct {
		mistake   string
		handler   http.Handler
		invariant policy.Invariant
		why       string
	}{
		{"no Vary", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			right(ordersHandler()).ServeHTTP(withoutVary{w}, r)
		}), policy.CacheSafe(), "no Vary"},
		{"Vary for those who are trusted", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isOneOf(app, admin)(r.Header.Get("Origin")) {
				right(ordersHandler()).ServeHTTP(w, r)
				return
			}
			right(ordersHandler()).ServeHTTP(withoutVary{w}, r)
		}), policy.CacheSafe(), "a visit"},
		{"errors without CORS", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1/orders" {
				http.NotFound(w, r)
				return
			}
			right(ordersHandler()).ServeHTTP(w, r)
		}), policy.ErrorsReadable(), "corsfetch-no-such-resource"},
		{"a path of its own", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/health" {
				w.Header().Set("Access-Control-Allow-Origin", "*")
				return
			}
			right(ordersHandler()).ServeHTTP(w, r)
		}), policy.Uniform("health"), api + "/v1/health"},
		{"authentication before CORS", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" && r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			right(ordersHandler()).ServeHTTP(w, r)
		}), policy.PreflightNeedsNoCredentials(), "status 401"},
		{"preflights reach the handler", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			changed.Add(1)
			right(ordersHandler()).ServeHTTP(w, r)
		}), policy.PreflightHasNoSideEffects(state), "a preflight has changed"},
		{"preflights set cookies", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", "a=1")
			right(ordersHandler()).ServeHTTP(w, r)
		}), policy.PreflightHasNoSideEffects(nil), "sets cookies"},
		{"it blocks by Origin", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if o := r.Header.Get("Origin"); o != "" && !isOneOf(app, admin)(o) {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			right(ordersHandler()).ServeHTTP(w, r)
		}), policy.SameOriginUnaffected(), "status 403, and 200 without Origin"},
		{"now and then", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1)%3 == 0 {
				http.NotFound(w, r)
				return
			}
			right(ordersHandler()).ServeHTTP(w, r)
		}), policy.Deterministic(5), "when asked again"},
	}
	for _, tt := range tests {
		t.Run(tt.mistake, func(t *testing.T) {
			v := policy.Verify(subject(tt.handler), tt.invariant)
			if len(v) != 1 || !strings.Contains(v[0].Why, tt.why) || v[0].Invariant != tt.invariant.String() {
				t.Errorf("got %v; want a violation that says %q", v, tt.why)
			}
		})
	}
}

// withoutVary forgets Vary.
type withoutVary struct{ http.ResponseWriter }

func (w withoutVary) WriteHeader(status int) {
	w.Header().Del("Vary")
	w.ResponseWriter.WriteHeader(status)
}

func (w withoutVary) Write(p []byte) (int, error) {
	w.Header().Del("Vary")
	return w.ResponseWriter.Write(p)
}

// TestUnanswered: an invariant that there is no answer to ask about is not held
// to be true.
func TestUnanswered(t *testing.T) {
	s := subject(fetchtest.HangUp())
	for _, invariant := range all() {
		if v := policy.Verify(s, invariant); len(v) != 1 {
			t.Errorf("%v: got %v; want a violation", invariant, v)
		}
	}
	s.Trusted = nil
	for _, invariant := range []policy.Invariant{policy.ErrorsReadable(), policy.PreflightNeedsNoCredentials()} {
		if v := policy.Verify(s, invariant); len(v) != 1 || !strings.Contains(v[0].Why, "no page is trusted") {
			t.Errorf("%v: got %v; want that there is no page", invariant, v)
		}
	}
	if v := policy.Verify(s, policy.Uniform("https://[")); len(v) != 1 {
		t.Errorf("got %v; want that it is no URL", v)
	}
}

// TestAdversaries: they are origins as browsers send them, never one that is
// trusted, each once, and the same each time.
func TestAdversaries(t *testing.T) {
	for _, test := range []struct {
		url     string
		trusted []string
	}{
		{orders, []string{app, admin}},
		{"http://localhost:8080/", nil},
		{"https://192.0.2.1/", []string{"https://[2001:db8::1]:8443"}},
		{"https://a.co.uk/x", []string{"https://b.co.uk", "null", "nothing", "https://x.b.co.uk:8443"}},
		{"", nil},
	} {
		var first []string
		seen := make(map[string]bool)
		for class, page := range policy.Adversaries(test.url, test.trusted...) {
			first = append(first, string(class)+" "+page)
			if seen[page] {
				t.Errorf("%s: %s comes twice", test.url, page)
			}
			seen[page] = true
			if slices.Contains(test.trusted, page) && page != "null" {
				t.Errorf("%s: %s is trusted", test.url, page)
			}
			// It is a page that a browser can show, and says so in its Origin.
			w := fetchtest.New(fetchtest.Servers{"https://probe.example": ordersHandler()})
			got := w.Page(page).Fetch(fetchtest.Request{URL: "https://probe.example/"})
			if said := got.Wire[0].RequestHeader.Get("Origin"); said != page {
				t.Errorf("%s: the page says %q", page, said)
			}
		}
		i := 0
		for class, page := range policy.Adversaries(test.url, test.trusted...) {
			if first[i] != string(class)+" "+page {
				t.Fatalf("%s: %s comes in place of %s", test.url, page, first[i])
			}
			i++
		}
		if len(first) < 10 {
			t.Errorf("%s: got %q; want more", test.url, first)
		}
	}
}

// orderMatrix is what the pages that matter may do with orders.
func orderMatrix() policy.Matrix {
	return policy.Matrix{
		Pages:   []string{app, admin, api, "https://x.example.com", "http://app.example.com", "null"},
		URLs:    []string{orders},
		Methods: []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
		Headers: []http.Header{nil, {"Content-Type": {"application/json"}}, {"Authorization": {"Bearer x"}}, {"X-A": {"1"}}},
		Body:    "{}",
	}
}

// TestGolden: a policy file is the same in whatever order it is found out, tells
// what has changed, and is compact.
func TestGolden(t *testing.T) {
	web := fetchtest.New(fetchtest.Servers{api: trusts(isOneOf(app, admin), ordersHandler())})
	const file = "testdata/orders.policy"
	policy.Golden(t, file, *update, orderMatrix().Cells(web))

	var cells []policy.Cell
	for c := range orderMatrix().Cells(web) {
		cells = append(cells, c)
	}
	want := policy.Format(slices.Values(cells))
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	if diff := cmp.Diff(want, policy.Format(slices.Values(cells))); diff != "" {
		t.Errorf("in another order it is another (-want +got):\n%s", diff)
	}
	if lines := strings.Count(want, "\n"); len(cells) != 240 || lines > 30 {
		t.Errorf("%d cells take %d lines; want 240 in no more than 30", len(cells), lines)
	}

	other := fetchtest.New(fetchtest.Servers{api: trusts(isOneOf(app), ordersHandler())})
	rec := &failures{TB: t}
	policy.Golden(rec, file, false, orderMatrix().Cells(other))
	if len(rec.said) != 1 || !strings.Contains(rec.said[0], "admin.example.com") {
		t.Errorf("got %q; want it to tell that admin.example.com may do nothing any more", rec.said)
	}
}

// failures takes down what fails.
type failures struct {
	testing.TB
	said []string
}

func (f *failures) Helper() {}
func (f *failures) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

// TestCases: a case fails for each point in which it is not as wanted, and for no
// other.
func TestCases(t *testing.T) {
	web := fetchtest.New(fetchtest.Servers{api: trusts(isOneOf(app), ordersHandler())})
	get := fetchtest.Request{URL: orders + "?q"}
	put := fetchtest.Request{Method: "PUT", URL: orders}
	policy.Run(t, web,
		policy.Case{Page: app, Request: get, Want: policy.Want{
			Verdict: fetchtest.Allowed, Status: 200, Body: `["7"]`, Exposes: []string{"content-type"}, Hides: []string{"access-control-allow-origin"},
			Reached: new(true), Requests: []string{"GET /v1/orders?q"},
		}},
		policy.Case{Name: "stopped before the write", Page: "null", Request: put, Want: policy.Want{
			Verdict: fetchtest.Blocked, Reason: fetch.ErrPreflightMissingAllowOriginHeader, Stage: fetch.StagePreflight,
			Reached: new(false), Requests: []string{"OPTIONS /v1/orders"},
		}},
		policy.Case{Page: app, Request: put, Want: policy.Want{Requests: []string{"OPTIONS /v1/orders", "PUT /v1/orders"}}},
		policy.Case{Name: "by the preflight cache", Page: app, Request: put, Want: policy.Want{Requests: []string{"PUT /v1/orders"}}},
	)
	got := web.Page(app).Fetch(get)
	for _, test := range []struct {
		want policy.Want
		said string
	}{
		{policy.Want{}, ""},
		{policy.Want{Verdict: fetchtest.Blocked}, "verdict"},
		{policy.Want{Reason: fetch.ErrNetwork}, "reason"},
		{policy.Want{Stage: fetch.StageResponse}, "stage"},
		{policy.Want{Status: 404}, "status"},
		{policy.Want{Body: "x"}, "body"},
		{policy.Want{Exposes: []string{"Content-Type", "X-A"}}, "X-A"},
		{policy.Want{Hides: []string{"Content-Type"}}, "Content-Type"},
		{policy.Want{Reached: new(false)}, "reached"},
		{policy.Want{Requests: []string{}}, "requests"},
	} {
		wrong := policy.Unmet(&test.want, &got)
		if isWrong := len(wrong) == 1 && strings.Contains(wrong[0], test.said); isWrong != (test.said != "") || len(wrong) > 1 {
			t.Errorf("%+v: got %q; want it to say %q", test.want, wrong, test.said)
		}
	}
}

// TestBadServers: a server that panics, hangs up, or answers half is a verdict or
// a violation, and the other fetches are made.
func TestBadServers(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"panic":     http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("no") }),
		"hang-up":   fetchtest.HangUp(),
		"down":      fetchtest.Refuse(),
		"truncated": fetchtest.Truncate(1, trusts(isOneOf(app, admin), ordersHandler())),
		"hang":      http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
		"without end": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			for err := error(nil); err == nil; _, err = w.Write(make([]byte, 4096)) {
			}
		}),
		"headers": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for i := range 10_000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), "1")
			}
		}),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // nothing is left behind, and waiting takes no time
				n := 0
				m := orderMatrix()
				m.Pages, m.Headers = m.Pages[:2], nil
				for c := range m.Cells(fetchtest.New(fetchtest.Servers{api: h})) {
					n++
					if c.Result.Verdict == "" {
						t.Errorf("no verdict of %v", c)
					}
				}
				if n != 20 {
					t.Errorf("%d cells; want 20", n)
				}
				// A page learns the status and the headers of what is cut off.
				v := policy.Verify(subject(h), policy.OnlyTrusted(), policy.PreflightNeedsNoCredentials())
				if isRight := name == "truncated"; isRight != (len(v) == 0) {
					t.Errorf("got %v", v)
				}
			})
		})
	}
}

// BenchmarkMatrix: a matrix against a handler in memory, by cell.
func BenchmarkMatrix(b *testing.B) {
	web := fetchtest.New(fetchtest.Servers{api: trusts(isOneOf(app, admin), ordersHandler())})
	cells := 0
	start := time.Now()
	for b.Loop() {
		for range orderMatrix().Cells(web) {
			cells++
		}
	}
	b.ReportMetric(float64(time.Since(start).Microseconds())/float64(cells), "µs/cell")
}

// TestBrowsers: where browsers decide otherwise than the standard, a cell says
// which and what, and so does the file.
func TestBrowsers(t *testing.T) {
	web := fetchtest.New(fetchtest.Servers{api: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
	})})
	m := policy.Matrix{
		Pages: []string{app}, URLs: []string{orders}, Credentials: []fetch.CredentialsMode{fetch.CredentialsOmit},
		Headers:  []http.Header{{"X-A": {"1"}}, {"Authorization": {"Bearer x"}}},
		Browsers: []*fetch.Profile{fetch.Standard(), fetch.Chromium(), fetch.Firefox(), fetch.WebKit()},
	}
	var got [][]string
	for c := range m.Cells(web) {
		got = append(got, c.Notes)
	}
	// Only the standard does not have the wildcard cover Authorization.
	want := [][]string{nil, {"chromium, firefox, webkit: allowed, preflighted: cors 200"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	file := policy.Format(m.Cells(web))
	if line := "blocked at preflight: HeaderDisallowedByPreflightResponse; " + want[1][0]; !strings.Contains(file, line) {
		t.Errorf("the file has no %q:\n%s", line, file)
	}
}
