package cookies_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/fetch/storefile"
	"github.com/corsfetch/corsfetch/origin"
)

// full returns a store with a cookie for each attribute.
func full() *cookies.Store {
	var s cookies.Store
	s.SetCookies(own("http://[::1]:8080/"), []string{"six=1"}, standard, noon)
	s.SetCookies(own("https://www.example.com/d/f"), []string{
		"z=1", "a=; Path=/", "=nameless", "__Host-Http-x=1; Secure; HttpOnly; Path=/",
		"d=1; Domain=example.com; Max-Age=3600; SameSite=Strict", "l=1; SameSite=Lax; HttpOnly",
		"bytes\xff=\xe9\x80; Path=/\xfe", "utf8=é\u2028<>&\"'\\", "p=1; Partitioned; Secure; SameSite=None",
		"=a=b; Path=/x",
	}, standard, noon.Add(123456789))
	s.SetCookies(from("https://other.example", "https://www.example.com/"), []string{"q=1; Partitioned; Secure; SameSite=None"}, standard, noon)
	s.SetCookies(own("http://localhost/"), []string{"local=1; Domain=localhost"}, standard, noon)
	s.Cookie(own("https://www.example.com/d/f"), standard, noon.Add(time.Minute))
	return &s
}

func save(t testing.TB, s *cookies.Store, now time.Time) string {
	t.Helper()
	var b strings.Builder
	if err := s.Save(&b, now); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSaveAndLoad(t *testing.T) {
	saved := full()
	text := save(t, saved, noon)
	if got := strings.Count(text, "\n"); got != 13 {
		t.Errorf("%d lines; want 13:\n%s", got, text)
	}
	var loaded cookies.Store
	if err := loaded.Load(strings.NewReader(text), noon); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(saved.Entries(noon), loaded.Entries(noon)); diff != "" {
		t.Errorf("after Save and Load (-want +got):\n%s", diff)
	}
	if again := save(t, &loaded, noon); again != text {
		t.Errorf("saved again:\n%s\nwant:\n%s", again, text)
	}
	// It also works the same: places and order are what they were.
	for _, r := range []cookies.Request{
		own("https://www.example.com/d/f"), from("https://other.example", "https://www.example.com/d/"),
		own("http://[::1]/"), own("http://localhost/"), own("https://x.example.com/"),
	} {
		if got, want := loaded.Cookie(r, standard, noon), saved.Cookie(r, standard, noon); got != want {
			t.Errorf("%v has %q once loaded; want %q", r.URLs, got, want)
		}
	}
}

func TestSavedLine(t *testing.T) {
	var s cookies.Store
	s.SetCookies(own(www), []string{"a=1; Domain=example.com; Max-Age=60; HttpOnly; SameSite=Lax; Secure", "b\xff=2"}, standard, noon)
	got := save(t, &s, noon)
	want := `{"name":"a","value":"1","domain":"example.com","path":"/","secure":true,"httpOnly":true,"sameSite":"Lax",` +
		`"expires":"2026-11-20T12:01:00Z","created":"2026-11-20T12:00:00Z","lastAccess":"2026-11-20T12:00:00Z"}` + "\n" +
		`{"name":{"base64":"Yv8="},"value":"2","domain":"www.example.com","hostOnly":true,"path":"/","sameSite":"",` +
		`"created":"2026-11-20T12:00:00Z","lastAccess":"2026-11-20T12:00:00Z"}` + "\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNotSaved(t *testing.T) {
	var s cookies.Store
	r := cookies.Request{URLs: list(site), Origin: origin.NewOpaque()}
	s.SetCookies(r, []string{"p=1; Partitioned; Secure; SameSite=None"}, standard, noon)
	if got := s.Cookie(r, standard, noon); got != "p=1" {
		t.Fatalf("in a tab with an opaque origin: %q; want p=1", got)
	}
	s.SetCookies(own(site), []string{"a=1; Max-Age=1"}, standard, noon)
	if got := save(t, &s, noon.Add(time.Minute)); got != "" {
		t.Errorf("saved: %s", got)
	}
}

func TestSaveFails(t *testing.T) {
	broken := errors.New("broken")
	if err := full().Save(writerFunc(func([]byte) (int, error) { return 0, broken }), noon); !errors.Is(err, broken) {
		t.Errorf("got %v; want %v", err, broken)
	}
	var s cookies.Store
	s.SetCookies(own(site), []string{"a=1"}, standard, noon.AddDate(10_000, 0, 0))
	if err := s.Save(io.Discard, noon); err == nil {
		t.Error("a year of five digits is saved")
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestLoadDrops(t *testing.T) {
	good := save(t, full(), noon)
	first, _, _ := strings.Cut(good, "\n")
	change := func(old, new string) string {
		if !strings.Contains(first, old) {
			t.Fatalf("%s is not in %s", old, first)
		}
		return strings.Replace(first, old, new, 1)
	}
	for _, test := range []struct{ desc, line string }{
		{"half a line", first[:40]},
		{"no JSON", "# cookies"},
		{"an array", "[]"},
		{"a number", "1"},
		{"two values", first + first},
		{"an unknown member", change(`"value"`, `"velue"`)},
		{"a wrong type", change(`"hostOnly":true`, `"hostOnly":1`)},
		{"neither name nor value", change(`"name":"six","value":"1"`, `"name":"","value":""`)},
		{"a name with an equals sign", change(`"name":"six"`, `"name":"six=7"`)},
		{"a value with a semicolon", change(`"value":"1"`, `"value":"1;2"`)},
		{"a value with a line feed", change(`"value":"1"`, `"value":"1\n2"`)},
		{"a value with a space at its end", change(`"value":"1"`, `"value":"1 "`)},
		{"a long value", change(`"value":"1"`, `"value":"`+strings.Repeat("x", 4096)+`"`)},
		{"bad base64", change(`"value":"1"`, `"value":{"base64":"?"}`)},
		{"a long line", change(`"value":"1"`, `"value":"`+strings.Repeat("x", 1<<20)+`"`)},
		{"no domain", change(`"domain":"[::1]"`, `"domain":""`)},
		{"a domain that is not canonical", change(`"domain":"[::1]"`, `"domain":"Example.com"`)},
		{"a domain that is no host", change(`"domain":"[::1]"`, `"domain":"a b"`)},
		{"a public suffix for all below it", change(`"domain":"[::1]","hostOnly":true`, `"domain":"co.uk"`)},
		{"no path", change(`"path":"/"`, `"path":""`)},
		{"a long path", change(`"path":"/"`, `"path":"/`+strings.Repeat("x", 1024)+`"`)},
		{"a relative path", change(`"path":"/"`, `"path":"x"`)},
		{"an unknown SameSite", change(`"sameSite":""`, `"sameSite":"lax"`)},
		{"a bad time", change(`"created":"2`, `"created":"x2`)},
		{"a partition that is no site", change(`"path"`, `"partition":"https://www.example.com","path"`)},
		{"a partition that is opaque", change(`"path"`, `"partition":"null","path"`)},
		{"a partition that is no origin", change(`"path"`, `"partition":"example.com","path"`)},
		{"a third party without a partition", change(`"path"`, `"thirdParty":true,"path"`)},
	} {
		t.Run(test.desc, func(t *testing.T) {
			var s cookies.Store
			err := s.Load(strings.NewReader(test.line+"\n"+good+"\r\n\n"+test.line), noon)
			var failed *storefile.Error
			if !errors.As(err, &failed) {
				t.Fatalf("got %v; want a LoadError", err)
			}
			last := 17
			if failed.Dropped != 2 || len(failed.Lines) != 2 || failed.Lines[0].Number != 1 || failed.Lines[1].Number != last {
				t.Errorf("dropped %d: %+v; want lines 1 and %d", failed.Dropped, failed.Lines, last)
			}
			if failed.Err != nil || !strings.Contains(err.Error(), "line 1: ") {
				t.Errorf("the error says %q", err)
			}
			if diff := cmp.Diff(full().Entries(noon), s.Entries(noon)); diff != "" {
				t.Errorf("the other lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadEndsEarly(t *testing.T) {
	broken := errors.New("broken")
	text := save(t, full(), noon)
	var s cookies.Store
	err := s.Load(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), noon)
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "reading ended early: broken") {
		t.Errorf("got %v; want %v", err, broken)
	}
	if diff := cmp.Diff(full().Entries(noon), s.Entries(noon)); diff != "" {
		t.Errorf("what was read before (-want +got):\n%s", diff)
	}
	err = s.Load(io.MultiReader(strings.NewReader("x\ny"), iotest.ErrReader(broken)), noon)
	if want := "cookies: reading ended early: broken; lines dropped: 2; line 1: "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v; want %s...", err, want)
	}
}

// However much is wrong with a file, the error stays small.
func TestLoadErrorIsBounded(t *testing.T) {
	var s cookies.Store
	var failed *storefile.Error
	if err := s.Load(strings.NewReader(strings.Repeat("x\n", 100_000)), noon); !errors.As(err, &failed) {
		t.Fatalf("got %v; want a LoadError", err)
	}
	if failed.Dropped != 100_000 || len(failed.Lines) > 1000 || len(failed.Error()) > 2000 {
		t.Errorf("%d dropped, %d listed, %d bytes of text", failed.Dropped, len(failed.Lines), len(failed.Error()))
	}
}

func TestLoadKeepsTheLimits(t *testing.T) {
	var b strings.Builder
	line, _, _ := strings.Cut(save(t, full(), noon), "\n")
	for i := range 2 * cookies.MaxCookies {
		fmt.Fprintln(&b, strings.Replace(line, `"six","value":"1","domain":"[::1]"`, fmt.Sprintf(`"c%d","value":"","domain":"d%d.example"`, i, i%20), 1))
	}
	var s cookies.Store
	if err := s.Load(strings.NewReader(b.String()), noon); err != nil {
		t.Fatal(err)
	}
	perDomain := map[string]int{}
	for _, e := range s.Entries(noon) {
		perDomain[e.Domain]++
	}
	if got := len(s.Entries(noon)); got > cookies.MaxCookies || got < cookies.MaxCookies-300 {
		t.Errorf("%d cookies; want %d at most, and few less", got, cookies.MaxCookies)
	}
	for d, n := range perDomain {
		if n > cookies.MaxPerDomain {
			t.Errorf("%d cookies of %s; want at most %d", n, d, cookies.MaxPerDomain)
		}
	}
}

func TestLoadReplacesAndForgets(t *testing.T) {
	var s cookies.Store
	s.SetCookies(own("http://[::1]/"), []string{"six=other", "seven=1"}, standard, noon.Add(-time.Hour))
	if err := s.Load(strings.NewReader(save(t, full(), noon)), noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, want := s.Cookie(own("http://[::1]/"), standard, noon), "seven=1; six=1"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	if strings.Contains(" "+names(&s, noon)+" ", " d ") {
		t.Error("a cookie that has expired is loaded")
	}
}

func FuzzLoad(f *testing.F) {
	good := save(f, full(), noon)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add("{}\n[]\n\"\n\n" + good[:200])
	f.Fuzz(func(t *testing.T, text string) {
		var s cookies.Store
		err := s.Load(strings.NewReader(text), noon)
		var failed *storefile.Error
		if err != nil && !errors.As(err, &failed) {
			t.Errorf("an error of type %T", err)
		}
		// What could be loaded can be saved and loaded.
		var again cookies.Store
		if err := again.Load(strings.NewReader(save(t, &s, noon)), noon); err != nil {
			t.Fatalf("loading what was saved: %v", err)
		}
		if diff := cmp.Diff(s.Entries(noon), again.Entries(noon)); diff != "" {
			t.Errorf("after Save and Load (-want +got):\n%s", diff)
		}
	})
}
