package safelist_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/safelist"
)

// lines joins a header's values to one string to fuzz, and splitLines splits it.
func lines(values []string) string { return strings.Join(values, "\n") }

func splitLines(s string) []string { return strings.Split(s, "\n") }

func FuzzExtractTokens(f *testing.F) {
	for _, c := range tokensCases {
		f.Add(lines(c.values))
	}
	f.Fuzz(func(t *testing.T, s string) {
		values := splitLines(s)
		tokens, ok := safelist.ExtractTokens(values)
		if !ok {
			if tokens != nil {
				t.Errorf("ExtractTokens(%q) = %q, false; want nil", values, tokens)
			}
			return
		}
		for _, token := range tokens {
			if !safelist.IsToken(token) {
				t.Errorf("ExtractTokens(%q) has %q, which is no token", values, token)
			}
		}
		// What was extracted lists the same tokens, and a list of tokens has no
		// other members than empty ones.
		again, ok := safelist.ExtractTokens([]string{strings.Join(tokens, ",")})
		if diff := cmp.Diff(tokens, again); !ok || diff != "" {
			t.Errorf("ExtractTokens(%q) does not round-trip (-want +got):\n%s", values, diff)
		}
		members := slices.DeleteFunc(safelist.GetDecodeSplit(values), func(m string) bool { return m == "" })
		if !slices.Equal(members, tokens) {
			t.Errorf("ExtractTokens(%q) = %q; GetDecodeSplit has %q", values, tokens, members)
		}
	})
}

func FuzzGetDecodeSplit(f *testing.F) {
	for _, c := range splitCases {
		f.Add(lines(c.values))
	}
	f.Fuzz(func(t *testing.T, s string) {
		values := splitLines(s)
		members := safelist.GetDecodeSplit(values)
		if len(members) == 0 {
			t.Fatalf("GetDecodeSplit(%q) is empty", values)
		}
		// Splitting what was split, joined again, changes nothing.
		again := safelist.GetDecodeSplit([]string{strings.Join(members, ",")})
		if !slices.Equal(members, again) {
			t.Errorf("GetDecodeSplit(%q) = %q; joined and split again %q", values, members, again)
		}
		// Without quotes it is a plain split.
		if value, _ := safelist.Get(values); !strings.Contains(value, `"`) {
			want := strings.Split(value, ",")
			for i := range want {
				want[i] = strings.Trim(want[i], "\t ")
			}
			if !slices.Equal(want, members) {
				t.Errorf("GetDecodeSplit(%q) = %q; want %q", values, members, want)
			}
		}
		if got, want := safelist.DetermineNosniff(values), strings.EqualFold(members[0], "nosniff") && isASCII(members[0]); got != want {
			t.Errorf("DetermineNosniff(%q) = %t; want %t", values, got, want)
		}
		if n, state := safelist.ExtractLength(values); state == safelist.LengthValue && n < 0 {
			t.Errorf("ExtractLength(%q) = %d", values, n)
		}
		if m, ok := safelist.ExtractMIMEType(values); ok {
			if _, parsed := safelist.ParseMIMEType(m.String()); !parsed {
				t.Errorf("ExtractMIMEType(%q) = %q, which does not parse", values, m)
			}
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

func FuzzParseMIMEType(f *testing.F) {
	for _, c := range mimeCases {
		f.Add(c.input)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := safelist.ParseMIMEType(s)
		if _, gotOK := safelist.MIMEEssence(s); gotOK != ok {
			t.Errorf("MIMEEssence(%q) ok = %t; ParseMIMEType's is %t", s, gotOK, ok)
		}
		if !ok {
			return
		}
		checkMIMEType(t, s, m)
		names := map[string]bool{}
		for _, p := range m.Parameters {
			if !safelist.IsToken(p.Name) || names[p.Name] {
				t.Errorf("ParseMIMEType(%q) has a parameter %q that is no token or there twice", s, p.Name)
			}
			names[p.Name] = true
		}
	})
}

func FuzzParseRange(f *testing.F) {
	for _, c := range rangeCases {
		f.Add(c.value)
	}
	f.Fuzz(func(t *testing.T, s string) {
		strict, strictOK := safelist.ParseRange(s, false)
		lenient, lenientOK := safelist.ParseRange(s, true)
		if strictOK && (!lenientOK || strict != lenient) {
			t.Errorf("ParseRange(%q) = %+v; with whitespace allowed %+v, %t", s, strict, lenient, lenientOK)
		}
		if strictOK && strict.String() != s {
			t.Errorf("ParseRange(%q).String() = %q", s, strict.String())
		}
		if lenientOK {
			again, ok := safelist.ParseRange(lenient.String(), false)
			if !ok || again != lenient {
				t.Errorf("ParseRange(%q) = %+v, %t; want %+v", lenient.String(), again, ok, lenient)
			}
			if first, last := lenient.Offsets(); first >= 0 && last >= 0 && first > last || first < 0 && last < 0 {
				t.Errorf("ParseRange(%q).Offsets() = %d, %d", s, first, last)
			}
		}
		want := strictOK && strict.First != "" && len(s) <= 128
		if got := safelist.IsSafelistedRequestHeader("Range", s); got != want {
			t.Errorf("Range: %q is safelisted = %t; want %t", s, got, want)
		}
	})
}

// headerLines writes h as lines to fuzz, and parseHeaderLines reads them, keeping
// keys as they are.
func headerLines(h http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			b.WriteString(name + ":" + value + "\n")
		}
	}
	return b.String()
}

func parseHeaderLines(s string) http.Header {
	h := http.Header{}
	for line := range strings.Lines(s) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		h[name] = append(h[name], value)
	}
	return h
}

func FuzzUnsafeRequestHeaderNames(f *testing.F) {
	for _, c := range unsafeNamesCases {
		f.Add(headerLines(c.h))
	}
	for _, c := range safelistedRequestHeaderCases {
		f.Add(headerLines(http.Header{c.name: {c.value}}))
	}
	f.Fuzz(func(t *testing.T, s string) {
		h := parseHeaderLines(s)
		checkUnsafeNames(t, h)
		for engine, rules := range allRules {
			checkNames(t, engine, rules, h, rules.UnsafeRequestHeaderNames(h))
		}
		for name, values := range h {
			for _, value := range values {
				if safelist.IsNoCORSSafelistedRequestHeader(name, value) && !safelist.IsSafelistedRequestHeader(name, value) {
					t.Errorf("%s: %s is no-CORS-safelisted, but not CORS-safelisted", name, value)
				}
				if safelist.IsSafelistedRequestHeader(name, value) && safelist.IsForbiddenRequestHeader(name, value) {
					t.Errorf("%s: %s is safelisted and forbidden", name, value)
				}
			}
		}
	})
}

// checkUnsafeNames fails t unless the standard's unsafe names are what the
// definition says, put plainly.
func checkUnsafeNames(t *testing.T, h http.Header) {
	t.Helper()
	unsafe, safe := map[string]bool{}, map[string]bool{}
	total := 0
	for name, values := range h {
		for _, value := range values {
			if safelist.IsSafelistedRequestHeader(name, value) {
				safe[toLowerASCII(name)] = true
				total += len(value)
			} else {
				unsafe[toLowerASCII(name)] = true
			}
		}
	}
	var want []string
	for name := range unsafe {
		want = append(want, name)
	}
	for name := range safe {
		if total > 1024 && !unsafe[name] {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, safelist.UnsafeRequestHeaderNames(h)); diff != "" {
		t.Errorf("UnsafeRequestHeaderNames(%q) mismatch (-want +got):\n%s", h, diff)
	}
}

// checkNames fails t unless names are lower-case, sorted, from h, and, if rules
// say so, unique.
func checkNames(t *testing.T, engine string, rules safelist.Rules, h http.Header, names []string) {
	t.Helper()
	have := map[string]bool{}
	for name := range h {
		have[toLowerASCII(name)] = true
	}
	for i, name := range names {
		if !have[name] {
			t.Errorf("%s: %q is not in %q in lower case", engine, name, h)
		}
		if i > 0 && (names[i-1] > name || names[i-1] == name && !rules.NameRepeated) {
			t.Errorf("%s: %q are not sorted or not unique", engine, names)
		}
	}
	if len(names) == 0 && names != nil {
		t.Errorf("%s: no names are %#v; want nil", engine, names)
	}
}

func toLowerASCII(s string) string {
	b := []byte(s)
	for i := range b {
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}
