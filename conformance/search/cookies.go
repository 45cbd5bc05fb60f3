package search

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// GenerateCookies composes scenarios 0 to n-1 of a seed about cookies: visits,
// responses, redirects and scripts set some, and requests after that show which
// have been kept, and whom they are sent to.
func GenerateCookies(seed uint64, n int) iter.Seq[*conformance.Scenario] {
	return generate(seed, n, NthCookies)
}

// NthCookies composes scenario n of a seed about cookies. It is called
// cookies-SEED-N.
func NthCookies(seed uint64, n int) *conformance.Scenario {
	c := &cookieComposer{dice: newDice(seed, n), s: &conformance.Scenario{
		ID:     fmt.Sprintf("cookies-%d-%d", seed, n),
		Server: make(map[string][]conformance.Rule),
	}}
	c.page()
	c.visits()
	for range 1 + c.r.IntN(3) {
		c.set()
	}
	if c.fleeting {
		c.s.Steps = append(c.s.Steps, conformance.Step{Sleep: 2500})
	}
	for range 1 + c.r.IntN(3) {
		c.read()
	}
	return c.s
}

// A cookieComposer makes up one scenario about cookies.
type cookieComposer struct {
	dice
	s *conformance.Scenario

	aliases  []choice[string] // where requests go
	places   int              // so far
	fleeting bool             // some cookie is gone before the others are asked for
}

// page decides where the steps run, and so which sites are another's.
func (c *cookieComposer) page() {
	type family struct {
		page    string
		frames  []string
		aliases []choice[string]
	}
	f := draw(c.dice, []choice[family]{
		{45, family{"AS", []string{"BS", "SAS", "AS2"}, []choice[string]{{30, "AS"}, {10, "AS2"}, {20, "SAS"}, {30, "BS"}, {10, "CS"}}}},
		{30, family{"A", []string{"B", "SA", "BS"}, []choice[string]{{30, "A"}, {8, "A2"}, {18, "SA"}, {18, "B"}, {8, "AS"}, {6, "SAS"}, {12, "BS"}}}},
		{12, family{"SAS", []string{"AS", "BS"}, []choice[string]{{35, "SAS"}, {35, "AS"}, {30, "BS"}}}},
		{13, family{"X", []string{"Y"}, []choice[string]{{45, "X"}, {20, "XU"}, {20, "Y"}, {15, "YS"}}}},
	})
	c.s.Page.Origin, c.aliases = f.page, f.aliases
	c.s.Page.Context = draw(c.dice, []choice[string]{{72, ""}, {5, "worker"}, {5, "sandbox"}, {18, "frame:" + of(c.dice, f.frames...)}})
}

// visits decides which cookies are there before the page opens.
func (c *cookieComposer) visits() {
	if c.percent(45) {
		return
	}
	c.s.Cookies = make(map[string][]string)
	for range 1 + c.r.IntN(2) {
		alias := draw(c.dice, c.aliases)
		c.s.Cookies[alias] = c.setCookies(alias)
	}
}

// setCookies returns one to three values of Set-Cookie for an alias.
func (c *cookieComposer) setCookies(alias string) []string {
	values := make([]string, 1+c.r.IntN(3))
	for i := range values {
		values[i] = c.setCookie(alias)
	}
	return values
}

// setCookie returns a value of Set-Cookie: more often than not a proper one.
func (c *cookieComposer) setCookie(alias string) string {
	if c.percent(8) {
		return of(c.dice, "a", "=a", "a=", "=", "", ";", "; Path=/", "a=b=c", " a = b ", "a=\"b\"", "a=\"b;c\"", "a=b,c", "a b=c d", "a=b; ; Secure", "\ta=1\t", "a\t=1",
			"=__Host-a=b", "__host-a; Secure; Path=/", "a=\u00e9", "\u00e9=1", "a=b;Path", padded("a=", 4097), padded("a=", 4098), "a=b; Path="+padded("/", 1024), "a=b; Path="+padded("/", 1025), "$Version=1")
	}
	name := draw(c.dice, []choice[string]{{30, "a"}, {22, "b"}, {10, "c"}, {3, "A"}, {10, "__Secure-a"}, {12, "__Host-a"}, {2, "__SECURE-a"}, {2, "__HoSt-a"}, {3, "__Http-a"}, {3, "__Host-Http-a"}})
	value := name + "=" + strconv.Itoa(c.r.IntN(10))
	for _, attribute := range []string{c.secure(name), c.path(name), c.domain(alias, name), c.sameSite(), c.age(), c.flags()} {
		if attribute != "" {
			value += of(c.dice, "; ", "; ", "; ", ";", " ;\t") + attribute
		}
	}
	return value
}

func (c *cookieComposer) secure(name string) string {
	if strings.HasPrefix(name, "__") && c.percent(85) || c.percent(45) {
		return draw(c.dice, []choice[string]{{90, "Secure"}, {4, "secure"}, {3, "SECURE=x"}, {3, "Secure;Secure"}})
	}
	return ""
}

func (c *cookieComposer) path(name string) string {
	if strings.HasPrefix(strings.ToLower(name), "__host") && c.percent(80) {
		return "Path=/"
	}
	return draw(c.dice, []choice[string]{
		{40, ""}, {25, "Path=/"}, {10, "Path=/x"}, {5, "Path=/x/"}, {3, "Path=/X"}, {3, "path=/x/y"}, {3, "Path=x"}, {3, "Path="}, {3, "Path=/;Path=/x"}, {3, "Path=/x;Path"}, {2, "Path=\"/x\""},
	})
}

func (c *cookieComposer) domain(alias, name string) string {
	if strings.HasPrefix(strings.ToLower(name), "__host") && c.percent(85) || c.percent(55) {
		return ""
	}
	host := "{" + alias + ".hostname}"
	parent := "{" + strings.TrimPrefix(alias, "S") + ".hostname}" // of a subdomain; of others their own
	return "Domain=" + draw(c.dice, []choice[string]{
		{30, host}, {30, parent}, {8, "." + parent}, {4, ".." + parent}, {4, parent + "."}, {4, "sub." + host}, {4, "{BS.hostname}"}, {4, "localhost"}, {2, "test"}, {3, ""}, {2, "."}, {2, "127.0.0.1"},
		{2, parent + ";Domain=" + host}, {2, parent + ";Domain"}, {2, "LOCALHOST"}, {2, "\"" + parent + "\""}, {2, "{" + alias + ".host}"},
	})
}

func (c *cookieComposer) sameSite() string {
	return draw(c.dice, []choice[string]{
		{40, ""}, {25, "SameSite=None"}, {14, "SameSite=Lax"}, {12, "SameSite=Strict"}, {2, "samesite=none"}, {2, "SameSite"}, {2, "SameSite="}, {2, "SameSite=Bogus"}, {1, "SameSite=Lax;SameSite=None"}, {1, "SameSite=None;SameSite=Strict"},
	})
}

func (c *cookieComposer) age() string {
	age := draw(c.dice, []choice[string]{
		{65, ""}, {7, "Max-Age=600"}, {5, "Max-Age=0"}, {3, "Max-Age=-1"}, {2, "Max-Age=1"}, {1, "Max-Age=+600"}, {1, "Max-Age=6e2"}, {1, "Max-Age="}, {1, "Max-Age=0;Max-Age=600"},
		{1, "Max-Age=99999999999999999999"}, {1, "Max-Age=\"0\""}, {4, "Expires=Thu, 01 Jan 1970 00:00:00 GMT"}, {3, "Expires=Wed, 01 Dec 2027 00:00:00 GMT"}, {1, "Expires=0"}, {1, "Expires=yesterday"},
		{1, "Expires=Sun, 06-Nov-94 08:49:37 GMT"}, {1, "Expires=1 jan 2020 1:2:3"}, {1, "Max-Age=600; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}, {1, "Max-Age=0; Expires=Wed, 01 Dec 2027 00:00:00 GMT"},
	})
	c.fleeting = c.fleeting || age == "Max-Age=1"
	return age
}

func (c *cookieComposer) flags() string {
	return draw(c.dice, []choice[string]{{70, ""}, {20, "HttpOnly"}, {6, "Partitioned"}, {2, "HttpOnly; Partitioned"}, {1, "Priority=High"}, {1, "Foo"}})
}

// set adds a step that sets cookies.
func (c *cookieComposer) set() {
	context := c.s.Page.Context
	hasDocument := context != "worker" && context != "sandbox"
	if hasDocument && c.percent(25) {
		alias := c.s.Page.Origin
		if frame, ok := strings.CutPrefix(context, "frame:"); ok {
			alias = frame
		}
		if value := c.setCookie(alias); value != "" { // a step says something
			c.s.Steps = append(c.s.Steps, conformance.Step{Cookie: value})
			return
		}
	}
	place := c.place()
	step := c.step(place)
	for c.percent(25) {
		next := c.place()
		c.answer(place, "Location: "+"{"+strings.Replace(next, "/", "}/", 1))
		place = next
	}
	c.answer(place, "")
	c.s.Steps = append(c.s.Steps, step)
}

// read adds a request that shows what has been kept.
func (c *cookieComposer) read() {
	place := c.place()
	c.s.Server[place] = []conformance.Rule{{Headers: allowed}}
	c.s.Steps = append(c.s.Steps, c.step(place))
}

// step requests a place, with credentials as a rule.
func (c *cookieComposer) step(place string) conformance.Step {
	return conformance.Step{
		Fetch:       place,
		Credentials: draw(c.dice, []choice[string]{{88, "include"}, {8, "same-origin"}, {4, "omit"}}),
		Mode:        draw(c.dice, []choice[string]{{85, ""}, {15, "no-cors"}}),
		Method:      draw(c.dice, []choice[string]{{85, ""}, {15, "POST"}}),
	}
}

// place returns a place that nothing has asked for.
func (c *cookieComposer) place() string {
	c.places++
	return draw(c.dice, c.aliases) + of(c.dice, "/", "/x/", "/x/y/", "/xy/") + strconv.Itoa(c.places)
}

// allowed are the headers that let every page read an answer.
var allowed = []string{"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true", "Cache-Control: no-store"}

// answer has a place set cookies, and redirect if there is a line that says
// where to.
func (c *cookieComposer) answer(place, location string) {
	alias, _, _ := strings.Cut(place, "/")
	rule := conformance.Rule{Headers: allowed[:len(allowed):len(allowed)]}
	if location != "" {
		rule.Status = draw(c.dice, []choice[int]{{70, 302}, {30, 307}})
		rule.Headers = append(rule.Headers, location)
	}
	for _, value := range c.setCookies(alias) {
		rule.Headers = append(rule.Headers, "Set-Cookie: "+value)
	}
	c.s.Server[place] = []conformance.Rule{rule}
}
