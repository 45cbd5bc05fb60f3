package cookies_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
)

// judgeRules are what npm's tough-cookie knows of the rules.
var judgeRules = cookies.Rules{SameSiteDefaultNone: true, InsecureNone: true, SecureOnLoopback: true, NoPartitioned: true}

// A judgeOp is an operation as testdata/judge.mjs reads it.
type judgeOp struct {
	T       int64   `json:"t"`
	URL     string  `json:"url"`
	HTTP    bool    `json:"http"`
	Context string  `json:"context"`
	Set     *string `json:"set,omitempty"`
}

// request returns what op is to a Store.
func (op *judgeOp) request() cookies.Request {
	r := own(op.URL)
	switch op.Context {
	case "none":
		r = from("https://third.example", op.URL)
	case "lax":
		r = navigate("https://third.example", "GET", op.URL)
	}
	r.Script = !op.HTTP
	return r
}

// odd are cookies that the two are known to disagree about, by name. Their names
// are used for nothing else, so that nothing else can differ for their sake.
var odd = map[string]struct{ why, header string }{
	"overlay":   {"it lets a cookie that is not Secure replace one that is", "%s=%d; Path=/"},
	"overlay ":  {"", "overlay=%[2]d; Secure; Path=/"},
	"identity":  {"a cookie for the host alone and one for all below it are the same to it", "%s=%d; Path=/"},
	"identity ": {"", "identity=%[2]d; Path=/; Domain=example.com"},
	"suffix":    {"it refuses Domain with the public suffix that the host is", "%s=%d; Domain=github.io"},
	"local":     {"it takes localhost for a domain that can have cookies for all below it", "%s=%d; Domain=localhost"},
	"stop":      {"it ignores Domain=.", "%s=%d; Domain=."},
	"escape":    {"it does not parse Domain as a host", "%s=%d; Domain=%%65xample.com"},
	"long":      {"it has no limit of size", "%s=%d" + strings.Repeat("x", 4096)},
	"longPath":  {"it has no limit of size for attributes", "%s=%d; Path=/; Path=/" + strings.Repeat("x", 1024)},
	"return":    {"it ends a header at a carriage return rather than ignore it", "%s=%d\r"},
	"bell":      {"it ignores only the attribute that has a control character", "%s=%d; x=\a"},
	"age":       {"it lets a cookie live for longer than 400 days", "%s=%d; Max-Age=40000000"},
	"__Http-":   {"it does not know the prefix", "%s=%d; Secure"},
	"__Secure-": {"it compares prefixes exactly", "__SECURE-=%[2]d"},
	"nameless":  {"it lets a cookie without a name look like one with a prefix", "=__Secure-nameless%[2]d; Path=/ab/c"},
	"used":      {"it counts Max-Age from when the cookie was last used", "%s=%d; Max-Age=1"},
}

// judgeSequence returns operations on a few hosts in random order.
func judgeSequence(r *rand.Rand) []judgeOp {
	hosts := []string{"example.com", "www.example.com", "a.www.example.com", "other.example", "me.github.io", "github.io", "x.co.uk", "localhost", "a.localhost", "127.0.0.1"}
	hosts = hosts[r.IntN(len(hosts)):]
	hosts = hosts[:min(3, len(hosts))]
	var ops []judgeOp
	now := noon
	for i := range 12 + r.IntN(20) {
		now = now.Add(time.Duration(r.IntN(4)) * 500 * time.Millisecond)
		if r.IntN(20) == 0 {
			now = now.Add(401 * day)
		}
		op := judgeOp{
			T:       now.UnixMilli(),
			URL:     pick(r, []string{"http", "https", "https"}) + "://" + pick(r, hosts) + pick(r, []string{"", ":8443"}) + pick(r, somePaths) + pick(r, []string{"", "", "?q=/a/b", "#/a/"}),
			HTTP:    r.IntN(5) > 0,
			Context: pick(r, []string{"strict", "strict", "lax", "none"}),
		}
		if r.IntN(3) > 0 {
			header := judgeHeader(r, i)
			op.Set = &header
		}
		ops = append(ops, op)
	}
	return ops
}

// judgeHeader returns a Set-Cookie header.
func judgeHeader(r *rand.Rand, serial int) string {
	if r.IntN(6) == 0 {
		name := pick(r, slices.Sorted(maps.Keys(odd)))
		return fmt.Sprintf(odd[name].header, name, serial)
	}
	// a and b are never Secure and for the host alone; and so on.
	name := pick(r, []string{"a", "b", "secure", "domain", "securedomain", "__Host-secure", "__Secure-securedomain", ""})
	header := fmt.Sprintf("%s=%d", name, serial)
	if name == "" {
		header = pick(r, []string{"=", ""}) + fmt.Sprintf("nameless%d", serial)
	}
	if strings.Contains(name, "secure") {
		header += "; Secure"
	}
	if strings.Contains(name, "domain") {
		header += "; " + pick(r, []string{"Domain=other.com; ", ""}) + "domain=" + pick(r, []string{"", "."}) +
			pick(r, []string{"example.com", "Example.COM", "www.example.com", "com", "co.uk", "x.co.uk", "me.github.io", "a.localhost", "0.0.1", "ample.com", "other.example", "example"})
	}
	for range r.IntN(4) {
		header += pick(r, []string{";", "; ", " ; "}) + pick(r, []string{
			"HttpOnly", "httponly=x", "Path=/", "Path=/a", "path=/a/", "Path=/a/b", "Path=a", "Path=", "Path", "SameSite=Strict", "samesite=LAX", "SameSite=None", "SameSite=x",
			"Max-Age=1000000", "Max-Age=002000000", "Max-Age=0", "Max-Age=-5", "max-age=x", "Max-Age=", "Max-Age=1.5", "Expires=Fri, 20 Nov 2026 12:00:04 GMT", "Expires=Sat, 21-Nov-26 12:00:00 GMT", "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
			"Expires=never", "Expires=Fri Nov 20 12:00:03 2026", "Expires=1 Feb 27 1:2:3", "Expires=1 Jan 20280 00:00:00", "Expires=30 Feb 2027 00:00:00", "Expires=1 Jan 2027 25:00:00", "Expires=", "x", "x=y", "=", ""})
	}
	return header
}

// TestJudge plays the same operations on a Store and on npm's tough-cookie. It
// needs node, and the directory of CORSFETCH_TOUGH_COOKIE in which
//
//	npm install tough-cookie@6.1.0
//
// has been run. All they disagree about has to be explained by odd.
func TestJudge(t *testing.T) {
	dir := os.Getenv("CORSFETCH_TOUGH_COOKIE")
	if dir == "" {
		t.Skip("CORSFETCH_TOUGH_COOKIE is not set")
	}
	const sequences = 12_000
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	all := make([][]judgeOp, sequences)
	for i := range all {
		all[i] = judgeSequence(rand.New(rand.NewPCG(uint64(i), 3)))
		if err := enc.Encode(all[i]); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "node", "testdata/judge.mjs", dir)
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	why := map[string]int{}
	total, gets := 0, 0
	for i, ops := range all {
		var judged []string
		if err := dec.Decode(&judged); err != nil {
			t.Fatal(err)
		}
		var s cookies.Store
		differs := false
		for _, op := range ops {
			now := time.UnixMilli(op.T)
			if op.Set != nil {
				s.SetCookies(op.request(), []string{*op.Set}, judgeRules, now)
				continue
			}
			gets++
			got, want := s.Cookie(op.request(), judgeRules, now), judged[0]
			judged = judged[1:]
			for _, reason := range disagreements(got, want) {
				differs = true
				why[reason]++
			}
			if g, w := withoutOdd(got), withoutOdd(want); g != w {
				t.Errorf("sequence %d: %+v\ngot  %q\nwant %q", i, op, g, w)
			}
		}
		if differs {
			total++
		}
	}
	for name, o := range odd {
		if o.why != "" && why[o.why] == 0 {
			t.Errorf("nobody disagrees about %s", name)
		}
	}
	t.Logf("%d sequences, %d headers; %d sequences with disagreements:", sequences, gets, total)
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		t.Logf("%6d cookies: %s", why[reason], reason)
	}
}

// oddName returns the name by which odd knows the cookie, or "".
func oddName(pair string) string {
	name, _, _ := strings.Cut(pair, "=")
	switch {
	case strings.HasPrefix(pair, "__Secure-nameless"):
		return "nameless"
	case strings.EqualFold(name, "__secure-"):
		return "__Secure-"
	}
	if _, ok := odd[name]; ok {
		return name
	}
	return ""
}

// withoutOdd returns the header without the cookies that odd knows.
func withoutOdd(header string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(header, "; "), func(pair string) bool { return oddName(pair) != "" }), "; ")
}

// disagreements returns why the cookies that only one header has are not in the
// other.
func disagreements(a, b string) []string {
	var reasons []string
	x, y := strings.Split(a, "; "), strings.Split(b, "; ")
	for _, pair := range slices.Concat(x, y) {
		if pair != "" && slices.Contains(x, pair) != slices.Contains(y, pair) {
			reasons = append(reasons, odd[oddName(pair)].why)
		}
	}
	return reasons
}
