package httpauth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch/httpauth"
)

// std is what the RFCs say.
var std httpauth.Rules

var (
	home  = httpauth.Space{Origin: "https://a.test"}
	away  = httpauth.Space{Origin: "https://b.test"}
	proxy = httpauth.Space{Origin: "https://a.test", Proxy: true}
)

func get(target string) httpauth.Request {
	return httpauth.Request{Method: "GET", Target: target, Nonce: func() string { return "c" }}
}

// parse returns the challenge of a header.
func parse(t *testing.T, header string) *challenge {
	t.Helper()
	all := httpauth.Parse([]string{header}, httpauth.Rules{})
	if len(all) != 1 {
		t.Fatalf("%d challenges in %q; want 1", len(all), header)
	}
	return &all[0]
}

// known is a Store that knows u:p for realm r of home, asked for in /dir/.
func known(t *testing.T) (*httpauth.Store, *challenge) {
	t.Helper()
	s, c := new(httpauth.Store), parse(t, `Basic realm="r"`)
	s.Add(home, c, "/dir/login?x=/y/", httpauth.User{Name: "u", Password: "p"}, std)
	return s, c
}

// https://www.rfc-editor.org/rfc/rfc7617#section-2.2
func TestUnasked(t *testing.T) {
	s, _ := known(t)
	for _, tt := range []struct {
		space  httpauth.Space
		target string
		want   bool
	}{
		{home, "/dir/", true},
		{home, "/dir/x", true},
		{home, "/dir/sub/x?q", true},
		{home, "/dir", false},
		{home, "/dirx", false},
		{home, "/", false},
		{home, "/?/dir/", false},
		{away, "/dir/x", false},
		{proxy, "/dir/x", false},
	} {
		if got := s.Unasked(tt.space, get(tt.target), std).Header; (got == "Basic dTpw") != tt.want {
			t.Errorf("%+v %s: got %q; want credentials: %v", tt.space, tt.target, got, tt.want)
		}
	}
}

// TestPathRules: where the password of a directory goes along besides.
func TestPathRules(t *testing.T) {
	basic, _ := known(t)
	digest := new(httpauth.Store)
	digest.Add(home, parse(t, `Digest realm="r", nonce="n"`), "/dir/login", httpauth.User{Name: "u"}, std)
	for _, tt := range []struct {
		desc  string
		store *httpauth.Store
		rules httpauth.Rules
		path  string
		want  bool
	}{
		{"Basic, loosely, without the slash", basic, httpauth.Rules{LoosePaths: true}, "/dir", true},
		{"Basic, loosely, a longer name", basic, httpauth.Rules{LoosePaths: true}, "/dirx", true},
		{"Basic, loosely, above", basic, httpauth.Rules{LoosePaths: true}, "/", false},
		{"Digest, anywhere", digest, httpauth.Rules{}, "/", true},
		{"Digest by path, above", digest, httpauth.Rules{DigestByPath: true}, "/", false},
		{"Digest by path, below", digest, httpauth.Rules{DigestByPath: true}, "/dir/sub/", true},
	} {
		if got := tt.store.Unasked(home, get(tt.path), tt.rules).Header != ""; got != tt.want {
			t.Errorf("%s: credentials: %v, want %v", tt.desc, got, tt.want)
		}
	}
}

// TestDomain: where Digest goes along unasked that has come with the parameter
// domain.
//
// https://www.rfc-editor.org/rfc/rfc7616#section-3.3
func TestDomain(t *testing.T) {
	libsoup, others := httpauth.Rules{LoosePaths: true}, httpauth.Rules{DigestByPath: true}
	for _, tt := range []struct {
		domain string
		rules  httpauth.Rules
		space  httpauth.Space
		target string
		want   bool
	}{
		{"", std, home, "/elsewhere", true},
		{"/in/", std, home, "/in/x", true},
		{"/in/", std, home, "/in", false},
		{"/in/", libsoup, home, "/in", true},
		{"/in/", std, home, "/dir/x", false}, // although that has asked
		{"/in/ /more/", std, home, "/more/x", true},
		{"https://a.test/in/", std, home, "/in/x", true},
		{"https://a.test:8443/in/", std, home, "/in/x", false},
		{"https://b.test/in/", std, home, "/in/x", false},
		{"https://b.test/in/", std, away, "/in/x", false},
		{"in/", std, home, "/in/x", false},
		{"/in/", others, home, "/in/x", false},
		{"/in/", others, home, "/dir/x", true},
		{"/in/", std, proxy, "/elsewhere", true},
	} {
		s := new(httpauth.Store)
		asked := tt.space
		if asked == away {
			asked = home
		}
		s.Add(asked, parse(t, `Digest realm="r", nonce="n", domain="`+tt.domain+`"`), "/dir/login", httpauth.User{Name: "u"}, tt.rules)
		if got := s.Unasked(tt.space, get(tt.target), tt.rules).Header != ""; got != tt.want {
			t.Errorf("domain %q, %+v, %s%s: credentials: %v, want %v", tt.domain, tt.rules, tt.space.Origin, tt.target, got, tt.want)
		}
	}
}

// TestAnswerLearns: the same realm elsewhere is answered, and then unasked.
func TestAnswerLearns(t *testing.T) {
	s, c := known(t)
	if got := s.Answer(away, c, get("/x"), std); got.Header != "" {
		t.Errorf("another origin is answered %q; want nothing", got.Header)
	}
	if got := s.Answer(home, parse(t, `Basic realm="R"`), get("/x"), std); got.Header != "" {
		t.Errorf("another realm is answered %q; want nothing", got.Header)
	}
	if got := s.Answer(home, parse(t, `Digest realm="r", nonce="n"`), get("/x"), std); got.Header != "" {
		t.Errorf("another scheme is answered %q; want nothing", got.Header)
	}
	if got := s.Unasked(home, get("/x"), std); got.Header != "" {
		t.Errorf("before the challenge: got %q; want nothing", got.Header)
	}
	if got := s.Answer(home, c, get("/x"), std); got.Header != "Basic dTpw" {
		t.Errorf("the realm is answered %q; want its password", got.Header)
	}
	if got := s.Unasked(home, get("/y"), std); got.Header != "Basic dTpw" {
		t.Errorf("behind the challenge: got %q; want its password", got.Header)
	}
}

// TestLongestPath: of two realms the one of the nearer directory is meant.
func TestLongestPath(t *testing.T) {
	s, _ := known(t)
	s.Add(home, parse(t, `Basic realm="s"`), "/dir/sub/x", httpauth.User{Name: "v"}, std)
	for target, want := range map[string]string{"/dir/x": "u", "/dir/sub/x": "v"} {
		if got := s.Unasked(home, get(target), std).User.Name; got != want {
			t.Errorf("%s: got user %q, want %q", target, got, want)
		}
	}
}

// TestProxyIsEverywhere: who is known to a proxy is so for every URL.
func TestProxyIsEverywhere(t *testing.T) {
	s, c := new(httpauth.Store), parse(t, `Basic realm="r"`)
	s.Add(proxy, c, "/dir/x", httpauth.User{Name: "u", Password: "p"}, std)
	if got := s.Unasked(proxy, get("/elsewhere"), std).Header; got != "Basic dTpw" {
		t.Errorf("got %q; want its password", got)
	}
}

func TestRemove(t *testing.T) {
	s, c := known(t)
	sent := s.Unasked(home, get("/dir/x"), std)
	if !sent.IsFor(c) || sent.IsFor(parse(t, `Basic realm="R"`)) {
		t.Errorf("%+v is for the wrong challenge", sent)
	}
	s.Add(home, c, "/dir/x", httpauth.User{Name: "other"}, std)
	if s.Remove(home, sent); s.IsEmpty() {
		t.Error("another user is removed, who has come since")
	}
	if s.Remove(home, s.Unasked(home, get("/dir/x"), std)); !s.IsEmpty() {
		t.Error("the user is not removed")
	}
}

func TestClear(t *testing.T) {
	s, _ := known(t)
	if s.Clear(); !s.IsEmpty() {
		t.Error("not empty")
	}
}

// TestNonceCount: each use of a nonce counts, and a new one begins again.
func TestNonceCount(t *testing.T) {
	var s httpauth.Store
	c := parse(t, `Digest realm="r", nonce="one", qop="auth"`)
	s.Add(home, c, "/", httpauth.User{Name: "u"}, std)
	s.Answer(home, c, get("/"), std)
	for _, want := range []string{"nc=00000002", "nc=00000003"} {
		if got := s.Unasked(home, get("/"), std).Header; !strings.Contains(got, want) {
			t.Errorf("got %s; want %s", got, want)
		}
	}
	next := parse(t, `Digest realm="r", nonce="two", qop="auth", stale=TRUE`)
	if !next.Stale() || c.Stale() {
		t.Errorf("stale: got %v and %v; want true and false", next.Stale(), c.Stale())
	}
	if got := s.Answer(home, next, get("/"), std).Header; !strings.Contains(got, `nonce="two"`) || !strings.Contains(got, "nc=00000001") {
		t.Errorf("got %s; want the first use of nonce two", got)
	}
}

// TestBounds: a Store keeps so many entries, and so many directories of each.
func TestBounds(t *testing.T) {
	var s httpauth.Store
	for i := range httpauth.MaxEntries + 1 {
		s.Add(home, parse(t, fmt.Sprintf("Basic realm=r%d", i)), fmt.Sprintf("/%d/", i), httpauth.User{Name: "u"}, std)
	}
	if got := s.Unasked(home, get("/0/"), std).Header; got != "" {
		t.Errorf("the first of too many entries: got %q; want nothing", got)
	}
	last := parse(t, fmt.Sprintf("Basic realm=r%d", httpauth.MaxEntries))
	for i := range httpauth.MaxPaths {
		s.Answer(home, last, get(fmt.Sprintf("/more%d/", i)), std)
	}
	if got := s.Unasked(home, get(fmt.Sprintf("/%d/", httpauth.MaxEntries)), std).Header; got != "" {
		t.Errorf("the first of too many directories: got %q; want nothing", got)
	}
	if got := s.Unasked(home, get("/more0/"), std).Header; got == "" {
		t.Error("the second directory is forgotten, too")
	}
	if s.Answer(home, last, get("/"), std); s.Unasked(home, get("/more0/"), std).Header == "" {
		t.Error("a directory does not hold those below it")
	}
}

// TestTooLong: nobody is made to remember what is too long.
func TestTooLong(t *testing.T) {
	long := strings.Repeat("r", httpauth.MaxLength+1)
	for _, header := range []string{"Basic realm=" + long, "Digest realm=r, nonce=" + long, "Digest realm=r, nonce=n, opaque=" + long} {
		if best, ok := httpauth.Choose([]challenge{*parse(t, header)}, httpauth.Rules{}); ok {
			t.Errorf("a challenge with %d bytes is chosen: %.40s", len(header), best.Realm())
		}
	}
}

// TestEmptyStore: nothing is allocated for who has never logged in.
func TestEmptyStore(t *testing.T) {
	var s httpauth.Store
	r := get("/x")
	if n := testing.AllocsPerRun(100, func() { s.Unasked(home, r, std); s.IsEmpty() }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
