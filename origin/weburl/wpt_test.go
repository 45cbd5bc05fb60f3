package weburl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
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

// hostCase is a case of toascii.json and IdnaTestV2.json.
type hostCase struct {
	Input  string
	Output *string // nil: not a host
}

// parsesAsHost reports whether parsing the input as a host has the right result.
func (tc hostCase) passes() bool {
	u, err := weburl.Parse("https://"+tc.Input+"/x", nil)
	if err != nil {
		return tc.Output == nil
	}
	return tc.Output != nil && u.Hostname() == *tc.Output && u.Path() == "/x"
}

// unicode17 is whether x/net/idna has the tables of Unicode 17.
var unicode17 = unicode.Version >= "17"

func TestWPTToASCII(t *testing.T) {
	checkHosts(t, "toascii.json", nil)
}

func checkHosts(t *testing.T, file string, known map[string]string) {
	passed := 0
	cases := readWPT[hostCase](t, file)
	for _, tc := range cases {
		reason, isKnown := known[tc.Input]
		isKnown = isKnown && !unicode17
		switch ok := tc.passes(); {
		case ok && isKnown:
			t.Errorf("%+q passes, but is listed as failing: %s", tc.Input, reason)
		case !ok && !isKnown:
			want := "an error"
			if tc.Output != nil {
				want = *tc.Output
			}
			got, err := weburl.Parse("https://"+tc.Input+"/x", nil)
			t.Errorf("%+q: got %v, %v; want %s", tc.Input, got, err, want)
		case ok:
			passed++
		}
	}
	t.Logf("%s: %d of %d passed with %s and Unicode %s", file, passed, len(cases), runtime.Version(), unicode.Version)
}

func TestWPTIdnaV2(t *testing.T) {
	checkHosts(t, "IdnaTestV2.json", nil)
}

var _ = strings.Repeat
