package search_test

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

// A feature is something that generated scenarios have now and then.
type feature struct {
	name  string
	least int // in how many scenarios it has to be
	has   func(*conformance.Scenario) bool
}

// holdFeatures fails for each feature that too few scenarios have.
func holdFeatures(t *testing.T, scenarios iter.Seq[*conformance.Scenario], features []feature) {
	t.Helper()
	count := make([]int, len(features))
	total := 0
	for s := range scenarios {
		total++
		for i := range features {
			if features[i].has(s) {
				count[i]++
			}
		}
	}
	for i, f := range features {
		if count[i] < f.least {
			t.Errorf("%s: in %d of %d scenarios; want %d", f.name, count[i], total, f.least)
		}
	}
}

func step(has func(*conformance.Step) bool) func(*conformance.Scenario) bool {
	return func(s *conformance.Scenario) bool {
		return slices.ContainsFunc(s.Steps, func(step conformance.Step) bool { return has(&step) })
	}
}

func rule(has func(*conformance.Rule) bool) func(*conformance.Scenario) bool {
	return func(s *conformance.Scenario) bool {
		for _, rules := range s.Server {
			if slices.ContainsFunc(rules, func(r conformance.Rule) bool { return has(&r) }) {
				return true
			}
		}
		return false
	}
}

func header(has func(name, value string) bool) func(*conformance.Scenario) bool {
	return step(func(s *conformance.Step) bool { return anyLine(s.Headers, has) })
}

func answer(has func(name, value string) bool) func(*conformance.Scenario) bool {
	return rule(func(r *conformance.Rule) bool { return anyLine(r.Headers, has) })
}

func anyLine(lines []string, has func(name, value string) bool) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		name, value, _ := strings.Cut(line, ":")
		return has(strings.ToLower(name), strings.TrimPrefix(value, " "))
	})
}

// twice reports whether a name is there more than once.
func twice(lines []string, name string) bool {
	n := 0
	for _, line := range lines {
		if got, _, _ := strings.Cut(line, ":"); strings.EqualFold(got, name) {
			n++
		}
	}
	return n > 1
}

func location(has func(value string) bool) func(*conformance.Scenario) bool {
	return answer(func(name, value string) bool { return name == "location" && has(value) })
}

// unusual returns the feature that an answer has a header of that name whose
// value is unlike all of usual.
func unusual(name string, usual ...string) func(*conformance.Scenario) bool {
	return answer(func(n, value string) bool { return n == name && !slices.Contains(usual, strings.TrimSpace(value)) })
}

func features() []feature {
	var all []feature
	add := func(name string, least int, has func(*conformance.Scenario) bool) {
		all = append(all, feature{name, least, has})
	}
	for _, length := range []int{127, 128, 129} {
		add("header of "+string(rune('0'+length-120))+" over 120 bytes", 20, header(func(name, value string) bool {
			return len(value) == length && slices.Contains([]string{"accept", "accept-language", "content-language", "content-type"}, name)
		}))
	}
	for _, total := range []int{1023, 1024, 1025} {
		add("a sum near 1024", 5, step(func(s *conformance.Step) bool {
			sum := 0
			for _, line := range s.Headers {
				if name, value, _ := strings.Cut(line, ": "); strings.HasPrefix(name, "Accept") || name == "Content-Language" {
					sum += len(value)
				}
			}
			return sum == total
		}))
	}
	for _, b := range []string{"\t", "\"", "(", ":", "<", "@", "[", "\\", "{", "\u0080", "\u00ff", "!", "~"} {
		add("byte "+b, 5, header(func(_, value string) bool { return strings.Contains(value, "a"+b+"b") }))
	}
	add("repeated header", 100, step(func(s *conformance.Step) bool {
		return slices.ContainsFunc(s.Headers, func(line string) bool { name, _, _ := strings.Cut(line, ":"); return twice(s.Headers, name) })
	}))
	for _, name := range []string{"range", "content-type", "authorization", "dpr", "save-data", "rtt", "cookie", "sec-fetch-mode", "if-none-match", "x-http-method-override", "pragma"} {
		add("header "+name, 10, header(func(n, _ string) bool { return n == name }))
	}
	for _, value := range []string{"bytes=0-10", "BYTES=0-10", "bytes=10-0", "bytes= 0-10", "bytes=0-10,20-30", "items=0-10"} {
		add("Range: "+value, 5, header(func(n, v string) bool { return n == "range" && v == value }))
	}
	for _, method := range []string{"", "get", "HEAD", "POST", "post", "PUT", "put", "PATCH", "patch", "DELETE", "OPTIONS", "FOO", "chicken", "TRACE", "A B"} {
		add("method "+method, 20, step(func(s *conformance.Step) bool { return s.Fetch != "" && s.Method == method }))
	}
	for _, mode := range []string{"", "cors", "no-cors", "same-origin", "navigate"} {
		add("mode "+mode, 20, step(func(s *conformance.Step) bool { return s.Mode == mode }))
	}
	for _, mode := range []string{"", "include", "omit", "same-origin"} {
		add("credentials "+mode, 200, step(func(s *conformance.Step) bool { return s.Credentials == mode }))
	}
	for _, mode := range []string{"follow", "manual", "error"} {
		add("redirect "+mode, 50, step(func(s *conformance.Step) bool { return s.Redirect == mode }))
	}
	for _, mode := range []string{"default", "no-store", "reload", "no-cache", "force-cache"} {
		add("cache "+mode, 20, step(func(s *conformance.Step) bool { return s.Cache == mode }))
	}
	for _, policy := range []string{"no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"} {
		add("referrer policy "+policy, 30, step(func(s *conformance.Step) bool { return s.ReferrerPolicy == policy }))
		add("answer with referrer policy "+policy, 10, answer(func(n, v string) bool { return n == "referrer-policy" && v == policy }))
	}
	add("referrer", 100, step(func(s *conformance.Step) bool { return s.Referrer != nil }))
	for _, kind := range []string{"text", "bytes", "urlencoded", "formdata", "stream", "blob:text/plain", "blob:application/json", "blob:"} {
		add("body "+kind, 10, step(func(s *conformance.Step) bool { return s.BodyType == kind }))
	}
	for _, context := range []string{"", "worker", "sandbox", "data", "frame:B", "frame:SA", "frame:BS"} {
		add("context "+context, 20, func(s *conformance.Scenario) bool { return s.Page.Context == context })
	}
	for _, alias := range []string{"A", "A2", "SA", "B", "C", "AS", "BS"} {
		add("requests to "+alias, 100, step(func(s *conformance.Step) bool { return strings.HasPrefix(s.Fetch, alias+"/") }))
		add("redirects to "+alias, 30, location(func(v string) bool { return strings.Contains(v, "{"+alias+"}") }))
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		add("a redirect", 50, rule(func(r *conformance.Rule) bool { return r.Status == status }))
	}
	add("two redirects", 100, func(s *conformance.Scenario) bool {
		n := 0
		rule(func(r *conformance.Rule) bool {
			if anyLine(r.Headers, func(name, _ string) bool { return name == "location" }) {
				n++
			}
			return false
		})(s)
		return n > 1
	})
	add("relative Location", 20, location(func(v string) bool { return !strings.Contains(v, ":") && !strings.HasPrefix(v, "{") && v != "" }))
	add("Location with a fragment", 20, location(func(v string) bool { return strings.Contains(v, "#") }))
	add("Location with a user", 20, location(func(v string) bool { return strings.Contains(v, "@{") }))
	add("Location with bytes", 10, location(func(v string) bool { return strings.ContainsAny(v, "\u00e9\u00c3\u00ff\u0080") }))
	add("empty Location", 3, location(func(v string) bool { return v == "" }))
	add("two Locations", 10, rule(func(r *conformance.Rule) bool { return twice(r.Headers, "Location") }))
	add("unusual ACAO", 200, unusual("access-control-allow-origin", "*", "{origin}"))
	add("two ACAO", 50, rule(func(r *conformance.Rule) bool { return twice(r.Headers, "Access-Control-Allow-Origin") }))
	add("unusual ACAC", 100, unusual("access-control-allow-credentials", "true"))
	add("unusual ACAM", 200, unusual("access-control-allow-methods", "{acrm}", "*"))
	add("two ACAM", 50, rule(func(r *conformance.Rule) bool { return twice(r.Headers, "Access-Control-Allow-Methods") }))
	add("unusual ACAH", 200, unusual("access-control-allow-headers", "{acrh}", "*"))
	add("two ACAH", 50, rule(func(r *conformance.Rule) bool { return twice(r.Headers, "Access-Control-Allow-Headers") }))
	add("unusual ACMA", 200, unusual("access-control-max-age", "60", "600", "86400", "0"))
	add("two ACMA", 50, rule(func(r *conformance.Rule) bool { return twice(r.Headers, "Access-Control-Max-Age") }))
	add("ACEH", 200, answer(func(n, _ string) bool { return n == "access-control-expose-headers" }))
	add("unusual ACEH", 100, unusual("access-control-expose-headers", "*", "x-a"))
	add("the same request again", 200, func(s *conformance.Scenario) bool {
		return len(s.Steps) > 1 && s.Steps[0].Fetch != "" && s.Steps[0].Fetch == s.Steps[1].Fetch
	})
	add("another query", 50, func(s *conformance.Scenario) bool {
		return len(s.Steps) > 1 && s.Steps[0].Fetch != "" && strings.HasPrefix(s.Steps[1].Fetch, s.Steps[0].Fetch+"?")
	})
	add("sleep", 10, step(func(s *conformance.Step) bool { return s.Sleep > 0 }))
	add("cookies", 300, func(s *conformance.Scenario) bool { return len(s.Cookies) > 0 })
	add("Set-Cookie", 50, answer(func(n, _ string) bool { return n == "set-cookie" }))
	add("document.cookie", 20, step(func(s *conformance.Step) bool { return s.Cookie != "" }))
	add("hang-up", 2, rule(func(r *conformance.Rule) bool { return r.Hangup }))
	add("reason", 30, rule(func(r *conformance.Rule) bool { return r.Reason != nil }))
	add("chunked", 30, answer(func(n, _ string) bool { return n == "transfer-encoding" }))
	add("short body", 10, answer(func(n, v string) bool { return n == "content-length" && v == "5" }))
	for _, status := range []int{204, 205, 206, 304, 401, 404, 500, 600, 999} {
		add("a status", 10, rule(func(r *conformance.Rule) bool { return r.On == "" && r.Status == status }))
	}
	for _, alias := range []string{"X", "YS", "IP"} {
		add("requests to "+alias, 5, step(func(s *conformance.Step) bool { return strings.HasPrefix(s.Fetch, alias+"/") }))
	}
	add("a page that is not trustworthy", 20, func(s *conformance.Scenario) bool { return s.Page.Origin == "X" })
	add("an embedder policy", 50, func(s *conformance.Scenario) bool {
		return anyLine(s.Page.Headers, func(n, _ string) bool { return n == "cross-origin-embedder-policy" })
	})
	add("CORP", 100, answer(func(n, _ string) bool { return n == "cross-origin-resource-policy" }))
	add("cookies of another site", 50, func(s *conformance.Scenario) bool { return s.Cookies["B"] != nil || s.Cookies["BS"] != nil })
	add("keepalive", 30, step(func(s *conformance.Step) bool { return s.Keepalive }))
	return all
}

func TestGenerateCoverage(t *testing.T) {
	holdFeatures(t, search.Generate(3, 5000), features())
}

// What is left to others must not creep in.
func TestGenerateAvoids(t *testing.T) {
	avoided := []feature{
		{name: "freshness", has: answer(func(n, v string) bool { return n == "cache-control" && v != "no-store" })},
		{name: "validators", has: answer(func(n, _ string) bool {
			return slices.Contains([]string{"etag", "last-modified", "expires", "age"}, n)
		})},
		{name: "policies", has: answer(func(n, _ string) bool {
			return strings.HasPrefix(n, "content-security-policy") || n == "www-authenticate"
		})},
		{name: "content codings", has: answer(func(n, _ string) bool { return n == "content-encoding" })},
		{name: "integrity, blob or via", has: step(func(s *conformance.Step) bool { return s.Integrity != "" || s.Blob || s.Via != "" })},
		{name: "a keepalive body", has: step(func(s *conformance.Step) bool { return s.Keepalive && s.Body != nil })},
		{name: "a permanent redirect that a cache keeps", has: func(s *conformance.Scenario) bool {
			fetches := 0
			for i := range s.Steps {
				if s.Steps[i].Fetch != "" {
					fetches++
				}
			}
			isKept := rule(func(r *conformance.Rule) bool {
				return r.Status == 300 || r.Status == 301 || r.Status == 308 || r.Status == 410
			})
			return fetches > 1 && isKept(s)
		}},
		{name: "a long sleep", has: step(func(s *conformance.Step) bool { return s.Sleep > 1500 })},
	}
	seen := make(map[string]bool)
	for s := range search.Generate(11, 5000) {
		for _, tt := range avoided {
			if !seen[tt.name] && tt.has(s) {
				seen[tt.name] = true
				t.Errorf("%s: %s", tt.name, search.Marshal(s))
			}
		}
	}
}
