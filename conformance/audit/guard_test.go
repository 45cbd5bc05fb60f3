package audit_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

const (
	api = "https://api.example.com"
	app = "https://app.example.com"
	cdn = "https://cdn.example.net"
)

// A diary is the requests that a server has been sent.
type diary struct {
	mu       sync.Mutex
	requests []*http.Request
}

// keeping is h, whose requests the diary keeps.
func (d *diary) keeping(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.requests = append(d.requests, r.Clone(r.Context()))
		d.mu.Unlock()
		h.ServeHTTP(w, r)
	})
}

// methods are those of the requests, each once, sorted.
func (d *diary) methods() []string {
	var all []string
	for _, r := range d.requests {
		all = append(all, r.Method)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// open reflects whoever asks, with credentials.
var open = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Methods", "PUT, DELETE")
	h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	_, _ = io.WriteString(w, "hello") // whoever hangs up has what he wanted
})

// subject is a resource of servers, whose user has a cookie and a token there.
func subject(servers fetchtest.Servers) policy.Subject {
	return policy.Subject{
		Web:     fetchtest.New(servers),
		Request: fetchtest.Request{URL: api + "/orders", Header: http.Header{"Authorization": {"Bearer t-1"}, "X-Key": {"k-1"}}},
		Trusted: []string{app},
		Login:   func(w *fetchtest.Web) { w.SetCookie(api, "sid=s-1; Secure; SameSite=None") },
	}
}

// run audits, and ends the test if that is not possible.
func run(t *testing.T, s policy.Subject, o audit.Options) *audit.Report {
	t.Helper()
	report, err := audit.Run(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestNothingIsChanged: without leave the server is sent GET, HEAD and OPTIONS
// alone.
func TestNothingIsChanged(t *testing.T) {
	var careful, bold diary
	run(t, subject(fetchtest.Servers{api: careful.keeping(open)}), audit.Options{})
	for _, method := range careful.methods() {
		if !slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method) {
			t.Errorf("it is sent %s", method)
		}
	}
	run(t, subject(fetchtest.Servers{api: bold.keeping(open)}), audit.Options{Writes: true})
	if len(bold.requests) < len(careful.requests) {
		t.Errorf("with leave it is sent %d requests; want no fewer than the %d without", len(bold.requests), len(careful.requests))
	}
}

// TestWhatTheUserHasStays: where a redirect leads, nobody is told who the user is,
// and where it was not said that it may lead nothing is sent.
func TestWhatTheUserHasStays(t *testing.T) {
	redirect := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		h.Set("Access-Control-Allow-Credentials", "true")
		h.Set("Access-Control-Allow-Headers", "*, authorization, x-key")
		if r.Method != http.MethodOptions {
			http.Redirect(w, r, cdn+"/orders", http.StatusFound)
		}
	})
	for _, elsewhere := range [][]string{nil, {cdn}} {
		var home, other diary
		report := run(t, subject(fetchtest.Servers{api: home.keeping(redirect), cdn: other.keeping(open)}), audit.Options{Elsewhere: elsewhere})
		for _, r := range other.requests {
			for _, name := range []string{"Authorization", "X-Key", "Cookie"} {
				if value := r.Header.Get(name); value != "" {
					t.Errorf("%s %s%s is sent %s: %s", r.Method, r.Host, r.URL, name, value)
				}
			}
		}
		if got, want := len(other.requests) > 0, elsewhere != nil; got != want {
			t.Errorf("elsewhere %v: it has gone there: %v; want %v", elsewhere, got, want)
		}
		if !slices.ContainsFunc(home.requests, func(r *http.Request) bool { return r.Header.Get("X-Key") != "" && r.Header.Get("Cookie") != "" }) {
			t.Error("the resource is not sent what the user has")
		}
		told := slices.ContainsFunc(report.Notes, func(note string) bool { return strings.Contains(note, "not followed") })
		if told != (elsewhere == nil) {
			t.Errorf("elsewhere %v: notes %q", elsewhere, report.Notes)
		}
	}
}

// TestStrangersHaveNoToken: a header that the app's script sets is sent by the app
// and the own pages alone, so that what is behind a token is not taken for open.
func TestStrangersHaveNoToken(t *testing.T) {
	guarded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodOptions && r.Header.Get("Authorization") == "" {
			w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		open(w, r)
	})
	var d diary
	report := run(t, subject(fetchtest.Servers{api: d.keeping(guarded)}), audit.Options{})
	for _, r := range d.requests {
		if origin := r.Header.Get("Origin"); origin != "" && origin != app && origin != api && r.Header.Get("X-Key") != "" {
			t.Errorf("%s from %s is sent X-Key", r.Method, origin)
		}
	}
	i := slices.IndexFunc(report.Findings, func(f audit.Finding) bool { return f.ID == "F01" })
	if i < 0 {
		t.Fatalf("F01 is not found in %v", report.Findings)
	}
	if got := report.Findings[i].Severity; got != audit.Medium {
		t.Errorf("who reads no more than a 401: %s; want %s", got, audit.Medium)
	}
}

// TestLimit: so many requests and no more, and the report says so.
func TestLimit(t *testing.T) {
	var d diary
	report := run(t, subject(fetchtest.Servers{api: d.keeping(open)}), audit.Options{Limit: 12})
	if len(d.requests) != 12 || report.Requests != 12 {
		t.Errorf("%d requests were sent, %d told; want 12", len(d.requests), report.Requests)
	}
	if want := "after 12 requests no more were sent: what is told is not all"; !slices.Contains(report.Notes, want) {
		t.Errorf("notes %q; want %q among them", report.Notes, want)
	}
}

// TestInterval: requests keep their distance.
func TestInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var times []time.Time
		s := subject(fetchtest.Servers{api: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			times = append(times, time.Now())
			open(w, r)
		})})
		run(t, s, audit.Options{Interval: time.Second, Limit: 20})
		for i := 1; i < len(times); i++ {
			if d := times[i].Sub(times[i-1]); d < time.Second {
				t.Errorf("request %d comes %v after the one before; want a second", i, d)
			}
		}
	})
}

// TestSameEachTime: two audits of the same server say the same.
func TestSameEachTime(t *testing.T) {
	first := run(t, subject(fetchtest.Servers{api: open}), audit.Options{})
	second := run(t, subject(fetchtest.Servers{api: open}), audit.Options{})
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

// TestNobodyIsTold: a report does not say who the user is.
func TestNobodyIsTold(t *testing.T) {
	cookie := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "s-2", Secure: true})
		open(w, r)
	})
	report := run(t, subject(fetchtest.Servers{api: cookie}), audit.Options{})
	if len(report.Findings) == 0 {
		t.Fatal("nothing is found")
	}
	for i := range report.Findings {
		f := &report.Findings[i]
		for _, e := range f.Evidence {
			for _, x := range e.Exchanges {
				for _, h := range []http.Header{x.Request, x.Response} {
					for name, values := range h {
						for _, secret := range []string{"t-1", "k-1", "s-1", "s-2"} {
							if strings.Contains(strings.Join(values, ","), secret) {
								t.Errorf("%s: %s tells %q", f.ID, name, secret)
							}
						}
					}
				}
			}
		}
	}
}

// TestDiscovery: pages that nobody has named are found where the server speaks of
// them, and beside its host.
func TestDiscovery(t *testing.T) {
	for _, test := range []struct {
		name    string
		headers map[string]string
		trusts  []string
		want    []string
	}{
		{"nobody", nil, nil, []string{}},
		{"a neighbour", nil, []string{app}, []string{app}},
		{"in a policy", map[string]string{"Content-Security-Policy": "connect-src 'self' https://partner.example.net"}, []string{"https://partner.example.net"}, []string{"https://partner.example.net"}},
		{"named and refused", map[string]string{"Link": "<https://partner.example.net/a>; rel=preconnect"}, nil, []string{}},
		{"a constant", map[string]string{"Access-Control-Allow-Origin": cdn}, nil, []string{cdn}},
	} {
		s := subject(fetchtest.Servers{api: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range test.headers {
				w.Header().Set(name, value)
			}
			if o := r.Header.Get("Origin"); slices.Contains(test.trusts, o) {
				w.Header().Set("Access-Control-Allow-Origin", o)
				w.Header().Set("Access-Control-Allow-Headers", "authorization, x-key")
			}
			if r.Method == http.MethodOptions {
				w.Header().Set("Access-Control-Allow-Headers", "authorization, x-key")
			}
		})})
		s.Trusted = nil
		if diff := cmp.Diff(test.want, run(t, s, audit.Options{}).Trusted); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestNotes: what an audit could not look at it says.
func TestNotes(t *testing.T) {
	plain := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	for _, test := range []struct {
		name    string
		server  http.Handler
		trusted []string
		want    string // what a note begins with
		isTold  bool
	}{
		{"nobody is named, nobody is found", plain, nil, "no page was named", true},
		{"a page is named", plain, []string{app}, "no page was named", false},
		{"nobody is named, and all read", open, nil, "no page was named", false},
		{"an error", http.NotFoundHandler(), []string{app}, "even its own page is answered with status 404", true},
		{"no error", plain, []string{app}, "even its own page", false},
	} {
		s := subject(fetchtest.Servers{api: test.server})
		s.Trusted = test.trusted
		report := run(t, s, audit.Options{})
		if got := slices.ContainsFunc(report.Notes, func(note string) bool { return strings.HasPrefix(note, test.want) }); got != test.isTold {
			t.Errorf("%s: %q is told: %v; want %v; notes are %q", test.name, test.want, got, test.isTold, report.Notes)
		}
	}
}

// TestCookiesStay: not even a cookie that a browser would send along goes to another
// origin: of the same domain, of the same host without TLS, or at another port.
func TestCookiesStay(t *testing.T) {
	for _, to := range []string{"https://files.example.com", "http://api.example.com", api + ":8443"} {
		var d diary
		s := subject(fetchtest.Servers{
			api: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, to+"/orders", http.StatusFound)
			}),
			to: d.keeping(open),
		})
		s.Login = func(w *fetchtest.Web) {
			w.SetCookie(api, "wide=w-1; Domain=example.com; SameSite=None; Secure", "plain=p-1; SameSite=Lax")
		}
		run(t, s, audit.Options{Elsewhere: []string{to}})
		if len(d.requests) == 0 {
			t.Errorf("%s: it was not gone to", to)
		}
		for _, r := range d.requests {
			for _, name := range []string{"Cookie", "Authorization", "X-Key"} {
				if value := r.Header.Get(name); value != "" {
					t.Errorf("%s is sent %s: %s", to, name, value)
				}
			}
		}
	}
}
