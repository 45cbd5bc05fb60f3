package safelist_test

import (
	"testing"
	"testing/quick"

	"github.com/corsfetch/corsfetch/safelist"
)

func TestIsToken(t *testing.T) {
	const symbols = "!#$%&'*+-.^_`|~"
	for b := range 256 {
		isLetterOrDigit := b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
		isSymbol := false
		for i := range len(symbols) {
			isSymbol = isSymbol || int(symbols[i]) == b
		}
		want := isLetterOrDigit || isSymbol
		for _, s := range []string{string([]byte{byte(b)}), string([]byte{'a', byte(b), 'a'})} {
			if got := safelist.IsToken(s); got != want {
				t.Errorf("IsToken(%q) = %t; want %t", s, got, want)
			}
			if got := safelist.IsHeaderName(s); got != want {
				t.Errorf("IsHeaderName(%q) = %t; want %t", s, got, want)
			}
		}
	}
	if safelist.IsToken("") {
		t.Error(`IsToken("") = true; want false`)
	}
}

func TestIsHeaderValue(t *testing.T) {
	cases := []struct {
		desc  string
		value string
		want  bool
	}{
		{"empty", "", true},
		{"one byte", "a", true},
		{"space and tab inside", "a \tb", true},
		{"other control characters", "\x01\x0B\x0C\x1F\x7F", true},
		{"bytes outside ASCII", "\x80\xE9\xFF", true},
		{"leading space", " a", false},
		{"leading tab", "\ta", false},
		{"trailing space", "a ", false},
		{"trailing tab", "a\t", false},
		{"space alone", " ", false},
		{"SAF-036 CR LF inside", "a\r\nb", false},
		{"SAF-036 NUL inside", "a\x00b", false},
		{"LF inside", "a\nb", false},
		{"CR inside", "a\rb", false},
		{"trailing LF", "a\n", false},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.IsHeaderValue(c.value); got != c.want {
				t.Errorf("IsHeaderValue(%q) = %t; want %t", c.value, got, c.want)
			}
		})
	}
}

func TestNormalizeHeaderValue(t *testing.T) {
	cases := []struct {
		desc  string
		value string
		want  string
	}{
		{"empty", "", ""},
		{"nothing to do", "a b", "a b"},
		{"SAF-037 all four at both ends", "\r\n\t a \n", "a"},
		{"nothing but whitespace", " \t\r\n", ""},
		{"whitespace inside stays", " a\r\nb ", "a\r\nb"},
		{"form feed and vertical tab stay", "\x0Ca\x0B", "\x0Ca\x0B"},
		{"no-break space stays", "\u00A0a", "\u00A0a"},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.NormalizeHeaderValue(c.value); got != c.want {
				t.Errorf("NormalizeHeaderValue(%q) = %q; want %q", c.value, got, c.want)
			}
		})
	}
}

func TestNormalizeHeaderValueProperties(t *testing.T) {
	isFixedPoint := func(b []byte) bool {
		once := safelist.NormalizeHeaderValue(string(b))
		return safelist.NormalizeHeaderValue(once) == once
	}
	if err := quick.Check(isFixedPoint, nil); err != nil {
		t.Error("normalizing twice differs from once:", err)
	}
	keepsValues := func(b []byte) bool {
		s := string(b)
		return !safelist.IsHeaderValue(s) || safelist.NormalizeHeaderValue(s) == s
	}
	if err := quick.Check(keepsValues, nil); err != nil {
		t.Error("normalizing changes a header value:", err)
	}
}
