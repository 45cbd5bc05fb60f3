package initiator_test

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
	"github.com/corsfetch/corsfetch/fetch/initiator"
	"github.com/corsfetch/corsfetch/origin"
)

// page is the page of the examples. Their server, of another origin, lets it
// read what is below /open.
func page(handle http.HandlerFunc) (*fetch.Transport, *httptest.Server) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasPrefix(req.URL.Path, "/open") {
			w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
			w.Header().Set("Access-Control-Allow-Headers", "x-cart")
		}
		handle(w, req)
	}))
	return &fetch.Transport{Origin: origin.MustParse("https://app.example")}, server
}

// Without the crossorigin attribute an image loads, and a canvas that it is
// drawn to cannot be read.
func ExampleImage() {
	page, server := page(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		fmt.Println("Origin:", req.Header["Origin"])
	})
	defer server.Close()

	for _, attribute := range []initiator.CrossOrigin{initiator.NoCORS, initiator.Anonymous} {
		resp, err := page.Fetch(context.Background(), initiator.Image(server.URL+"/open/logo.png", attribute))
		if err != nil {
			fmt.Println(err)
			continue
		}
		defer resp.Body.Close()
		fmt.Println("tainted:", resp.Tainted())
	}
	// Output:
	// Origin: []
	// tainted: true
	// Origin: [https://app.example]
	// tainted: false
}

// The image of a shape has to be readable, or there is no shape.
func ExampleShape() {
	page, server := page(func(http.ResponseWriter, *http.Request) {})
	defer server.Close()

	_, err := page.Fetch(context.Background(), initiator.Shape(server.URL+"/mask.png"))
	fmt.Println(errors.Is(err, fetch.ErrMissingAllowOriginHeader))
	// Output: true
}

// A classic script runs whoever it comes from, if it comes with status 200 to
// 299.
func ExampleScript() {
	page, server := page(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "sorry()")
	})
	defer server.Close()

	req := initiator.Script(server.URL+"/widget.js", initiator.NoCORS)
	resp, err := page.Fetch(context.Background(), req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	_, err = initiator.Use(req, resp)
	fmt.Println(err)
	// Output: initiator: a status that is not ok
}

// A module is always subject to CORS.
func ExampleModule() {
	page, server := page(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
	})
	defer server.Close()

	_, err := page.Fetch(context.Background(), initiator.Module(server.URL+"/app.mjs", initiator.NoCORS))
	fmt.Println(errors.Is(err, fetch.ErrMissingAllowOriginHeader))
	// Output: true
}

// The rules of a stylesheet can be listed if it is not tainted.
func ExampleStylesheet() {
	page, server := page(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		io.WriteString(w, "p { color: red }")
	})
	defer server.Close()

	req := initiator.Stylesheet(server.URL+"/theme.css", initiator.NoCORS)
	resp, err := page.Fetch(context.Background(), req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	used, err := initiator.Use(req, resp)
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, _ := io.ReadAll(used.Body)
	fmt.Printf("applied: %s; readable: %v\n", rules, !resp.Tainted())
	// Output: applied: p { color: red }; readable: false
}

// What a browser prints to its console for a font that it may not use.
func ExampleFont() {
	_, server := page(func(http.ResponseWriter, *http.Request) {})
	defer server.Close()

	chromium := &fetch.Browser{Profile: fetch.Chromium()}
	page, err := chromium.Page("https://app.example/")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = page.Fetch(context.Background(), initiator.Font(server.URL+"/text.woff2"))
	var failed *fetch.Error
	if errors.As(err, &failed) {
		fmt.Println(strings.ReplaceAll(failed.ConsoleMessage(chromium.Profile), server.URL, "http://cdn.example"))
	}
	// Output:
	// Access to font at 'http://cdn.example/text.woff2' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.
	// Failed to load resource: net::ERR_FAILED
}

// Browsers ask for a range of a video; the standard for all of it.
func ExampleVideo() {
	_, server := page(func(w http.ResponseWriter, req *http.Request) {
		fmt.Println("Range:", req.Header["Range"])
		io.WriteString(w, "\x1A\x45\xDF\xA3") // as a WebM begins
	})
	defer server.Close()

	firefox := &fetch.Browser{Profile: fetch.Firefox()}
	page, err := firefox.Page("http://app.example/")
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := page.Fetch(context.Background(), initiator.Video(server.URL+"/intro.webm", initiator.NoCORS))
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	// Output: Range: [bytes=0-]
}

// A stream of events that has another type is none.
func ExampleEventSource() {
	page, server := page(func(w http.ResponseWriter, req *http.Request) {
		fmt.Println("Accept:", req.Header["Accept"])
		w.Header().Set("Content-Type", "text/plain")
	})
	defer server.Close()

	req := initiator.EventSource(server.URL+"/open/news", false)
	resp, err := page.Fetch(context.Background(), req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	_, err = initiator.Use(req, resp)
	fmt.Println(errors.Is(err, initiator.ErrType))
	// Output:
	// Accept: [text/event-stream]
	// true
}

// A beacon goes out without a preflight, with cookies, and nothing of the answer
// can be read.
func ExampleBeacon() {
	page, server := page(func(_ http.ResponseWriter, req *http.Request) {
		fmt.Println(req.Method, req.Header["Content-Type"])
	})
	defer server.Close()

	beacon := initiator.Beacon(server.URL+"/log", strings.NewReader("left"), "text/plain;charset=UTF-8")
	resp, err := page.Fetch(context.Background(), beacon)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Type, resp.Body.Close())
	// Output:
	// POST [text/plain;charset=UTF-8]
	// opaque <nil>
}

// No CORS rules apply to what a tab navigates to.
func ExampleNavigation() {
	page, server := page(func(w http.ResponseWriter, req *http.Request) {
		fmt.Println("Origin:", req.Header["Origin"])
	})
	defer server.Close()

	resp, err := page.Fetch(context.Background(), initiator.Navigation(server.URL))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Type, resp.Body.Close())
	// Output:
	// Origin: []
	// basic <nil>
}

// An XMLHttpRequest with a header of its own is preflighted; its timeout is the
// context's.
func ExampleXHR() {
	page, server := page(func(w http.ResponseWriter, req *http.Request) {
		fmt.Println(req.Method)
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("X-Secret", "1")
		io.WriteString(w, "2 items")
	})
	defer server.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	xhr := initiator.XHR{
		URL:    server.URL + "/open/cart",
		Header: http.Header{"X-Cart": {"7"}},
	}
	resp, err := page.Fetch(ctx, xhr.Request())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Print(strings.ReplaceAll(initiator.AllResponseHeaders(resp), "\r\n", "\n"))
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(string(body))
	// Output:
	// OPTIONS
	// GET
	// content-length: 7
	// content-type: text/plain
	// 2 items
}
