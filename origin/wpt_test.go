package origin_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// TestWPTOrigins checks the origins of the web-platform-tests' URLs. The
// directory with their url/resources is in CORSFETCH_WPT.
func TestWPTOrigins(t *testing.T) {
	dir := os.Getenv("CORSFETCH_WPT")
	if dir == "" {
		t.Skip("CORSFETCH_WPT is not set; it should name a directory with urltestdata.json of web-platform-tests' url/resources")
	}
	data, err := os.ReadFile(filepath.Join(dir, "urltestdata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		t.Fatal(err)
	}
	passed, all := 0, 0
	for _, item := range items {
		var tc struct {
			Input  string
			Base   *string
			Origin *string
		}
		if isComment := item[0] == '"'; isComment {
			continue
		}
		if err := json.Unmarshal(item, &tc); err != nil {
			t.Fatal(err)
		}
		if tc.Origin == nil {
			continue
		}
		all++
		var base *weburl.URL
		if tc.Base != nil {
			base = weburl.MustParse(*tc.Base)
		}
		u, err := weburl.Parse(tc.Input, base)
		if err != nil {
			t.Errorf("Parse(%q, %v): %v; want a URL on %s", tc.Input, base, err, *tc.Origin)
			continue
		}
		got := origin.FromURL(u)
		if got.String() != *tc.Origin {
			t.Errorf("FromURL(%s) = %s; want %s", u, got, *tc.Origin)
			continue
		}
		checkOrigin(t, got)
		passed++
	}
	t.Logf("%d of %d passed", passed, all)
}
