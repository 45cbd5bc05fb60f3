package safelist_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

func TestMethods(t *testing.T) {
	cases := []struct {
		desc         string
		method       string
		isMethod     bool
		isForbidden  bool
		isSafelisted bool // before it is normalized
		normalized   string
	}{
		{"SAF-001 GET", "GET", true, false, true, "GET"},
		{"SAF-001 HEAD", "HEAD", true, false, true, "HEAD"},
		{"SAF-001 POST", "POST", true, false, true, "POST"},
		{"SAF-001 get is not safelisted before it is normalized", "get", true, false, false, "GET"},
		{"SAF-002 post is sent as POST", "post", true, false, false, "POST"},
		{"SAF-003 patch stays patch", "patch", true, false, false, "patch"},
		{"PATCH", "PATCH", true, false, false, "PATCH"},
		{"SAF-004 Connect", "Connect", true, true, false, "Connect"},
		{"SAF-004 tRaCe", "tRaCe", true, true, false, "tRaCe"},
		{"SAF-004 TRACK", "TRACK", true, true, false, "TRACK"},
		{"SAF-005 CHICKEN", "CHICKEN", true, false, false, "CHICKEN"},
		{"SAF-005 QUERY", "QUERY", true, false, false, "QUERY"},
		{"query is not normalized", "query", true, false, false, "query"},
		{"SAF-006 space", "G ET", false, false, false, "G ET"},
		{"SAF-006 empty", "", false, false, false, ""},
		{"delete", "delete", true, false, false, "DELETE"},
		{"Head", "Head", true, false, false, "HEAD"},
		{"oPTIONS", "oPTIONS", true, false, false, "OPTIONS"},
		{"puT", "puT", true, false, false, "PUT"},
		{"wildcard is a method like any other", "*", true, false, false, "*"},
		{"case is folded in ASCII only", "trac\u212A", false, false, false, "trac\u212A"},
		{"long s is no s", "PO\u017FT", false, false, false, "PO\u017FT"},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.IsMethod(c.method); got != c.isMethod {
				t.Errorf("IsMethod(%q) = %t; want %t", c.method, got, c.isMethod)
			}
			if got := safelist.IsForbiddenMethod(c.method); got != c.isForbidden {
				t.Errorf("IsForbiddenMethod(%q) = %t; want %t", c.method, got, c.isForbidden)
			}
			if got := safelist.IsSafelistedMethod(c.method); got != c.isSafelisted {
				t.Errorf("IsSafelistedMethod(%q) = %t; want %t", c.method, got, c.isSafelisted)
			}
			got := safelist.NormalizeMethod(c.method)
			if got != c.normalized {
				t.Errorf("NormalizeMethod(%q) = %q; want %q", c.method, got, c.normalized)
			}
			if again := safelist.NormalizeMethod(got); again != got {
				t.Errorf("NormalizeMethod(%q) = %q; want it to stay", got, again)
			}
		})
	}
}
