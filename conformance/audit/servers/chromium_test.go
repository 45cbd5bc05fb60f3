package servers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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

// known are the rows, by name, in which the engine is known not to do as Chromium
// does, with the reason. The test fails for one that is missing and for one that
// is none.
var known = map[string]string{}

// TestChromium has pages fetch from all sites: in the engine, and in headless
// Chromium. What their scripts see has to be the same.
func TestChromium(t *testing.T) {
	w := start(t)
	all := rows(w.sites)
	got := make([]sight, len(all))
	web := w.web(t)
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
		reason, isKnown := known[r.String()]
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
const chromiumLimit = 100 * time.Second

// askChromium has Chromium make the fetches, and returns what its scripts saw.
func askChromium(t *testing.T, w *world, all []row) []sight {
	t.Helper()
	results := make(chan []byte, 1)
	pages := http.NewServeMux()
	pages.Handle("/", http.FileServer(http.Dir(filepath.Join("testdata", "pages"))))
	pages.HandleFunc("/rows.js", func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Type", "text/javascript")
		out.Write(pagesScript(t, all))
	})
	pages.HandleFunc("POST /results", func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // Chromium has ended
		}
		select {
		case results <- body:
		default: // it sends once
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
	rules = append(rules, "MAP *:443 "+secure.Addr().String(), "MAP *:80 "+plain.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), chromiumLimit)
	defer cancel()
	// The first page has no TLS, for only such a page may have frames without it.
	ended := startChromium(t, ctx, "http://pages.example/top.html", rules)
	var body []byte
	select {
	case body = <-results:
		cancel()
		<-ended
	case err := <-ended:
		t.Fatalf("Chromium sent no results: %v", err)
	}
	var saw []sight
	if err := json.Unmarshal(body, &saw); err != nil {
		t.Fatal(err)
	}
	sights := make([]sight, len(all))
	for _, s := range saw {
		s.Response = s.Response.canonical()
		sights[s.ID] = s
	}
	return sights
}

// pagesScript is the table as the first page reads it: the sites' own pages first,
// for opening one logs in.
func pagesScript(t *testing.T, all []row) []byte {
	t.Helper()
	type init struct {
		Method      string      `json:"method"`
		Headers     [][2]string `json:"headers,omitempty"`
		Credentials string      `json:"credentials"`
		Body        string      `json:"body,omitempty"`
	}
	type fetch struct {
		ID   int    `json:"id"`
		URL  string `json:"url"`
		Init init   `json:"init"`
	}
	type page struct {
		URL       string  `json:"url"`
		Sandboxed bool    `json:"sandboxed"`
		Rows      []fetch `json:"rows"`
		own       bool
	}
	var pages []*page
	by := make(map[string]*page)
	for i := range all {
		r := &all[i]
		p := by[r.page]
		if p == nil {
			p = &page{URL: r.page + "/frame.html"}
			switch r.page {
			case "null":
				p.URL, p.Sandboxed = stranger+"/frame.html", true
			case r.site.origin():
				p.URL, p.own = r.page+"/login", true
			}
			by[r.page] = p
			pages = append(pages, p)
		}
		f := fetch{r.id, r.url("chrome"), init{Method: r.method, Credentials: string(r.credentials), Body: r.body}}
		for _, line := range r.headers {
			name, value, _ := strings.Cut(line, ": ")
			f.Init.Headers = append(f.Init.Headers, [2]string{name, value})
		}
		p.Rows = append(p.Rows, f)
	}
	slices.SortStableFunc(pages, func(a, b *page) int { return cmp.Compare(rank(a.own), rank(b.own)) })
	data, err := json.Marshal(pages)
	if err != nil {
		t.Error(err)
	}
	return fmt.Appendf(nil, "const pages = %s;\n", data)
}

// rank has what is true come first.
func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// startChromium opens the URL in a headless Chromium with a new profile, to which
// all names lead by the rules, until ctx is done. The channel tells that Chromium
// and all its processes have ended.
func startChromium(t *testing.T, ctx context.Context, url string, rules []string) <-chan error {
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
		"--host-resolver-rules="+strings.Join(rules, ", "), url)
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
