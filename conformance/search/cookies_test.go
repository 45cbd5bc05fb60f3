package search_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

func TestGenerateCookiesIsValid(t *testing.T) {
	n := 0
	for s := range search.GenerateCookies(5, 1000) {
		written := search.Marshal(s)
		got := parseOne(t, written)
		if again := search.Marshal(got); string(again) != string(written) {
			t.Fatalf("%s: read and written again (-want +got):\n%s", s.ID, cmp.Diff(string(written), string(again)))
		}
		if diff := cmp.Diff(s, search.NthCookies(5, n)); diff != "" {
			t.Errorf("scenario %d (-GenerateCookies +NthCookies):\n%s", n, diff)
		}
		if want := fmt.Sprintf("cookies-5-%d", n); s.ID != want {
			t.Errorf("scenario %d is called %s; want %s", n, s.ID, want)
		}
		if last := s.Steps[len(s.Steps)-1]; last.Fetch == "" {
			t.Errorf("%s ends with what shows nothing: %+v", s.ID, last)
		}
		n++
	}
}

func TestGenerateCookiesIsDeterministic(t *testing.T) {
	h := sha256.New()
	for s := range search.GenerateCookies(1, 1000) {
		h.Write(search.Marshal(s))
	}
	// As in TestGenerateIsDeterministic.
	if got, want := fmt.Sprintf("%x", h.Sum(nil)[:8]), "9e71835f5b17bd3a"; got != want {
		t.Errorf("hash %s; want %s", got, want)
	}
}

func TestGenerateCookiesCoverage(t *testing.T) {
	setCookie := func(parts ...string) func(*conformance.Scenario) bool {
		return answer(func(name, value string) bool {
			for _, part := range parts {
				if !strings.Contains(value, part) {
					return false
				}
			}
			return name == "set-cookie"
		})
	}
	features := []feature{
		{"over https", 400, func(s *conformance.Scenario) bool { return strings.HasSuffix(s.Page.Origin, "S") }},
		{"an insecure page", 80, func(s *conformance.Scenario) bool { return s.Page.Origin == "X" }},
		{"a frame", 100, func(s *conformance.Scenario) bool { return strings.HasPrefix(s.Page.Context, "frame:") }},
		{"a visit before", 400, func(s *conformance.Scenario) bool { return len(s.Cookies) > 0 }},
		{"a redirect", 200, answer(func(name, _ string) bool { return name == "location" })},
		{"a script", 200, step(func(s *conformance.Step) bool { return s.Cookie != "" })},
		{"without credentials", 50, step(func(s *conformance.Step) bool { return s.Credentials == "omit" })},
		{"no-cors", 100, step(func(s *conformance.Step) bool { return s.Mode == "no-cors" })},
		{"time", 20, step(func(s *conformance.Step) bool { return s.Sleep > 0 })},
		{"Secure", 300, setCookie("Secure")},
		{"HttpOnly", 200, setCookie("HttpOnly")},
		{"Path", 300, setCookie("Path=")},
		{"Domain", 300, setCookie("Domain=")},
		{"SameSite=None; Secure", 100, setCookie("Secure", "SameSite=None")},
		{"SameSite=Strict", 100, setCookie("SameSite=Strict")},
		{"Max-Age", 200, setCookie("Max-Age=")},
		{"Expires", 100, setCookie("Expires=")},
		{"__Host-", 200, setCookie("__Host-")},
		{"Partitioned", 50, setCookie("Partitioned")},
	}
	holdFeatures(t, search.GenerateCookies(3, 1000), features)
}
