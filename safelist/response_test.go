package safelist_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/safelist"
)

func TestIsSafelistedResponseHeaderName(t *testing.T) {
	cases := []struct {
		desc    string
		name    string
		exposed []string
		want    bool
	}{
		{"Cache-Control", "Cache-Control", nil, true},
		{"Content-Language", "content-language", nil, true},
		{"Content-Length", "CONTENT-LENGTH", nil, true},
		{"Content-Type", "Content-Type", nil, true},
		{"Expires", "Expires", nil, true},
		{"Last-Modified", "Last-Modified", nil, true},
		{"Pragma", "Pragma", nil, true},
		{"not exposed", "X-A", []string{"X-B"}, false},
		{"exposed", "X-A", []string{"X-B", "x-a"}, true},
		{"default beside exposed", "Expires", []string{"X-B"}, true},
		{"wildcard is a literal", "X-A", []string{"*"}, false},
		{"header called *", "*", []string{"*"}, true},
		{"Set-Cookie though exposed", "Set-Cookie", []string{"Set-Cookie"}, false},
		{"Set-Cookie2 though exposed", "set-cookie2", []string{"set-cookie2"}, false},
		{"empty name", "", nil, false},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.IsSafelistedResponseHeaderName(c.name, c.exposed); got != c.want {
				t.Errorf("IsSafelistedResponseHeaderName(%q, %q) = %t; want %t", c.name, c.exposed, got, c.want)
			}
			// The same question about a whole header.
			filtered := safelist.FilterResponseHeader(http.Header{c.name: {"x"}}, c.exposed)
			if _, got := filtered[c.name]; got != c.want {
				t.Errorf("FilterResponseHeader keeps %q = %t; want %t", c.name, got, c.want)
			}
		})
	}
}

func TestIsForbiddenResponseHeaderName(t *testing.T) {
	for name, want := range map[string]bool{
		"Set-Cookie": true, "SET-COOKIE2": true, "set-cookie": true, "Set-Cookie3": false, "Cookie": false, "": false,
	} {
		if got := safelist.IsForbiddenResponseHeaderName(name); got != want {
			t.Errorf("IsForbiddenResponseHeaderName(%q) = %t; want %t", name, got, want)
		}
	}
}

func TestFilterResponseHeader(t *testing.T) {
	h := http.Header{
		"Content-Type": {"text/plain"},
		"X-A":          append(make([]string, 0, 4), "1", "2"),
		"X-B":          {"3"},
		"x-c":          {"4"},
		"Set-Cookie":   {"k=v"},
		"Pragma":       {},
	}
	got := safelist.FilterResponseHeader(h, []string{"x-a", "X-C", "Set-Cookie", "X-A"})
	want := http.Header{"Content-Type": {"text/plain"}, "X-A": {"1", "2"}, "x-c": {"4"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("FilterResponseHeader mismatch (-want +got):\n%s", diff)
	}

	// The values are h's own, but what is done to the result leaves h as it is.
	before := h.Clone()
	got.Add("X-A", "5")
	got.Del("Content-Type")
	if diff := cmp.Diff(before, h); diff != "" {
		t.Errorf("changing the result changes h (-before +after):\n%s", diff)
	}
	if behind := h["X-A"][:3][2]; behind != "" {
		t.Errorf("appending to the result wrote %q behind the values of h", behind)
	}
	if got := safelist.FilterResponseHeader(nil, nil); got == nil || len(got) != 0 {
		t.Errorf("FilterResponseHeader(nil, nil) = %v; want an empty header", got)
	}
}
