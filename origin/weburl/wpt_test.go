package weburl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

// wptDir names the directory with the web-platform-tests' url/resources.
const wptDir = "CORSFETCH_WPT"

// readWPT decodes the objects of a JSON array in one of the files of wptDir.
// The array's strings, which are comments, are left out.
func readWPT[T any](t *testing.T, file string) []T {
	t.Helper()
	dir := os.Getenv(wptDir)
	if dir == "" {
		t.Skipf("%s is not set; it should name a directory with %s of web-platform-tests' url/resources", wptDir, file)
	}
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		t.Fatal(err)
	}
	var cases []T
	for _, item := range items {
		if item[0] == '"' {
			continue
		}
		var c T
		if err := json.Unmarshal(item, &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	return cases
}

// components is what the URL API says about a URL.
type components struct {
	Href, Protocol, Username, Password, Host, Hostname, Port, Pathname, Search, Hash string
}

// https://url.spec.whatwg.org/#api
func componentsOf(u *weburl.URL) components {
	c := components{
		Href:     u.String(),
		Protocol: u.Scheme() + ":",
		Username: u.Username(),
		Password: u.Password(),
		Host:     u.Host(),
		Hostname: u.Hostname(),
		Pathname: u.Path(),
	}
	if port, ok := u.Port(); ok {
		c.Port = strconv.Itoa(int(port))
	}
	if query, _ := u.Query(); query != "" {
		c.Search = "?" + query
	}
	if fragment, _ := u.Fragment(); fragment != "" {
		c.Hash = "#" + fragment
	}
	return c
}

func TestWPTURLTestData(t *testing.T) {
	type testCase struct {
		Input   string
		Base    *string
		Failure bool
		components
	}
	passed := 0
	cases := readWPT[testCase](t, "urltestdata.json")
	for _, tc := range cases {
		var base *weburl.URL
		if tc.Base != nil {
			base = weburl.MustParse(*tc.Base)
		}
		u, err := weburl.Parse(tc.Input, base)
		switch {
		case err != nil && !tc.Failure:
			t.Errorf("Parse(%q, %v): %v; want %s", tc.Input, base, err, tc.Href)
		case err == nil && tc.Failure:
			t.Errorf("Parse(%q, %v) = %s; want an error", tc.Input, base, u)
		case err == nil && componentsOf(u) != tc.components:
			t.Errorf("Parse(%q, %v) (-want +got):\n%s", tc.Input, base, cmp.Diff(tc.components, componentsOf(u)))
		default:
			passed++
		}
	}
	t.Logf("%d of %d passed", passed, len(cases))
}

// A hostCase is a case of toascii.json and IdnaTestV2.json.
type hostCase struct {
	Input  string
	Output *string // nil: not a host
}

// parse returns the host that parsing the input as a host results in.
func (tc hostCase) parse() (host string, err error) {
	u, err := weburl.Parse("https://"+tc.Input+"/x", nil)
	if err != nil {
		return "", err
	}
	return u.Hostname(), nil
}

func (tc hostCase) passes() bool {
	host, err := tc.parse()
	if tc.Output == nil {
		return err != nil
	}
	return err == nil && host == *tc.Output
}

func (tc hostCase) want() string {
	if tc.Output == nil {
		return "an error"
	}
	return *tc.Output
}

// hasUnicode17 is whether golang.org/x/net/idna uses the tables of Unicode 17,
// as it does from Go 1.27 on. Before that they are of Unicode 15.
var hasUnicode17 = unicode.Version >= "17"

// checkHosts checks the cases of a file. Those that known has a reason for must
// fail before Unicode 17, and all others must pass.
func checkHosts(t *testing.T, file string, known func(hostCase) (reason string, ok bool)) {
	t.Helper()
	passed, skipped := 0, 0
	cases := readWPT[hostCase](t, file)
	for _, tc := range cases {
		if tc.Input == "" {
			skipped++ // as web-platform-tests do: no URL has this host
			continue
		}
		reason, isKnown := known(tc)
		isKnown = isKnown && !hasUnicode17
		switch ok := tc.passes(); {
		case ok && isKnown:
			t.Errorf("%+q passes, but is listed as failing: %s", tc.Input, reason)
		case !ok && !isKnown:
			host, err := tc.parse()
			t.Errorf("%+q: got %q, %v; want %s", tc.Input, host, err, tc.want())
		case ok:
			passed++
		}
	}
	t.Logf("%s: %d of %d passed, %d skipped (Unicode %s)", file, passed, len(cases), skipped, unicode.Version)
}

func TestWPTToASCII(t *testing.T) {
	known := map[string]string{
		"look\u180eout.net": "U+180E MONGOLIAN VOWEL SEPARATOR is ignored since Unicode 16, disallowed before",
		"look\u206bout.net": "U+206B ACTIVATE SYMMETRIC SWAPPING is ignored since Unicode 16, disallowed before",
		"\u04c0.com":        "U+04C0 CYRILLIC LETTER PALOCHKA is mapped since Unicode 16, disallowed before",
		"\U0002f868.com":    "U+2F868 is mapped since Unicode 16, disallowed before",
		"\u2183.com":        "U+2183 ROMAN NUMERAL REVERSED ONE HUNDRED is mapped since Unicode 16, disallowed before",
		"\u1e9e.com":        "U+1E9E LATIN CAPITAL LETTER SHARP S is mapped to ß since Unicode 16, to ss before",
		"\u1e9e.foo.com":    "U+1E9E LATIN CAPITAL LETTER SHARP S is mapped to ß since Unicode 16, to ss before",
	}
	seen := 0
	checkHosts(t, "toascii.json", func(tc hostCase) (string, bool) {
		reason, ok := known[tc.Input]
		if ok {
			seen++
		}
		return reason, ok
	})
	if seen != len(known) {
		t.Errorf("%d of the %d inputs that are listed as failing are in the file", seen, len(known))
	}
}

// changedSinceUnicode15 has the code points of IdnaTestV2.json that Unicode 15
// does not allow in any domain, or maps to something else.
var changedSinceUnicode15 = []struct {
	first, last rune
	reason      string
}{
	{'\u04c0', '\u04c0', "CYRILLIC LETTER PALOCHKA is mapped since Unicode 16"},
	{'\u10a0', '\u10c5', "GEORGIAN CAPITAL LETTERs are mapped since Unicode 16"},
	{'\u115f', '\u1160', "HANGUL FILLERs are ignored since Unicode 16"},
	{'\u17b4', '\u17b5', "KHMER VOWEL INHERENTs are ignored since Unicode 16"},
	{'\u1e9e', '\u1e9e', "LATIN CAPITAL LETTER SHARP S is mapped to ß since Unicode 16"},
	{'\u2132', '\u2132', "TURNED CAPITAL F is mapped since Unicode 16"},
	{'\u2183', '\u2183', "ROMAN NUMERAL REVERSED ONE HUNDRED is mapped since Unicode 16"},
	{'\uffa0', '\uffa0', "HALFWIDTH HANGUL FILLER is ignored since Unicode 16"},
	{'\U0001d173', '\U0001d17a', "MUSICAL SYMBOLs for formatting are ignored since Unicode 16"},
	{'\U0002f868', '\U0002f868', "this ideograph is mapped since Unicode 16"},
	{'\U000323b0', '\U00033479', "these ideographs are new in Unicode 17"},
}

func TestWPTIdnaTestV2(t *testing.T) {
	checkHosts(t, "IdnaTestV2.json", func(tc hostCase) (string, bool) {
		if tc.Output == nil {
			return "", false // refused before as well, if perhaps for another reason
		}
		for _, r := range tc.Input {
			for _, changed := range changedSinceUnicode15 {
				if changed.first <= r && r <= changed.last {
					return changed.reason, true
				}
			}
		}
		return "", false
	})
}
