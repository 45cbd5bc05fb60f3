package fetchtest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// TestOver holds a web over sockets against the same web in memory: whoever asks
// cannot tell them apart.
func TestOver(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/abort" {
			panic(http.ErrAbortHandler)
		}
		if r.Header.Get("Origin") == "https://app.example" {
			w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
		}
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		body, _ := io.ReadAll(r.Body)
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, r.Method+" "+string(body))
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	over := fetchtest.Over(http.DefaultTransport)
	defer over.Close()
	memory := fetchtest.New(fetchtest.Servers{server.URL: handler})

	// Over HTTP/1.1 the server says when, and whether the connection stays.
	sameHeaders := cmpopts.IgnoreMapEntries(func(name string, _ []string) bool { return name == "Date" })
	sameErrors := cmp.FilterPath(func(p cmp.Path) bool {
		name := p.Last().String()
		return name == ".Error" || name == ".Message"
	}, cmp.Comparer(func(a, b string) bool { return (a == "") == (b == "") }))
	for _, page := range []string{"https://app.example", "https://evil.example"} {
		for _, r := range []fetchtest.Request{
			{URL: server.URL + "/a"},
			{URL: server.URL + "/a", Init: fetch.Init{Credentials: fetch.CredentialsInclude}},
			{URL: server.URL + "/a", Method: "PUT", Body: "{}"},
			{URL: server.URL + "/a", Method: "POST", Body: "{}"},
			{URL: server.URL + "/a", Method: "HEAD"},
			{URL: server.URL + "/abort"},
		} {
			want, got := memory.Page(page).Fetch(r), over.Page(page).Fetch(r)
			if r.URL == server.URL+"/abort" {
				want.Reached = got.Reached // who is not answered does not know
			}
			want.Hidden = keepAllBut(want.Hidden, "Date")
			got.Hidden = keepAllBut(got.Hidden, "Date")
			if diff := cmp.Diff(want, got, sameHeaders, sameErrors); diff != "" {
				t.Errorf("%s %s from %s: over sockets (-memory +sockets):\n%s", r.Method, r.URL, page, diff)
			}
		}
	}
	over.Close()
	if got := over.Page("https://app.example").Fetch(fetchtest.Request{URL: server.URL}); got.Verdict != fetchtest.Failed {
		t.Errorf("after Close: %v; want no answer", got)
	}
}

// keepAllBut are the names without one.
func keepAllBut(names []string, without string) []string {
	var kept []string
	for _, name := range names {
		if name != without {
			kept = append(kept, name)
		}
	}
	return kept
}
