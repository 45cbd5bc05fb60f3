package audit_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	public   = "Access-Control-Allow-Origin: *\n"
	readOnly = "Access-Control-Allow-Methods: GET, HEAD\n"
)

func everybody(string) bool { return true }

// TestNothingToTell: of servers that are as they are meant to be, or of which nobody
// is known to want more, nothing is told of credentials, writes and preflights.
func TestNothingToTell(t *testing.T) {
	for _, tt := range []struct {
		name   string
		server http.Handler
	}{
		{"nothing there", http.NotFoundHandler()},
		{"without CORS, for all methods", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) })},
		{"without CORS", stub{}},
		{"without CORS, with cookies", stub{user: "cookie"}},
		{"without CORS, with more methods", stub{allow: "GET, POST, PUT"}},
		{"error for all", stub{answers: func(*http.Request, http.Header) int { return http.StatusInternalServerError }}},
		{"login for all", stub{answers: func(_ *http.Request, h http.Header) int {
			h.Set("Location", "/login")
			return http.StatusFound
		}}},
		{"basic authentication for all", stub{answers: func(_ *http.Request, h http.Header) int {
			h.Set("WWW-Authenticate", "Basic realm=x")
			return http.StatusUnauthorized
		}}},
		{"public, with preflights", stub{trusts: everybody, get: public, preflight: public + readOnly}},
		{"public, all headers", stub{trusts: everybody, get: public, preflight: public + "Access-Control-Allow-Methods: *\nAccess-Control-Allow-Headers: *\n"}},
		{"one page, for reading", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Methods: GET\n", user: "cookie"}},
		{"one page, for reading and writing", stub{get: withCookies, user: "cookie", allow: "GET, POST, PUT",
			preflight: withCookies + "Access-Control-Allow-Methods: GET, PUT\nAccess-Control-Allow-Headers: content-type\n"}},
		{"one page, listing what is asked for if it is known", stub{get: withCookies, user: "cookie", allow: "GET, POST, PUT",
			preflight: withCookies + "Access-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: Accept, Content-Type, X-Requested-With\n"}},
		{"one page, of files, and the server says the same of all methods", stub{get: named, preflight: named, answers: func(r *http.Request, h http.Header) int {
			switch {
			case r.Method == http.MethodOptions && r.Header["Access-Control-Request-Method"] == nil:
				h.Set("Allow", "GET, POST, OPTIONS, HEAD, PUT")
				return http.StatusOK
			case r.URL.Path != "/orders":
				return http.StatusNotFound
			}
			return 0
		}}},
		{"one page, without cookies", stub{get: named, preflight: named + readOnly}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, a := range []asked{{}, {known: true}, {nobody: true}, {nobody: true, known: true}} {
				if _, got := audited(t, tt.server, a, "F23", "F46"); len(got) > 0 {
					t.Errorf("%+v: %v", a, &got[0])
				}
			}
		})
	}
}

// TestByTurns: what is refused by turns is told as that, and nothing is made of it.
func TestByTurns(t *testing.T) {
	for _, a := range []asked{{}, {known: true}, {header: token}} {
		for first := range int64(2) {
			var n atomic.Int64
			n.Store(first)
			server := stub{get: withCookies, user: "cookie", allow: "GET, POST, PUT",
				trusts:    func(o string) bool { return o == app && n.Add(1)%2 == 0 },
				preflight: withCookies + "Access-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: authorization, content-type, x-requested-with\n"}
			if _, got := audited(t, server, a, "F23", "F46"); len(got) > 0 {
				t.Errorf("%+v, %d: %v", a, first, &got[0])
			}
		}
	}
}

// TestNobodyNeedsIt: what no page is known to want is not said to be broken.
func TestNobodyNeedsIt(t *testing.T) {
	for _, tt := range []struct {
		name   string
		server http.Handler
	}{
		{"public files, no preflights", stub{trusts: everybody, get: public, status: 405}},
		{"public files, where nothing is found for OPTIONS", stub{trusts: everybody, get: public, status: 404}},
		{"public, written from its own origin", stub{trusts: everybody, get: public, preflight: public + readOnly, allow: "GET, POST, PUT"}},
		{"public, written from its own origin, no preflights", stub{trusts: everybody, get: public, status: 405, allow: "GET, POST, PUT"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, got := audited(t, tt.server, asked{nobody: true, known: true}, "F23", "F46"); len(got) > 0 {
				t.Errorf("%v", &got[0])
			}
		})
	}
}

// TestWhatIsSaid: consequences, fixes and evidence have no holes.
func TestWhatIsSaid(t *testing.T) {
	server := stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Methods: GET\nAccess-Control-Allow-Headers: Host\n", allow: "GET, POST, PUT, DELETE", user: "cookie"}
	_, found := audited(t, server, asked{known: true}, "F23", "F46")
	got := map[string]string{}
	for _, f := range found {
		got[f.ID] = f.Fix
		if strings.Contains(f.String(), "%!") {
			t.Errorf("%v", &f)
		}
	}
	want := map[string]string{
		"F36": "Access-Control-Allow-Methods: GET, POST, PUT, DELETE, if https://app.example.com is meant to use it.",
		"F38": "Access-Control-Allow-Headers: Content-Type",
		"F45": "leave out Access-Control-Allow-Headers",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
