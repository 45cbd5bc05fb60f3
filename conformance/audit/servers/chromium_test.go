package servers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// knownDifferences are the rows, by name, in which the engine is known not to do as Chromium
// does, with the reason. The test fails for one that is missing and for one that
// is none.
var knownDifferences = map[string]string{}

// TestChromium has pages fetch from all sites: in the engine, and in headless
// Chromium. What their scripts see has to be the same, and the verdicts of an
// audit have to be Chromium's.
func TestChromium(t *testing.T) {
	w := start(t)
	web := w.web(t)
	reports := w.audit(t, web)
	all := rows(w.sites, reports)
	got := make([]sight, len(all))
	for i := range all {
		r := &all[i]
		browser := web.Fresh()
		r.site.login(browser)
		result := browser.Page(r.page).Fetch(r.request())
		got[i] = sightOf(i, &result)
	}
	want := askChromium(t, w, all)
	var tally tally
	for i := range all {
		r := &all[i]
		if r.site.turns != "" {
			continue
		}
		diff := gocmp.Diff(want[i], got[i])
		reason, isKnown := knownDifferences[r.String()]
		switch {
		case diff == "" && isKnown:
			t.Errorf("%s: known to differ (%s), but agrees now", r, reason)
		case diff != "" && !isKnown && tally.differ < maxComplaints:
			t.Errorf("%s: (-Chromium +corsfetch)\n%s", r, diff)
		case diff != "" && !isKnown:
			t.Errorf("%s: differs", r)
		}
		tally.add(&want[i], diff == "")
	}
	told, verdicts := toldBy(all), 0
	for i := range w.sites {
		if s := &w.sites[i]; s.turns == "" {
			verdicts += confirm(t, w, s, reports[i], told, want)
		}
	}
	t.Logf("%d verdicts of audits are Chromium's", verdicts)
	t.Logf("%d fetches from %d sites in Chromium: %d allowed, %d blocked; %d agree, %d differ", tally.fetches, len(w.sites), tally.allowed, tally.fetches-tally.allowed, tally.fetches-tally.differ, tally.differ)
	if tally.allowed == 0 || tally.allowed == tally.fetches {
		t.Error("this table tells nothing")
	}
}

// maxComplaints is how many differences are printed in full.
const maxComplaints = 20

// A tally counts fetches.
type tally struct{ fetches, allowed, differ int }

func (n *tally) add(want *sight, agrees bool) {
	n.fetches++
	if want.Verdict == "allowed" {
		n.allowed++
	}
	if !agrees {
		n.differ++
	}
}

// chromiumLimit is how long Chromium may take for the whole table.
const chromiumLimit = 200 * time.Second

// askChromium has Chromium make the fetches, and returns what its scripts saw.
func askChromium(t *testing.T, w *world, all []row) []sight {
	t.Helper()
	opened := openedPages(all)
	results := make(chan []byte, len(opened))
	pages := http.NewServeMux()
	pages.Handle("/", http.FileServer(http.Dir(filepath.Join("testdata", "pages"))))
	pages.HandleFunc("/rows.js", func(out http.ResponseWriter, _ *http.Request) {
		data, err := json.Marshal(opened)
		if err != nil {
			t.Error(err)
		}
		out.Header().Set("Content-Type", "text/javascript")
		fmt.Fprintf(out, "const pages = %s;\n", data)
	})
	pages.HandleFunc("POST /results", func(_ http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err == nil {
			results <- body
		}
	})
	plain, secure := listen(t), listen(t)
	w.serve(t, &http.Server{Handler: pages}, secure)
	unencrypted := &http.Server{Handler: pages}
	go unencrypted.Serve(plain)
	t.Cleanup(func() { unencrypted.Close() })

	rules := make([]string, 0, len(w.addresses)+2)
	for host, address := range w.addresses {
		rules = append(rules, "MAP "+host+":443 "+address)
	}
	for _, p := range append(opened, &openedPage{URL: "https://pages.example"}, &openedPage{URL: "http://pages.example"}) {
		if u, err := url.Parse(p.URL); err != nil {
			t.Error(err)
		} else if u.Scheme == "http" {
			rules = append(rules, "MAP "+withPort(u, "80")+" "+plain.Addr().String())
		} else if w.addresses[u.Host] == "" {
			rules = append(rules, "MAP "+withPort(u, "443")+" "+secure.Addr().String())
		}
	}
	rules = append(rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1")
	ctx, cancel := context.WithTimeout(t.Context(), chromiumLimit)
	defer cancel()
	// The first page has no TLS, for only such a page may have frames without it.
	ended := startChromium(t, ctx, "http://pages.example/top.html", rules)
	sights := make([]sight, len(all))
	missing := make(map[string]bool)
	for _, p := range opened {
		missing[p.URL] = true
	}
	for len(missing) > 0 {
		select {
		case body := <-results:
			var told struct {
				Page string
				Seen []sight
			}
			if err := json.Unmarshal(body, &told); err != nil {
				t.Fatal(err)
			}
			delete(missing, told.Page)
			if len(told.Seen) == 0 {
				t.Errorf("Chromium did not open %s", told.Page)
			}
			for _, s := range told.Seen {
				s.Response = s.Response.canonical()
				sights[s.ID] = s
			}
		case err := <-ended:
			t.Fatalf("Chromium told nothing of %d pages of %d, %s: %v", len(missing), len(opened), slices.Sorted(maps.Keys(missing))[0], err)
		}
	}
	cancel()
	<-ended
	return sights
}

// withPort is the host of a URL with its port, which is the scheme's if it says
// none.
func withPort(u *url.URL, port string) string {
	return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))
}

// An openedPage is a page as the first page reads it, which opens it.
type openedPage struct {
	URL       string      `json:"url"`
	Sandboxed bool        `json:"sandboxed"`
	Rows      []openedRow `json:"rows"`

	isOwn bool // it is of a site that rows are about
}

// An openedRow is the arguments of a fetch().
type openedRow struct {
	ID   int    `json:"id"`
	URL  string `json:"url"`
	Init struct {
		Method      string      `json:"method"`
		Headers     [][2]string `json:"headers,omitempty"`
		Credentials string      `json:"credentials"`
		Body        string      `json:"body,omitempty"`
	} `json:"init"`
}

// openedPages are the pages of the table: the sites' own first, for to open one is
// to log in.
func openedPages(all []row) []*openedPage {
	var pages []*openedPage
	by := make(map[string]*openedPage)
	for i := range all {
		r := &all[i]
		p := by[r.page]
		if p == nil {
			p = &openedPage{URL: r.page + "/frame.html"}
			switch r.page {
			case "null":
				p.URL, p.Sandboxed = stranger+"/frame.html", true
			case r.site.origin():
				p.URL, p.isOwn = r.page+"/login", true
			}
			by[r.page] = p
			pages = append(pages, p)
		}
		f := openedRow{ID: r.id, URL: r.url("chrome")}
		f.Init.Method, f.Init.Credentials, f.Init.Body = r.method, string(r.credentials), r.body
		for _, line := range r.headers {
			name, value, _ := strings.Cut(line, ": ")
			f.Init.Headers = append(f.Init.Headers, [2]string{name, value})
		}
		p.Rows = append(p.Rows, f)
	}
	slices.SortStableFunc(pages, func(a, b *openedPage) int {
		switch {
		case a.isOwn == b.isOwn:
			return 0
		case a.isOwn:
			return -1
		}
		return 1
	})
	return pages
}

// startChromium opens a URL in a headless Chromium with a new profile, to which
// all names lead by the rules, until ctx is done. The channel tells that Chromium
// and all its processes have ended.
func startChromium(t *testing.T, ctx context.Context, at string, rules []string) <-chan error {
	t.Helper()
	binary, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("%v; .ci/servers installs it", err)
	}
	home := t.TempDir()
	dir := filepath.Join(home, "profile", "Default")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	// Debian's Chromium blocks third-party cookies, which upstream's does not.
	writeFile(t, filepath.Join(dir, "Preferences"), []byte(`{"profile":{"cookie_controls_mode":0}}`))
	cmd := exec.CommandContext(ctx, binary,
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--ignore-certificate-errors",
		"--user-data-dir="+filepath.Join(home, "profile"),
		"--no-first-run", "--disable-sync", "--disable-component-update", "--disable-background-networking",
		"--disable-breakpad", "--disable-crash-reporter", "--password-store=basic",
		"--host-resolver-rules="+strings.Join(rules, ", "), at)
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	// The processes of Chromium share its output, so Wait waits for all of them.
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		ended <- fmt.Errorf("%w: %v\n%s", err, context.Cause(ctx), output.Bytes())
	}()
	return ended
}
