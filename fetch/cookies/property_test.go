package cookies_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

var (
	someHosts = []string{"example.com", "www.example.com", "a.b.example.com", "other.example", "me.github.io", "you.github.io", "github.io", "x.co.uk", "y.x.co.uk", "localhost", "a.localhost", "127.0.0.1", "[::1]", "com"}
	somePaths = []string{"/", "/a", "/a/", "/a/b", "/ab/c"}
	someRules = []cookies.Rules{standard, chromium, firefox, webkit, {ThirdParty: cookies.ThirdPartyBlocked}}
	someParts = []string{"Secure", "HttpOnly", "SameSite=Strict", "SameSite=Lax", "SameSite=None", "SameSite=None; Secure", "Partitioned; Secure", "Path=/", "Path=/a", "Max-Age=5", "Max-Age=0", "Max-Age=1000",
		"Domain=example.com", "Domain=github.io", "Domain=co.uk", "Domain=x.co.uk", "Domain=com", "Domain=localhost", "Domain=0.0.1"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func someURL(r *rand.Rand) string {
	return pick(r, []string{"http", "https"}) + "://" + pick(r, someHosts) + pick(r, somePaths)
}

func someRequest(r *rand.Rand) cookies.Request {
	req := cookies.Request{TopLevelNavigation: r.IntN(8) == 0, Script: r.IntN(8) == 0, CrossSiteAncestor: r.IntN(8) == 0, Method: pick(r, []string{"", "GET", "POST"})}
	for range 1 + r.IntN(3) {
		req.URLs = append(req.URLs, weburl.MustParse(someURL(r)))
	}
	req.Origin = origin.FromURL(weburl.MustParse(someURL(r)))
	if r.IntN(2) == 0 {
		req.Origin = origin.FromURL(req.URLs[len(req.URLs)-1])
	}
	if r.IntN(3) == 0 {
		req.TopLevel = origin.FromURL(weburl.MustParse(someURL(r)))
	}
	return req
}

// someCookie returns a Set-Cookie header whose value tells of what it asks for.
func someCookie(r *rand.Rand, u *weburl.URL, serial int) string {
	header := fmt.Sprintf("%c=%d@%s", 'a'+r.IntN(4), serial, u.Hostname())
	for range r.IntN(4) {
		header += "; " + pick(r, someParts)
	}
	return header
}

// What holds of every store, whatever has happened to it.
func TestProperties(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		rules := pick(r, someRules)
		var s cookies.Store
		now := noon
		for i := range 60 {
			now = now.Add(time.Duration(r.IntN(4)) * time.Second)
			req := someRequest(r)
			u := req.URLs[len(req.URLs)-1]
			s.SetCookies(req, []string{someCookie(r, u, i)}, rules, now)
			checkSent(t, &s, someRequest(r), rules, now)
			checkEntries(t, &s, rules, now)
		}
		text := save(t, &s, now)
		var again cookies.Store
		if err := again.Load(strings.NewReader(text), now); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got := save(t, &again, now); got != text {
			t.Fatalf("seed %d: saved, loaded and saved:\n%s\nwant\n%s", seed, got, text)
		}
		for range 20 {
			req := someRequest(r)
			if got, want := again.Cookie(req, rules, now), s.Cookie(req, rules, now); got != want {
				t.Fatalf("seed %d: %+v has %q once loaded; want %q", seed, req, got, want)
			}
		}
	}
}

// checkSent checks what a request has against the list of all there are.
func checkSent(t *testing.T, s *cookies.Store, req cookies.Request, rules cookies.Rules, now time.Time) {
	t.Helper()
	u := req.URLs[len(req.URLs)-1]
	host := u.Hostname()
	entries := map[string]cookies.Entry{}
	for _, e := range s.Entries(now) {
		entries[e.Name+"="+e.Value] = e
	}
	length := 1 << 20
	sent := s.Cookie(req, rules, now)
	if sent == "" {
		return
	}
	for _, pair := range strings.Split(sent, "; ") {
		e, ok := entries[pair]
		from := pair[strings.LastIndexByte(pair, '@')+1:]
		switch {
		case !ok:
			t.Errorf("%s is sent, and not there", pair)
		case e.Secure && u.Scheme() != "https" && !(rules.SecureOnLoopback && origin.PotentiallyTrustworthyURL(u)):
			t.Errorf("%s is Secure, and sent to %s", pair, u)
		case e.HTTPOnly && req.Script:
			t.Errorf("%s is HttpOnly, and seen by a script", pair)
		case e.HostOnly && e.Domain != host:
			t.Errorf("%s is for %s alone, and sent to %s", pair, e.Domain, host)
		case host != from && suffix(host) == host, host != from && !strings.HasSuffix(host, "."+e.Domain) && host != e.Domain:
			t.Errorf("%s is sent to %s", pair, host)
		case host != from && !origin.FromURL(u).SchemelesslySameSite(origin.FromURL(weburl.MustParse("https://"+from))):
			t.Errorf("%s is sent to another site, %s", pair, host)
		case e.SameSite == cookies.SameSiteStrict && req.SameSiteMode(rules) != cookies.StrictOrLess:
			t.Errorf("%s is Strict, and sent by %+v", pair, req)
		case len(e.Path) > length:
			t.Errorf("%s has a longer path than the one before: %s", pair, sent)
		}
		length = len(e.Path)
	}
}

// suffix returns the public suffix of host.
func suffix(host string) string {
	s, _ := publicsuffix.PublicSuffix(host)
	return s
}

// checkEntries checks what no store has.
func checkEntries(t *testing.T, s *cookies.Store, rules cookies.Rules, now time.Time) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range s.Entries(now) {
		key := fmt.Sprint(e.Name, " ", e.Domain, e.HostOnly, e.Path, e.Partition, e.ThirdParty)
		switch {
		case seen[key]:
			t.Errorf("%s is there twice", key)
		case !e.HostOnly && suffix(e.Domain) == e.Domain:
			t.Errorf("%s=%s is for all of %s", e.Name, e.Value, e.Domain)
		case e.SameSite == cookies.SameSiteNone && !e.Secure && !rules.InsecureNone:
			t.Errorf("%s=%s has None without Secure", e.Name, e.Value)
		case !e.Expires.IsZero() && !e.Expires.After(now):
			t.Errorf("%s=%s has expired", e.Name, e.Value)
		}
		seen[key] = true
	}
}

// What a same-site https request sets with Path=/ is what it gets back.
func TestSetAndSent(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		req := own("https://" + pick(r, someHosts) + pick(r, somePaths))
		header := fmt.Sprintf("n=%d; Path=/", seed)
		for _, part := range []string{"; Secure", "; HttpOnly", "; SameSite=Strict", "; Max-Age=9", "; SameSite=Lax"} {
			if r.IntN(2) == 0 {
				header += part
			}
		}
		var s cookies.Store
		s.SetCookies(req, []string{header}, pick(r, someRules), noon)
		if got, want := s.Cookie(req, standard, noon), fmt.Sprintf("n=%d", seed); got != want {
			t.Errorf("%q set by %v: sent %q; want %q", header, req.URLs, got, want)
		}
	}
}

func FuzzSetCookie(f *testing.F) {
	for _, test := range pairTests {
		f.Add(test.header)
	}
	for _, test := range attributeTests {
		f.Add("a=1" + test.attributes)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := own("https://www.example.com/d/f")
		for _, rules := range someRules {
			var s cookies.Store
			s.SetCookies(r, []string{header, "k=1"}, rules, noon)
			checkEntries(t, &s, rules, noon)
			sent := s.Cookie(own("https://www.example.com/d/f"), rules, noon)
			if strings.ContainsAny(sent, "\x00\r\n\x7f") {
				t.Errorf("%q is sent as %q", header, sent)
			}
			name, value, ok := cookies.ParsedPair(header, rules, noon)
			for _, e := range s.Entries(noon) {
				if e.Name == "k" && e.Value == "1" {
					continue
				}
				if !ok || e.Name != name || e.Value != value {
					t.Errorf("%q is stored as %q=%q; parsed: %q=%q %v", header, e.Name, e.Value, name, value, ok)
				}
				if len(name)+len(value) > 4096 || len(e.Path) > 1024 || e.Expires.After(noon.Add(400*day)) {
					t.Errorf("%q is stored beyond the limits: %+v", header, e)
				}
			}
			if rules != webkit { // which refuses the least
				continue
			}
			// The saved form loses nothing.
			text := save(t, &s, noon)
			var again cookies.Store
			if err := again.Load(strings.NewReader(text), noon); err != nil {
				t.Fatalf("%q is saved as what cannot be loaded: %v", header, err)
			}
			if got := again.Cookie(r, rules, noon); got != sent {
				t.Errorf("%q is sent as %q once loaded; want %q", header, got, sent)
			}
		}
	})
}
