package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// A bank is a server that knows its users by cookies of every SameSite, and
// keeps requests of other origins out as net/http does. It speaks http and https,
// at names below localhost.
type bank struct {
	ports map[string]string // by scheme

	done chan struct{} // closed when a browser has come to /done

	mu   sync.Mutex
	seen map[string]string // by the request's id: method, status, and the cookies that came
	told map[string]string // what the scripts of a browser were told
}

// bankCookies are what a visit to /login sets.
var bankCookies = []string{"lax=1; SameSite=Lax; Path=/", "none=1; SameSite=None; Secure; Path=/", "plain=1; Path=/", "strict=1; SameSite=Strict; Path=/"}

func newBank(t *testing.T) *bank {
	t.Helper()
	b := &bank{ports: make(map[string]string), done: make(chan struct{}), seen: make(map[string]string), told: make(map[string]string)}
	handler := http.HandlerFunc(b.serve)
	for scheme, s := range map[string]*httptest.Server{"http": httptest.NewServer(handler), "https": httptest.NewTLSServer(handler)} {
		t.Cleanup(s.Close)
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		b.ports[scheme] = u.Port()
	}
	return b
}

// origin is the origin of a host, as "https://app.localhost:port".
func (b *bank) origin(name string) string {
	scheme, host, _ := strings.Cut(name, "://")
	return scheme + "://" + host + ".localhost:" + b.ports[scheme]
}

// serve notes a request and what comes of it. Everybody may read the answer, and
// ask for anything: that is not what protects the bank.
func (b *bank) serve(w http.ResponseWriter, req *http.Request) {
	if b.serveBrowser(w, req) {
		return
	}
	var names []string
	for _, c := range req.Cookies() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	if o := req.Header.Get("Origin"); o != "" {
		w.Header().Set("Access-Control-Allow-Origin", o)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		w.Header().Set("Access-Control-Allow-Headers", "content-type")
	}
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("/webhook")
	note := &statusNote{ResponseWriter: w, status: http.StatusOK}
	protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch {
		case req.URL.Path == "/login":
			w.Header()["Set-Cookie"] = bankCookies
			b.goOn(w, homePage)
		case req.Method != http.MethodOptions && !slices.Contains(names, "lax"):
			w.WriteHeader(http.StatusUnauthorized)
		}
	})).ServeHTTP(note, req)
	if id := req.URL.Query().Get("id"); id != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.seen[id] += strings.TrimSpace(fmt.Sprintf("%s %d %s", req.Method, note.status, strings.Join(names, ","))) + "; "
	}
}

// goOn has a browser go to the page that commits a name's raids.
func (b *bank) goOn(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, "<!doctype html><script>location.replace(%q)</script>", b.origin(name)+"/raids?page="+url.QueryEscape(name))
}

// serveBrowser answers what only a real browser asks for.
func (b *bank) serveBrowser(w http.ResponseWriter, req *http.Request) bool {
	switch req.URL.Path {
	case "/raids":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!doctype html><script>const raids = %s;\n%s</script>", b.requests(req.FormValue("page")), raidsJS)
	case "/told":
		var told map[string]string
		if err := json.NewDecoder(req.Body).Decode(&told); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return true
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		maps.Copy(b.told, told)
	case "/next":
		names := []string{homePage, sisterPage, plainHTTP, evilPage}
		if i := slices.Index(names, req.FormValue("page")) + 1; i < len(names) {
			b.goOn(w, names[i])
		} else {
			close(b.done)
		}
	case "/favicon.ico":
	default:
		return false
	}
	return true
}

// raidsJS commits the raids of a page, tells what came of them, and goes on.
const raidsJS = `
(async () => {
  const told = {};
  for (const r of raids.requests) {
    try {
      const response = await fetch(r.url, r.init);
      await response.text();
      told[r.id] = response.type + ' ' + response.status;
    } catch (e) {
      told[r.id] = e.name;
    }
  }
  await fetch('/told', {method: 'POST', body: JSON.stringify(told)});
  location.replace('/next?page=' + encodeURIComponent(raids.page));
})();
`

// requests is what raidsJS reads of the raids of a page, as JSON.
func (b *bank) requests(page string) []byte {
	type request struct {
		ID   string         `json:"id"`
		URL  string         `json:"url"`
		Init map[string]any `json:"init"`
	}
	var all []request
	for i, r := range raids {
		if r.page != page {
			continue
		}
		id := fmt.Sprintf("live-%d", i)
		init := map[string]any{"method": r.method, "credentials": r.credentials}
		if r.mode != "" {
			init["mode"] = r.mode
		}
		if r.method != http.MethodGet {
			init["body"] = "{}"
		}
		if r.contentType != "" {
			init["headers"] = map[string]string{"Content-Type": r.contentType}
		}
		all = append(all, request{id, b.origin(homePage) + r.path + "?id=" + id, init})
	}
	data, err := json.Marshal(map[string]any{"page": page, "requests": all})
	if err != nil {
		panic(err) // strings do not fail
	}
	return data
}

// A statusNote remembers the status of an answer.
type statusNote struct {
	http.ResponseWriter
	status int
}

func (n *statusNote) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// verdict is what came of a request: at the bank, and to the script.
func (b *bank) verdict(id, script string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return cmp.Or(b.seen[id], "nothing; ") + script
}

// A raid is a request by some page to https://app, where the user is logged in,
// and what comes of it: what the bank answered to whom, and what the script saw.
type raid struct {
	page, method, path, mode, credentials, contentType string

	want            string // in Chromium
	firefox, webkit string // there; "" is as in Chromium
}

const (
	homePage   = "https://app"
	sisterPage = "https://sub.app"
	plainHTTP  = "http://app"
	evilPage   = "https://evil"
)

// raids are requests that change something, or tell something.
var raids = []raid{
	{page: homePage, method: "POST", path: "/pay", credentials: "same-origin", want: "POST 200 lax,none,plain,strict; basic 200"},
	{page: homePage, method: "POST", path: "/pay", credentials: "omit", want: "POST 401; basic 401"},
	{page: homePage, method: "PUT", path: "/pay", credentials: "include", contentType: "application/json", want: "PUT 200 lax,none,plain,strict; basic 200"},
	{page: homePage, method: "GET", path: "/balance", credentials: "include", want: "GET 200 lax,none,plain,strict; basic 200"},
	{page: sisterPage, method: "POST", path: "/pay", credentials: "include", want: "POST 403 lax,none,plain,strict; cors 403"},
	{page: sisterPage, method: "POST", path: "/pay", credentials: "same-origin", want: "POST 403; cors 403"},
	{page: sisterPage, method: "POST", path: "/pay", mode: "no-cors", credentials: "include", want: "POST 403 lax,none,plain,strict; opaque 0"},
	{page: sisterPage, method: "PUT", path: "/pay", credentials: "include", contentType: "application/json", want: "OPTIONS 200; PUT 403 lax,none,plain,strict; cors 403"},
	{page: sisterPage, method: "GET", path: "/balance", credentials: "include", want: "GET 200 lax,none,plain,strict; cors 200"},
	{page: plainHTTP, method: "POST", path: "/pay", credentials: "include", want: "POST 403 none; cors 403", firefox: "POST 403 lax,none,plain,strict; cors 403", webkit: "POST 403 lax,none,plain,strict; cors 403"},
	{page: plainHTTP, method: "POST", path: "/pay", mode: "no-cors", credentials: "include", want: "POST 403 none; opaque 0", firefox: "POST 403 lax,none,plain,strict; opaque 0", webkit: "POST 403 lax,none,plain,strict; opaque 0"},
	{page: plainHTTP, method: "GET", path: "/balance", credentials: "include", want: "GET 401 none; cors 401", firefox: "GET 200 lax,none,plain,strict; cors 200", webkit: "GET 200 lax,none,plain,strict; cors 200"},
	{page: evilPage, method: "POST", path: "/pay", credentials: "include", want: "POST 403 none; cors 403", firefox: "POST 403; cors 403", webkit: "POST 403 none,plain; cors 403"},
	{page: evilPage, method: "POST", path: "/pay", credentials: "omit", want: "POST 403; cors 403"},
	{page: evilPage, method: "POST", path: "/pay", mode: "no-cors", credentials: "include", want: "POST 403 none; opaque 0", firefox: "POST 403; opaque 0", webkit: "POST 403 none,plain; opaque 0"},
	{page: evilPage, method: "POST", path: "/pay", credentials: "include", contentType: "application/json", want: "OPTIONS 200; POST 403 none; cors 403", firefox: "OPTIONS 200; POST 403; cors 403", webkit: "OPTIONS 200; POST 403 none,plain; cors 403"},
	{page: evilPage, method: "PUT", path: "/pay", credentials: "include", want: "OPTIONS 200; PUT 403 none; cors 403", firefox: "OPTIONS 200; PUT 403; cors 403", webkit: "OPTIONS 200; PUT 403 none,plain; cors 403"},
	{page: evilPage, method: "GET", path: "/balance", credentials: "include", want: "GET 401 none; cors 401", firefox: "GET 401; cors 401", webkit: "GET 401 none,plain; cors 401"},
	{page: evilPage, method: "GET", path: "/balance", mode: "no-cors", credentials: "include", want: "GET 401 none; opaque 0", firefox: "GET 401; opaque 0", webkit: "GET 401 none,plain; opaque 0"},
	{page: evilPage, method: "POST", path: "/webhook", credentials: "include", want: "POST 401 none; cors 401", firefox: "POST 401; cors 401", webkit: "POST 401 none,plain; cors 401"},
	{page: evilPage, method: "POST", path: "/webhook", mode: "no-cors", credentials: "omit", want: "POST 401; opaque 0"},
}

// String says what the raid does.
func (r *raid) String() string {
	return strings.Join(strings.Fields(strings.Join([]string{r.page, r.method, r.path, r.mode, r.credentials, r.contentType}, " ")), " ")
}

// TestCrossOriginProtection holds net/http's protection against requests of
// other origins, and a session in cookies, against pages in each browser: what
// the bank sees of a request, what it answers, and what the script is told.
func TestCrossOriginProtection(t *testing.T) {
	for _, profile := range []*fetch.Profile{fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
		t.Run(profile.Name, func(t *testing.T) {
			b := newBank(t)
			base := &http.Transport{DialContext: dialLoopback, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // the certificate is for another name
			browser := &fetch.Browser{Base: base, Profile: profile}
			defer browser.CloseIdleConnections()
			visit(t, browser, b.origin(homePage)+"/login")
			for i, r := range raids {
				id := fmt.Sprintf("%s-%d", profile.Name, i)
				want := r.want
				switch profile.Name {
				case "firefox":
					want = cmp.Or(r.firefox, r.want)
				case "webkit":
					want = cmp.Or(r.webkit, r.want)
				}
				if got := b.verdict(id, b.commit(t, browser, &r, id)); got != want {
					t.Errorf("%s: %s; want %s", &r, got, want)
				}
			}
		})
	}
}

// dialLoopback connects to a port of this machine, whatever the name.
func dialLoopback(ctx context.Context, network, addr string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
}

// visit goes to a URL as a user does who types it.
func visit(t *testing.T, browser *fetch.Browser, url string) {
	t.Helper()
	page, err := browser.Page(url)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := page.Fetch(t.Context(), &fetch.Request{URL: url, Init: fetch.Init{Mode: fetch.ModeNavigate, Credentials: fetch.CredentialsInclude, Destination: "document"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// commit does what a raid's page does, and returns what its script is told.
func (b *bank) commit(t *testing.T, browser *fetch.Browser, r *raid, id string) string {
	t.Helper()
	page, err := browser.Page(b.origin(r.page) + "/page")
	if err != nil {
		t.Fatal(err)
	}
	req := &fetch.Request{
		Method: r.method,
		URL:    b.origin(homePage) + r.path + "?id=" + id,
		Header: make(http.Header),
		Init:   fetch.Init{Mode: fetch.Mode(r.mode), Credentials: fetch.CredentialsMode(r.credentials)},
	}
	if r.method != http.MethodGet {
		req.Body, req.BodyType = strings.NewReader("{}"), "text/plain;charset=UTF-8"
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	resp, err := page.Fetch(context.Background(), req)
	if err != nil {
		return "TypeError"
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return fmt.Sprintf("%s %d", resp.Type, resp.Status)
}
