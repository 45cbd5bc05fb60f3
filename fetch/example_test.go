package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// The server of the examples lets https://app.example read, and nothing more.
func ordersServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch req.URL.Path {
		case "/orders":
			w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
			w.Header().Set("Access-Control-Max-Age", "600")
			w.Header().Set("X-Total", "2")
			io.WriteString(w, `["tea","cups"]`)
		case "/moved":
			w.Header().Set("Access-Control-Allow-Origin", "*")
			http.Redirect(w, req, "/orders", http.StatusFound)
		default:
			io.WriteString(w, "no CORS headers here")
		}
	}))
}

// A page's http.Client: what it may read it gets, what not is an error that
// says why.
func Example() {
	server := ordersServer()
	defer server.Close()

	page := &fetch.Transport{Origin: origin.MustParse("https://app.example")}
	client := &http.Client{Transport: page}

	resp, err := client.Get(server.URL + "/orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, string(body), "X-Total:", resp.Header["X-Total"])

	_, err = client.Get(server.URL + "/private")
	fmt.Println(errors.Is(err, fetch.ErrMissingAllowOriginHeader))
	// Output:
	// 200 ["tea","cups"] X-Total: []
	// true
}

func ExampleError() {
	server := ordersServer()
	defer server.Close()
	page := &fetch.Transport{Origin: origin.MustParse("https://app.example")}

	req, _ := http.NewRequest("PUT", server.URL+"/orders", strings.NewReader("[]"))
	_, err := page.RoundTrip(req)

	var blocked *fetch.Error
	if errors.As(err, &blocked) {
		fmt.Println(blocked.Stage, blocked.Reason)
		fmt.Println(blocked.Detail())
	}
	// Output:
	// preflight MethodDisallowedByPreflightResponse
	// no Access-Control-Allow-Methods, want it to list "PUT" or "*"
}

func ExampleTransport_Fetch() {
	server := ordersServer()
	defer server.Close()
	page := &fetch.Transport{Origin: origin.MustParse("https://app.example")}

	resp, err := page.Fetch(context.Background(), &fetch.Request{
		URL:  server.URL + "/private",
		Init: fetch.Init{Mode: fetch.ModeNoCORS},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Printf("%s %d %q\n", resp.Type, resp.Status, body)
	// Output: opaque 0 ""
}

func ExampleWithInit() {
	server := ordersServer()
	defer server.Close()
	client := &http.Client{Transport: &fetch.Transport{Origin: origin.MustParse("https://app.example")}}

	ctx := fetch.WithInit(context.Background(), fetch.Init{Credentials: fetch.CredentialsInclude})
	req, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/orders", nil)
	_, err := client.Do(req)
	fmt.Println(errors.Is(err, fetch.ErrInvalidAllowCredentials))
	// Output: true
}

func ExampleResponseType() {
	server := ordersServer()
	defer server.Close()
	page := &fetch.Transport{
		Origin: origin.MustParse("https://app.example"),
		Init:   fetch.Init{Redirect: fetch.RedirectManual},
	}

	req, _ := http.NewRequest("GET", server.URL+"/moved", nil)
	resp, err := page.RoundTrip(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(fetch.ResponseType(resp), resp.StatusCode)
	// Output: opaqueredirect 0
}

// Pages of one browser share its preflight cache, as tabs of the same site do.
func ExampleBrowser() {
	server := ordersServer()
	defer server.Close()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	browser := &fetch.Browser{Profile: fetch.Chromium(), Now: func() time.Time { return now }}

	trace := &fetch.Trace{ExchangeDone: func(x fetch.Exchange) { fmt.Println(x.Method, x.Status) }}
	get := func(pageURL string) {
		page, err := browser.Page(pageURL)
		if err != nil {
			fmt.Println(err)
			return
		}
		ctx := fetch.WithTrace(context.Background(), trace)
		resp, err := page.Fetch(ctx, &fetch.Request{
			Method: "POST",
			URL:    server.URL + "/orders",
			Body:   strings.NewReader("tea"),
			Init:   fetch.Init{UploadListener: true}, // forces a preflight
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		resp.Body.Close()
	}
	get("https://app.example/cart")
	get("https://app.example/checkout")
	now = now.Add(11 * time.Minute)
	get("https://app.example/thanks")
	// Output:
	// OPTIONS 200
	// POST 200
	// POST 200
	// OPTIONS 200
	// POST 200
}

func ExampleProfile() {
	// What Chromium would do if Authorization had to be listed, as the standard
	// has it.
	strict := fetch.Chromium()
	strict.Preflight.WildcardCoversAuthorization = false
	browser := &fetch.Browser{Profile: strict}
	page, err := browser.Page("https://app.example/")
	fmt.Println(page.Origin, err)
	// Output: https://app.example <nil>
}

func ExampleWithTrace() {
	server := ordersServer()
	defer server.Close()
	page := &fetch.Transport{Origin: origin.MustParse("https://app.example")}

	ctx := fetch.WithTrace(context.Background(), &fetch.Trace{
		HeaderDropped: func(name, value string) { fmt.Println("dropped:", name) },
		ExchangeDone:  func(x fetch.Exchange) { fmt.Println(x.Method, x.RequestHeader["Origin"], x.Status) },
		Failed:        func(err *fetch.Error) { fmt.Println(err.Reason) },
	})
	req, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/private", nil)
	req.Header.Set("Host", "other.example")
	page.RoundTrip(req)
	// Output:
	// dropped: Host
	// GET [https://app.example] 200
	// MissingAllowOriginHeader
}

// A server asks for a password. Whoever sits before the browser is asked, once.
func ExampleBrowser_prompt() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if name, password, _ := req.BasicAuth(); name != "ann" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="orders"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer server.Close()

	browser := &fetch.Browser{
		Prompt: func(_ context.Context, c fetch.Challenge) (user, password string, ok bool) {
			fmt.Printf("a password for %q?\n", c.Realm)
			return "ann", "secret", true
		},
	}
	page, err := browser.Page(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/orders/", "/orders/7"} {
		resp, err := page.Fetch(context.Background(), &fetch.Request{URL: path})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(path, resp.Status, resp.Body.Close())
	}
	// Output:
	// a password for "orders"?
	// /orders/ 200 <nil>
	// /orders/7 200 <nil>
}

// A host that has asked for https is spoken to by it. In Chromium that is a
// redirect, which a preflight does not follow.
func ExampleBrowser_hsts() {
	server := fetchHandler(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	})
	for _, profile := range []*fetch.Profile{fetch.Standard(), fetch.Chromium()} {
		browser := &fetch.Browser{Base: server, Profile: profile}
		page, err := browser.Page("http://app.example/")
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, req := range []*fetch.Request{
			{URL: "https://api.example/"},
			{URL: "http://api.example/"},
			{URL: "http://api.example/", Method: "PUT"},
		} {
			resp, err := page.Fetch(context.Background(), req)
			if err != nil {
				fmt.Println(profile.Name, err)
				continue
			}
			resp.Body.Close()
			fmt.Println(profile.Name, resp.URL, resp.Redirected)
		}
	}
	// Output:
	// standard https://api.example/ false
	// standard https://api.example/ false
	// standard https://api.example/ false
	// chromium https://api.example/ false
	// chromium https://api.example/ true
	// chromium blocked at preflight: PreflightDisallowedRedirect: a redirect, status 307, want status 200 to 299
}

// A fetchHandler is a RoundTripper that has a handler answer in memory.
type fetchHandler http.HandlerFunc

func (h fetchHandler) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h(w, req)
	return w.Result(), nil
}
