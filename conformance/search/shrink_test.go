package search_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

// large is a scenario with more in it than any of the tests below is about.
const large = `{"id": "x", "note": "why", "page": {"origin": "AS", "context": "worker", "headers": ["Referrer-Policy: origin"]},
 "cookies": {"A": ["k=v", "l=w"], "SA": ["m=x"]},
 "server": {
  "B/x": [
   {"on": "OPTIONS", "status": 201, "headers": ["Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Headers: x-a, x-b"]},
   {"status": 302, "headers": ["Access-Control-Allow-Origin: *", "Location: {C}/y"], "body": "moved"}],
  "C/y": [
   {"reason": "Very OK", "headers": ["Access-Control-Allow-Origin: *", "X-A: 1"], "body": "long enough"}]},
 "steps": [
  {"cookie": "k=v", "in": "top"},
  {"fetch": "B/x?q#f", "method": "PATCH", "headers": ["X-A: 1", "Range: bytes=0-18446744073709551616", "X-B: 2"], "body": "hello", "bodyType": "bytes", "mode": "cors", "credentials": "include", "referrerPolicy": "origin"},
  {"fetch": "C/y", "cache": "reload"}]}`

func TestShrink(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fails func(*conformance.Scenario) bool
		want  string
	}{
		{
			name:  "a single header",
			fails: header(func(name, _ string) bool { return name == "range" }),
			want:  `{"id": "x", "steps": [{"fetch": "A/x", "headers": ["Range: "]}]}`,
		},
		{
			name:  "what is wrong with its value",
			fails: header(func(name, value string) bool { return name == "range" && strings.HasSuffix(value, "6") }),
			want:  `{"id": "x", "steps": [{"fetch": "A/x", "headers": ["Range: 6"]}]}`,
		},
		{
			name:  "a header of a rule",
			fails: answer(func(name, _ string) bool { return name == "location" }),
			want:  `{"id": "x", "server": {"A/x": [{"headers": ["Location: "]}]}, "steps": [{"fetch": "A/y"}]}`,
		},
		{
			name:  "the second step",
			fails: step(func(s *conformance.Step) bool { return s.Cache == "reload" }),
			want:  `{"id": "x", "steps": [{"fetch": "A/x", "cache": "reload"}]}`,
		},
		{
			name:  "the context",
			fails: func(s *conformance.Scenario) bool { return s.Page.Context == "worker" },
			want:  `{"id": "x", "page": {"origin": "A", "context": "worker"}, "steps": [{"fetch": "A/x"}]}`,
		},
		{
			name:  "a cookie",
			fails: func(s *conformance.Scenario) bool { return len(s.Cookies["SA"]) > 0 },
			want:  `{"id": "x", "cookies": {"SA": ["m=x"]}, "steps": [{"fetch": "A/x"}]}`,
		},
		{
			name:  "two things together",
			fails: step(func(s *conformance.Step) bool { return s.Credentials == "include" && s.Body != nil }),
			want:  `{"id": "x", "steps": [{"fetch": "A/x", "body": "", "credentials": "include"}]}`,
		},
		{
			name:  "the status of a rule",
			fails: rule(func(r *conformance.Rule) bool { return r.Status == 302 }),
			want:  `{"id": "x", "server": {"A/x": [{"status": 302}]}, "steps": [{"fetch": "A/y"}]}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := search.Shrink(parseOne(t, []byte(large)), tt.fails)
			if diff := cmp.Diff(parseOne(t, []byte(tt.want)), parseOne(t, search.Marshal(got))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestShrinkProperties(t *testing.T) {
	for _, tt := range []feature{
		{name: "any", has: func(*conformance.Scenario) bool { return true }},
		{name: "two requests", has: func(s *conformance.Scenario) bool { return len(s.Steps) > 1 }},
		{name: "a header", has: header(func(string, string) bool { return true })},
		{name: "a redirect with a user", has: location(func(v string) bool { return strings.Contains(v, "@{") })},
		{name: "a long value", has: header(func(_, value string) bool { return len(value) > 100 })},
		{name: "two of a name", has: rule(func(r *conformance.Rule) bool { return twice(r.Headers, "Access-Control-Allow-Methods") })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const least = 15
			made, shrunk := 0, 0
			for s := range search.Generate(17, 500) {
				if made++; made > 40 && shrunk >= least {
					break
				}
				if !tt.has(s) {
					continue
				}
				shrunk++
				before := string(search.Marshal(s))
				calls := 0
				fails := func(c *conformance.Scenario) bool {
					calls++
					parseOne(t, search.Marshal(c))
					return tt.has(c)
				}
				got := search.Shrink(s, fails)
				after := string(search.Marshal(got))
				if !tt.has(got) {
					t.Errorf("%s: fails no more: %s", s.ID, after)
				}
				if len(after) > len(before) {
					t.Errorf("%s: %d bytes are shrunk to %d", s.ID, len(before), len(after))
				}
				if calls > search.MaxShrinks {
					t.Errorf("%s: %d calls; want at most %d", s.ID, calls, search.MaxShrinks)
				}
				if string(search.Marshal(s)) != before {
					t.Errorf("%s was changed", s.ID)
				}
				if again := string(search.Marshal(search.Shrink(s, tt.has))); again != after {
					t.Errorf("%s: a second time it shrinks to\n%s\nnot\n%s", s.ID, again, after)
				}
				parseOne(t, search.Marshal(got))
			}
			if shrunk < least {
				t.Errorf("%d scenarios were shrunk; want %d", shrunk, least)
			}
		})
	}
}

func TestShrinkFindsNothingSmaller(t *testing.T) {
	s := parseOne(t, []byte(large))
	calls := 0
	got := search.Shrink(s, func(*conformance.Scenario) bool { calls++; return false })
	if diff := cmp.Diff(s, got); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if calls == 0 {
		t.Error("nothing was tried")
	}
	got.Steps[1].Headers[0] = "X-Other: 1"
	if s.Steps[1].Headers[0] != "X-A: 1" {
		t.Error("the result shares headers with what was shrunk")
	}
}

// scribble writes into everything that can be reached.
func scribble(s *conformance.Scenario) {
	for i := range s.Points {
		s.Points[i] = "scribbled"
	}
	s.Page.Headers[0] = "Scribbled: 1"
	s.Cookies["A"][0], s.Cookies["new"] = "scribbled", nil
	r := &s.Server["B/x"][0]
	*r.Reason, *r.Body, r.Headers[0] = "scribbled", "scribbled", "scribbled"
	s.Server["new"] = nil
	step := &s.Steps[0]
	*step.Body, *step.Referrer, *step.Crossorigin = "scribbled", "scribbled", "scribbled"
	step.Headers[0], step.Wire[0] = "scribbled", "scribbled"
}

func TestClone(t *testing.T) {
	full := func() *conformance.Scenario {
		return &conformance.Scenario{
			ID: "x", Note: "n", Spec: "s", Points: []string{"p"}, File: "f", Line: 3,
			Page:    conformance.Page{Origin: "A", Headers: []string{"a: b"}},
			Cookies: map[string][]string{"A": {"k=v"}},
			Server:  map[string][]conformance.Rule{"B/x": {{Reason: new("r"), Body: new("b"), Headers: []string{"a: b"}}}},
			Steps:   []conformance.Step{{Fetch: "A/x", Body: new("b"), Referrer: new("r"), Crossorigin: new("c"), Headers: []string{"a: b"}, Wire: []string{"1 !a"}}},
		}
	}
	s := full()
	c := search.Clone(s)
	if diff := cmp.Diff(s, c); diff != "" {
		t.Fatalf("(-scenario +clone):\n%s", diff)
	}
	scribble(c)
	if diff := cmp.Diff(full(), s); diff != "" {
		t.Errorf("changes to the clone are seen (-want +got):\n%s", diff)
	}
}
