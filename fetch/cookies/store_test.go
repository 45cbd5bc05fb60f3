package cookies_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
)

// A story is what happens to one store: requests that set something and
// requests that are to get something.
type story struct {
	desc  string
	rules cookies.Rules
	steps []step
}

type step struct {
	after time.Duration // since noon
	r     cookies.Request
	set   []string
	want  string // without set: what the request has
}

func set(r cookies.Request, headers ...string) step      { return step{r: r, set: headers} }
func sends(r cookies.Request, want string) step          { return step{r: r, want: want} }
func later(d time.Duration, s step) step                 { s.after = d; return s }
func get(url, want string) step                          { return sends(own(url), want) }
func put(url string, headers ...string) step             { return set(own(url), headers...) }
func scriptSets(url string, headers ...string) step      { return set(script(url), headers...) }
func method(r cookies.Request, m string) cookies.Request { r.Method = m; return r }

func (s story) run(t *testing.T) {
	t.Helper()
	var store cookies.Store
	for i, step := range s.steps {
		now := noon.Add(step.after)
		if step.set != nil {
			store.SetCookies(step.r, step.set, s.rules, now)
			continue
		}
		if got := store.Cookie(step.r, s.rules, now); got != step.want {
			t.Errorf("step %d: %v has %q; want %q", i, step.r.URLs, got, step.want)
		}
	}
}

const (
	site  = "https://example.com/"
	www   = "https://www.example.com/"
	plain = "http://www.example.com/"
	other = "https://other.example/"
)

// framedElsewhere is a request to the tab's site by a page of that site in a frame
// of another one.
var framedElsewhere = cookies.Request{URLs: list(site), Origin: origin.MustParse("https://example.com"), CrossSiteAncestor: true}

var stories = []story{
	// RFC 6265, part 3.1, with the expiry moved to where it is in the future.
	{"RFC 6265: a session", standard, []step{
		put(www, "SID=31d4d96e407aad42"),
		get(www, "SID=31d4d96e407aad42"),
		get(site, ""),
	}},
	{"RFC 6265: Path and Domain", standard, []step{
		put(www+"a/b", "SID=31d4d96e407aad42; Path=/; Domain=example.com"),
		get(site, "SID=31d4d96e407aad42"),
		get("https://x.www.example.com/y", "SID=31d4d96e407aad42"),
		get(other, ""),
	}},
	{"RFC 6265: two cookies", standard, []step{
		put(site, "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly", "lang=en-US; Path=/; Domain=example.com"),
		get(site, "SID=31d4d96e407aad42; lang=en-US"),
		get(www, "lang=en-US"),
		sends(script(site), "lang=en-US"),
	}},
	{"RFC 6265: a cookie that is to last, and its removal", standard, []step{
		put(site, "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly", "lang=en-US; Expires=Wed, 09 Jun 2027 10:18:14 GMT"),
		get(site, "SID=31d4d96e407aad42; lang=en-US"),
		put(site, "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT"),
		get(site, "SID=31d4d96e407aad42"),
	}},

	{"host-only and domain cookies", standard, []step{
		put(site, "h=1", "d=1; Domain=example.com"),
		get(site, "h=1; d=1"), get(www, "d=1"), get("https://notexample.com/", ""), get("https://com/", ""),
	}},
	{"a port makes no difference", standard, []step{
		put("https://example.com:1/", "a=1"), get("https://example.com:2/", "a=1"),
	}},
	{"RED-036 each host has its own", standard, []step{
		put(site, "a=1; SameSite=None; Secure"), put(other, "b=1; SameSite=None; Secure"),
		sends(from("https://example.com", site, other), "b=1"),
		sends(from("https://example.com", site, other, site), "a=1"),
	}},
	{"path match", standard, []step{
		put(site, "r=1; Path=/", "a=1; Path=/a", "s=1; Path=/a/", "b=1; Path=/a/b"),
		get(site, "r=1"), get(site+"a", "a=1; r=1"), get(site+"a/", "s=1; a=1; r=1"), get(site+"ab", "r=1"),
		get(site+"a/b?/x", "b=1; s=1; a=1; r=1"), get(site+"a/bc", "s=1; a=1; r=1"), get(site+"A", "r=1"),
	}},
	{"longer paths first, then older cookies", standard, []step{
		later(3*time.Second, put(site, "c=1; Path=/")),
		later(1*time.Second, put(site, "b=1; Path=/", "a=1; Path=/")),
		later(2*time.Second, put(site, "d=1; Path=/x")),
		later(4*time.Second, get(site+"x", "d=1; b=1; a=1; c=1")),
	}},
	{"a replaced cookie keeps its age", standard, []step{
		put(site, "a=1", "b=1"), later(time.Minute, put(site, "a=2; Secure")), later(time.Minute, get(site, "a=2; b=1")),
	}},
	{"a removed cookie does not", standard, []step{
		put(site, "a=1", "b=1"), put(site, "a=; Max-Age=0"), get(site, "b=1"), put(site, "a=2"), get(site, "b=1; a=2"),
	}},
	{"different in name, host-only or path: no replacement", standard, []step{
		put(site, "a=1", "A=2", "a=3; Domain=example.com", "a=4; Path=/x"),
		get(site+"x", "a=4; a=1; A=2; a=3"),
	}},
	{"expiry", standard, []step{
		put(site, "a=1; Max-Age=60", "s=1"),
		later(59*time.Second, get(site, "a=1; s=1")), later(60*time.Second, get(site, "s=1")),
		later(60*time.Second, put(site, "a=2; Max-Age=60")), later(61*time.Second, get(site, "s=1; a=2")),
		later(1000*day, get(site, "s=1")),
	}},
	{"other schemes have no cookies", chromium, []step{
		put("ftp://localhost/", "a=1"), put("data:,x", "a=1"), put("about:blank", "a=1"),
		get("ftp://localhost/", ""), get("data:,x", ""), get("http://localhost/", ""),
	}},

	{"Secure", standard, []step{
		put(www, "a=1; Secure"), get(www, "a=1"), get(plain, ""),
		put(plain, "b=1; Secure"), get(www, "a=1"),
	}},
	{"Secure on loopback", chromium, []step{
		put("http://a.localhost:1/", "a=1; Secure"), get("http://a.localhost:2/", "a=1"), get("https://a.localhost/", "a=1"),
		put("http://127.0.0.1/", "b=1; Secure"), get("http://127.0.0.1/", "b=1"),
		put("http://[::1]/", "c=1; Secure"), get("http://[::1]/", "c=1"),
		put("http://10.0.0.1/", "d=1; Secure"), get("https://10.0.0.1/", ""),
	}},
	{"no Secure on loopback", standard, []step{
		put("http://localhost/", "a=1; Secure"), get("https://localhost/", ""),
		put("https://localhost/", "a=1; Secure"), get("http://localhost/", ""),
	}},
	{"what is not Secure leaves Secure cookies alone", standard, []step{
		put(www, "a=1; Secure; Path=/login; Domain=example.com"),
		put(plain, "a=2; Path=/login"), put(plain, "a=2; Path=/login/en"), put(plain, "a=2; Domain=example.com; Path=/login"),
		get(plain+"login/en", ""),
		put(plain, "a=2; Path=/"), put(plain, "a=3; Path=/loginx"), put(plain, "b=2; Path=/login"),
		get(plain+"login", "b=2; a=2"),
		put(www, "a=4; Path=/login"), get(www+"login", "a=1; b=2; a=4; a=2"),
	}},
	{"a Secure cookie of a sibling is no obstacle", standard, []step{
		put("https://b.example.com/", "a=1; Secure"), put(plain, "a=2"), get(plain, "a=2"),
	}},
	{"an expired Secure cookie is no obstacle", standard, []step{
		put(www, "a=1; Secure; Max-Age=1"), later(time.Second, put(plain, "a=2")), later(time.Second, get(plain, "a=2")),
	}},

	{"HttpOnly and scripts", standard, []step{
		put(site, "h=1; HttpOnly", "a=1"), sends(script(site), "a=1"),
		scriptSets(site, "h=2"), scriptSets(site, "h=; Max-Age=0"), scriptSets(site, "a=2"), scriptSets(site, "x=1; HttpOnly"),
		get(site, "h=1; a=2"),
		scriptSets(site, "h=3; Path=/x"), get(site+"x", "h=3; h=1; a=2"),
		put(site, "h=4"), sends(script(site), "h=4; a=2"),
	}},

	{"CRD-008 Lax and Strict are not for other sites", standard, []step{
		put(other, "l=1; SameSite=Lax", "s=1; SameSite=Strict", "d=1"),
		sends(from("https://example.com", other), ""), get(other, "l=1; s=1; d=1"),
	}},
	{"CRD-008 nor can other sites set them", standard, []step{
		set(from("https://example.com", other), "l=1; SameSite=Lax", "s=1; SameSite=Strict", "d=1"), get(other, ""),
	}},
	{"CRD-009 None is for other sites", standard, []step{
		put(other, "n=1; SameSite=None; Secure"), sends(from("https://example.com", other), "n=1"),
		set(from("https://example.com", other), "m=1; SameSite=None; Secure"), get(other, "n=1; m=1"),
	}},
	{"CRD-010 another origin of the same site gets Strict", standard, []step{
		put(www, "s=1; SameSite=Strict"), sends(from("https://example.com:8443", www), "s=1"),
		set(from("https://example.com:8443", www), "t=1; SameSite=Strict"), get(www, "s=1; t=1"),
	}},
	{"top-level navigation", standard, []step{
		put(other, "n=1; SameSite=None; Secure", "l=1; SameSite=Lax", "s=1; SameSite=Strict", "d=1"),
		sends(navigate("https://example.com", "GET", other), "n=1; l=1; d=1"),
		sends(navigate("https://example.com", "HEAD", other), "n=1; l=1; d=1"),
		sends(navigate("https://example.com", "POST", other), "n=1"),
		sends(navigate("https://other.example", "POST", other), "n=1; l=1; s=1; d=1"),
		sends(visit(other), "n=1; l=1; s=1; d=1"),
		set(navigate("https://example.com", "POST", other), "t=1; SameSite=Strict"), sends(visit(other), "n=1; l=1; s=1; d=1; t=1"),
	}},
	{"Lax-allowing-unsafe", chromium, []step{
		put(other, "l=1; SameSite=Lax", "d=1"),
		later(2*time.Minute, sends(navigate("https://example.com", "POST", other), "d=1")),
		later(2*time.Minute+1, sends(navigate("https://example.com", "POST", other), "")),
		sends(method(from("https://example.com", other), "POST"), ""),
	}},
	{"a navigation through another site", standard, []step{
		put(site, "l=1; SameSite=Lax", "s=1; SameSite=Strict"),
		sends(navigate("https://example.com", "GET", site, other, site), "l=1"),
	}},
	{"frames of another site", standard, []step{
		put(other, "s=1; SameSite=Strict", "n=1; SameSite=None; Secure"), put(site, "t=1; SameSite=Strict"),
		sends(cookies.Request{URLs: list(other), Origin: origin.MustParse("https://other.example"), TopLevel: origin.MustParse("https://example.com")}, "n=1"),
		sends(cookies.Request{URLs: list(site), Origin: origin.MustParse("https://other.example"), TopLevel: origin.MustParse("https://example.com")}, ""),
		sends(cookies.Request{URLs: list(site), Origin: origin.MustParse("https://example.com"), TopLevel: origin.MustParse("https://example.com"), CrossSiteAncestor: true}, ""),
		sends(cookies.Request{URLs: list(site), Origin: origin.MustParse("https://www.example.com"), TopLevel: origin.MustParse("https://example.com")}, "t=1"),
	}},
	{"the zero origin is of no site", standard, []step{
		put(site, "s=1; SameSite=Strict", "n=1; SameSite=None; Secure"), sends(cookies.Request{URLs: list(site)}, "n=1"),
	}},
	{"an opaque top-level document", standard, []step{
		put(site, "s=1; SameSite=Strict", "n=1; SameSite=None; Secure"),
		sends(cookies.Request{URLs: list(site), Origin: origin.NewOpaque()}, "n=1"),
	}},

	{"Partitioned", standard, []step{
		set(from("https://example.com", other), "p=1; Partitioned; Secure; SameSite=None"),
		set(from("https://third.example", other), "p=2; Partitioned; Secure; SameSite=None"),
		put(other, "p=3; Secure; SameSite=None", "p=4; Partitioned; Secure; SameSite=None"),
		sends(from("https://www.example.com", other), "p=1; p=3"),
		sends(from("https://third.example", other), "p=2; p=3"),
		sends(from("http://example.com", other), "p=3"),
		get(other, "p=3; p=4"), sends(visit(other), "p=3; p=4"),
	}},
	{"Partitioned under a frame of another site", standard, []step{
		put(site, "p=1; Partitioned; Secure; SameSite=None"),
		set(framedElsewhere, "q=1; Partitioned; Secure; SameSite=None"),
		get(site, "p=1"), sends(framedElsewhere, "q=1"),
	}},
	{"Partitioned where third parties are blocked", cookies.Rules{ThirdParty: cookies.ThirdPartyBlocked}, []step{
		put(other, "n=1; SameSite=None; Secure"),
		set(from("https://example.com", other), "p=1; Partitioned; Secure; SameSite=None", "m=1; SameSite=None; Secure"),
		sends(from("https://example.com", other), "p=1"), get(other, "n=1"),
	}},
	{"third parties only read", cookies.Rules{ThirdParty: cookies.ThirdPartyUnset}, []step{
		put(other, "n=1; SameSite=None; Secure"), set(from("https://example.com", other), "m=1; SameSite=None; Secure"),
		sends(from("https://example.com", other), "n=1"), get(other, "n=1"),
	}},
	{"third parties have a jar for each tab", firefox, []step{
		put(other, "n=1; SameSite=None; Secure"),
		set(from("https://example.com", other), "m=1; SameSite=None; Secure", "d=1", "l=1; SameSite=Lax"),
		sends(from("https://example.com", other), "m=1; d=1"), sends(from("https://third.example", other), ""), get(other, "n=1"),
	}},
	{"Partitioned is unknown", webkit, []step{
		set(from("https://example.com", other), "p=1; Partitioned"), get(other, "p=1"),
	}},
}

func TestStories(t *testing.T) {
	for _, s := range stories {
		t.Run(s.desc, s.run)
	}
}

// The zero request, and one of nothing but a URL that has no cookies, are
// answered.
func TestNoURL(t *testing.T) {
	var s cookies.Store
	s.SetCookies(cookies.Request{}, []string{"a=1"}, standard, noon)
	if got := s.Cookie(cookies.Request{}, standard, noon); got != "" {
		t.Errorf("the zero request has %q", got)
	}
	if got := (cookies.Request{}).SameSiteMode(standard); got != cookies.NoneOnly {
		t.Errorf("the zero request has mode %d", got)
	}
}

func TestDomainMatch(t *testing.T) {
	for _, test := range []struct {
		host, domain string
		want         bool
	}{
		{"example.com", "example.com", true},
		{"www.example.com", "example.com", true},
		{"a.www.example.com", "example.com", true},
		{"example.com", "www.example.com", false},
		{"notexample.com", "example.com", false},
		{"example.com.", "example.com", false},
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1", "0.0.1", false},
		{"127.0.0.1", "1", false},
		{"[::1]", "[::1]", true},
		{"1.example", "example", true},
	} {
		if got := cookies.DomainMatch(test.host, test.domain); got != test.want {
			t.Errorf("%s matches %s: %v; want %v", test.host, test.domain, got, test.want)
		}
	}
}

func TestSameSiteMode(t *testing.T) {
	for _, test := range []struct {
		desc  string
		r     cookies.Request
		rules cookies.Rules
		want  cookies.SameSiteMode
	}{
		{"same origin", own(site), standard, cookies.StrictOrLess},
		{"same site", from("https://www.example.com", site), standard, cookies.StrictOrLess},
		{"other scheme", from("http://example.com", site), standard, cookies.NoneOnly},
		{"other scheme, schemeless", from("http://example.com", site), firefox, cookies.StrictOrLess},
		{"other site", from("https://example.com", other), standard, cookies.NoneOnly},
		{"by way of another site", from("https://example.com", site, other, site), standard, cookies.NoneOnly},
		{"by way of another site, ignored", from("https://example.com", site, other, site), chromium, cookies.StrictOrLess},
		{"by way of the same site", from("https://example.com", www, site), standard, cookies.StrictOrLess},
		{"navigation", navigate("https://example.com", "", other), standard, cookies.LaxOrLess},
		{"navigation by PUT", navigate("https://example.com", "PUT", other), standard, cookies.UnsetOrLess},
		{"navigation that leaves its site, ignored", navigate("https://example.com", "", site, other, site), chromium, cookies.StrictOrLess},
	} {
		t.Run(test.desc, func(t *testing.T) {
			if got := test.r.SameSiteMode(test.rules); got != test.want {
				t.Errorf("mode %d; want %d", got, test.want)
			}
		})
	}
}

func TestMaxPerDomain(t *testing.T) {
	var s cookies.Store
	s.SetCookies(own(www), []string{"secure=1; Secure", "used=1"}, standard, noon)
	for i := range cookies.MaxPerDomain - 2 {
		s.SetCookies(own(site), []string{fmt.Sprintf("c%d=1", i)}, standard, noon.Add(time.Second))
	}
	if got := len(s.Entries(noon)); got != cookies.MaxPerDomain {
		t.Fatalf("%d cookies; want %d", got, cookies.MaxPerDomain)
	}
	s.Cookie(own(www), standard, noon.Add(time.Minute)) // uses both of www
	s.SetCookies(own(other), []string{"other=1"}, standard, noon)
	s.SetCookies(own(site), []string{"new1=1", "new2=1; Secure"}, standard, noon.Add(time.Hour))
	got := " " + names(&s, noon.Add(time.Hour)) + " "
	for _, name := range []string{"secure", "used", "c2", "new1", "new2", "other"} {
		if !strings.Contains(got, " "+name+" ") {
			t.Errorf("%s is gone", name)
		}
	}
	for _, name := range []string{"c0", "c1"} {
		if strings.Contains(got, " "+name+" ") {
			t.Errorf("%s is still there, although not used for the longest time", name)
		}
	}
	// What is Secure goes last, however long it has not been used.
	var many []string
	for i := range cookies.MaxPerDomain {
		many = append(many, fmt.Sprintf("s%d=1; Secure", i))
	}
	s.SetCookies(own(www), many, standard, noon.Add(2*time.Hour))
	s.SetCookies(own(www), []string{"late=1"}, standard, noon.Add(3*time.Hour))
	for _, e := range s.Entries(noon) {
		if !e.Secure && e.Name != "other" {
			t.Errorf("%s is still there, although not Secure", e.Name)
		}
	}
}

func TestExpiredAreEvictedFirst(t *testing.T) {
	var s cookies.Store
	for i := range cookies.MaxPerDomain {
		s.SetCookies(own(site), []string{fmt.Sprintf("c%d=1; Max-Age=%d", i, 60+i)}, standard, noon)
	}
	s.SetCookies(own(site), []string{"new=1"}, standard, noon.Add(time.Minute))
	if got := len(s.Entries(noon)); got != cookies.MaxPerDomain {
		t.Errorf("%d cookies; want %d: of those, one had expired", got, cookies.MaxPerDomain)
	}
}

func TestMaxCookies(t *testing.T) {
	var s cookies.Store
	for i := range cookies.MaxCookies {
		s.SetCookies(own(fmt.Sprintf("https://d%d.example/", i/100)), []string{fmt.Sprintf("c%d=1", i)}, standard, noon)
	}
	if got := len(s.Entries(noon)); got != cookies.MaxCookies {
		t.Fatalf("%d cookies; want %d", got, cookies.MaxCookies)
	}
	// There is room as long as something has expired.
	s.SetCookies(own("https://d0.example/"), []string{"c0=; Max-Age=0", "short=1; Max-Age=1"}, standard, noon)
	s.SetCookies(own(site), []string{"a=1"}, standard, noon.Add(time.Second))
	if got := names(&s, noon.Add(time.Second)); len(strings.Fields(got)) != cookies.MaxCookies || !strings.HasPrefix(got, "c1 c2 ") || !strings.HasSuffix(got, " a") {
		t.Errorf("cookies are evicted although one has expired: %.300s", got)
	}
	// Those of d0 have been used.
	s.Cookie(own("https://d0.example/"), standard, noon.Add(time.Second))
	s.SetCookies(own(site), []string{"b=1"}, standard, noon.Add(time.Minute))
	got := names(&s, noon.Add(time.Minute))
	if n := len(strings.Fields(got)); n != cookies.MaxCookies-300 {
		t.Errorf("%d cookies after there were too many; want %d", n, cookies.MaxCookies-300)
	}
	if !strings.HasPrefix(got, "c1 ") || !strings.Contains(got, " c99 c401 c402 ") || !strings.HasSuffix(got, " a b") {
		t.Errorf("other cookies than those not used for the longest time are gone: %.900s", got)
	}
}

// A store does not keep alive the URLs and headers that its cookies came from.
func TestMemory(t *testing.T) {
	const megabyte = 1 << 20
	var s cookies.Store
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range 32 {
		for range 2 {
			r := own(fmt.Sprintf("https://d%d.example/?%s", i, strings.Repeat("x", megabyte)))
			s.SetCookies(r, []string{"a=1; x=" + strings.Repeat("x", megabyte)}, standard, noon)
			s.Cookie(r, standard, noon)
		}
	}
	if after := heap(); after > before+8*megabyte {
		t.Errorf("%d bytes more are in use than before", after-before)
	}
	runtime.KeepAlive(&s)
}

func TestClear(t *testing.T) {
	var s cookies.Store
	s.SetCookies(own(site), []string{"a=1"}, standard, noon)
	s.Clear()
	if got := s.Entries(noon); len(got) != 0 {
		t.Errorf("after Clear: %v", got)
	}
	s.SetCookies(own(site), []string{"b=1"}, standard, noon)
	if got := s.Cookie(own(site), standard, noon); got != "b=1" {
		t.Errorf("a cleared store has %q; want b=1", got)
	}
}

// A change to an entry is none to the store.
func TestEntriesAreCopies(t *testing.T) {
	var s cookies.Store
	s.SetCookies(own(site), []string{"a=1"}, standard, noon)
	s.Entries(noon)[0].Value = "2"
	if got := s.Cookie(own(site), standard, noon); got != "a=1" {
		t.Errorf("got %q after a change to an entry; want a=1", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	var s cookies.Store
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 200 {
				r := from("https://example.com", fmt.Sprintf("https://d%d.example/", j%7))
				s.SetCookies(r, []string{fmt.Sprintf("c%d=%d; SameSite=None; Secure", j, i), "p=1; Secure; SameSite=None; Partitioned"}, firefox, noon)
				s.Cookie(r, firefox, noon)
				switch j % 50 {
				case 0:
					s.Entries(noon)
				case 1:
					var b strings.Builder
					if err := s.Save(&b, noon); err != nil {
						t.Error(err)
					}
					if err := s.Load(strings.NewReader(b.String()), noon); err != nil {
						t.Error(err)
					}
				case 2:
					if i == 0 {
						s.Clear()
					}
				}
			}
		})
	}
	wg.Wait()
}
