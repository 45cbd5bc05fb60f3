package integrity_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch/integrity"
)

// The hashes of "ok", of "no" and of nothing.
const (
	ok256   = "Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8="
	ok384   = "xGY5+2SLy7sVzWpRRtIYtTmlK8feFq07VSi1ixAtRoi5HuFeR2Lz+5roxSCgi6m1"
	ok512   = "n7u7Wg8yn5eC4jVvpB2Jz5s2lDJ8GpNNavKp3y1/k2zoNxf7UTGWpM5VSEcXCM1xNMKumbPDV7yrsur8e5t1cA=="
	no256   = "k5Apjz+wxbFgSYk115yxOa7yjhxHNYtLu6YYYrnCblk="
	none256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
)

// A metadataCase is metadata and what it asks for: the strongest algorithm and
// its hashes.
type metadataCase struct {
	desc      string
	input     string
	algorithm integrity.Algorithm
	hashes    []string
}

// https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata-section
var metadataCases = []metadataCase{
	{"one", "sha256-" + ok256, integrity.SHA256, []string{ok256}},
	{"several", "sha256-a sha256-b", integrity.SHA256, []string{"a", "b"}},
	{"the strongest", "sha256-a sha512-b sha384-c", integrity.SHA512, []string{"b"}},
	{"the strongest, several", "sha384-a sha256-b sha384-c", integrity.SHA384, []string{"a", "c"}},
	{"options", "sha256-a?x=1?y sha256-b?", integrity.SHA256, []string{"a", "b"}},
	{"whitespace", "\t\n sha256-a\f\r sha256-b ", integrity.SHA256, []string{"a", "b"}},
	{"a dash ends the hash", "sha256-a-b", integrity.SHA256, []string{"a"}},
	{"no hash", "sha256", integrity.SHA256, []string{""}},
	{"an empty hash", "sha256-", integrity.SHA256, []string{""}},
	{"no base64", "sha256-!!", integrity.SHA256, []string{"!!"}},
	{"a longer name", "sha2567-a", 0, nil},
	{"an unknown algorithm", "sha1-a md5-b", 0, nil},
	{"upper case", "SHA256-a", 0, nil},
	{"a dash in the name", "sha-256-a", 0, nil},
	{"an option first", "?sha256-a", 0, nil},
	{"other spaces", "\u00a0sha256-a", 0, nil},
	{"nothing", "", 0, nil},
	{"spaces", " \n", 0, nil},
}

func TestParse(t *testing.T) {
	for _, c := range metadataCases {
		t.Run(c.desc, func(t *testing.T) {
			got := integrity.Parse(c.input)
			if got.Algorithm != c.algorithm {
				t.Errorf("algorithm %v, want %v", got.Algorithm, c.algorithm)
			}
			if diff := cmp.Diff(c.hashes, got.Hashes); diff != "" {
				t.Errorf("hashes: -want +got:\n%s", diff)
			}
			if want := c.algorithm == 0; got.IsEmpty() != want {
				t.Errorf("empty: %v, want %v", got.IsEmpty(), want)
			}
		})
	}
}

// https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
func TestMatch(t *testing.T) {
	urlSafe := strings.NewReplacer("+", "-", "/", "_")
	decoded := integrity.Rules{Decoded: true, MalformedIgnored: true}
	for _, c := range []struct {
		desc  string
		rules integrity.Rules
		input string
		want  bool // of "ok"
	}{
		{"INT-001 sha256", integrity.Rules{}, "sha256-" + ok256, true},
		{"INT-001 sha384", integrity.Rules{}, "sha384-" + ok384, true},
		{"INT-001 sha512", integrity.Rules{}, "sha512-" + ok512, true},
		{"another", integrity.Rules{}, "sha256-" + no256, false},
		{"nothing's", integrity.Rules{}, "sha256-" + none256, false},
		{"any of several", integrity.Rules{}, "sha256-" + no256 + " sha256-" + ok256, true},
		{"INT-002 the strongest is wrong", integrity.Rules{}, "sha384-x sha256-" + ok256, false},
		{"INT-002 a weaker is wrong", integrity.Rules{}, "sha256-x sha384-" + ok384, true},
		{"INT-003 unknown algorithms", integrity.Rules{}, "sha1-x", true},
		{"nothing", integrity.Rules{}, "", true},
		{"no padding", integrity.Rules{}, "sha256-" + strings.TrimRight(ok256, "="), false},
		{"URL alphabet", integrity.Rules{}, "sha384-" + urlSafe.Replace(ok384), false},
		{"malformed", integrity.Rules{}, "sha256-!", false},

		{"decoded", decoded, "sha256-" + ok256, true},
		{"decoded, another", decoded, "sha256-" + no256, false},
		{"decoded, URL alphabet", decoded, "sha384-" + urlSafe.Replace(ok384), true},
		{"decoded, URL alphabet, padded", decoded, "sha512-" + urlSafe.Replace(ok512), true},
		{"decoded, no padding", decoded, "sha256-" + strings.TrimRight(ok256, "="), true},
		{"decoded, too much padding", decoded, "sha256-" + ok256 + "=", false},
		{"decoded, too short", decoded, "sha256-" + ok256[:8], false},
		{"decoded, of another length", decoded, "sha256-" + ok512, false},
		{"decoded, of no length", decoded, "sha256-a", false},
		{"malformed, ignored", decoded, "sha256-!", true},
		{"malformed, ignored beside others", decoded, "sha512-! sha256-" + no256, false},
		{"missing, ignored", decoded, "sha256", true},
		{"padding alone, ignored", decoded, "sha256-==", true},
		{"any case", integrity.Rules{AnyCase: true}, "SHA256-" + no256, false},
		{"dashed", integrity.Rules{Dashed: true}, "sha-256-" + no256, false},
		{"dashed, right", integrity.Rules{Dashed: true}, "sha-384-" + ok384, true},
		{"equals inside", integrity.Rules{MalformedIgnored: true, EqualsInside: true}, "sha256-==", false},
		{"padding ignored", integrity.Rules{Decoded: true, PaddingIgnored: true}, "sha256-" + ok256 + "==", true},
		{"padding ignored, URL alphabet", integrity.Rules{MalformedIgnored: true, Decoded: true, PaddingIgnored: true}, "sha384-" + urlSafe.Replace(ok384), true},
		{"printable options", integrity.Rules{PrintableOptions: true}, "sha256-" + no256 + "?x", false},
		{"printable options, others", integrity.Rules{PrintableOptions: true}, "sha256-" + no256 + "?\u00e9", true},
		{"other space", integrity.Rules{Space: " \v"}, "\vsha256-" + no256, false},
		{"no form feed", integrity.Rules{Space: " "}, "\fsha256-" + no256, true},
	} {
		t.Run(c.desc, func(t *testing.T) {
			if got := c.rules.Parse(c.input).Match([]byte("ok")); got != c.want {
				t.Errorf("Match: got %v, want %v", got, c.want)
			}
		})
	}
}

func TestAlgorithm(t *testing.T) {
	for a, want := range map[integrity.Algorithm]string{0: "", integrity.SHA256: "sha256", integrity.SHA384: "sha384", integrity.SHA512: "sha512"} {
		if got := a.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := integrity.SHA256.Sum(nil); got != none256 {
		t.Errorf("hash of nothing: got %q, want %q", got, none256)
	}
}

// FuzzParse: whatever the metadata, its own hash makes it match, and nothing
// else does but where it asks for nothing.
func FuzzParse(f *testing.F) {
	for _, c := range metadataCases {
		f.Add(c.input, false)
		f.Add(c.input, true)
	}
	f.Fuzz(func(t *testing.T, s string, lenient bool) {
		rules := integrity.Rules{}
		if lenient {
			rules = integrity.Rules{AnyCase: true, Dashed: true, MalformedIgnored: true, Decoded: true, PaddingIgnored: true, Space: " \t\v"}
		}
		m := rules.Parse(s)
		if m.IsEmpty() != (len(m.Hashes) == 0) {
			t.Errorf("Parse(%q) = %+v", s, m)
		}
		body := []byte("a body that no seed has a hash of")
		if got := m.Match(body); got != m.IsEmpty() {
			t.Errorf("Parse(%q) matches: %v, want %v", s, got, m.IsEmpty())
		}
		for a := integrity.SHA256; a <= integrity.SHA512; a++ {
			if got, want := rules.Parse(s+" "+a.String()+"-"+a.Sum(body)).Match(body), a >= m.Algorithm; got != want {
				t.Errorf("Parse(%q) with the hash by %v matches: %v, want %v", s, a, got, want)
			}
		}
	})
}
