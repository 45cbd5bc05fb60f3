package specimens

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// trust are specimens of who is trusted.
var trust = []Specimen{
	defaults(Specimen{ID: "F01", Mistake: "reflects Origin, whatever it is, and allows credentials",
		Faulty: of(rules{Trusts: anybody}), Repaired: of(rules{})}),
	defaults(Specimen{ID: "F02", Mistake: "reflects Origin, whatever it is, without credentials",
		Faulty: at(rules{Trusts: anybody, Anonymous: true}.over(catalog())), Repaired: at(public().over(catalog()))}),
	defaults(Specimen{ID: "F03", Mistake: "trusts null, for a developer who opens a file",
		Faulty: of(rules{Trusts: only(app, "null")}), Repaired: of(rules{})}),
	defaults(Specimen{ID: "F04", Mistake: "answers Access-Control-Allow-Origin: null to deny",
		Faulty:   at(deniesByNull(catalog())),
		Repaired: at(catalog()), Trusted: []string{}}),
	defaults(Specimen{ID: "F05", Mistake: "looks at how the origin ends",
		Faulty:   of(rules{Trusts: func(o string) bool { return strings.HasSuffix(o, "example.com") }}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F06", Mistake: "looks at how the origin begins",
		Faulty:   of(rules{Trusts: func(o string) bool { return strings.HasPrefix(o, app) }}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F07", Mistake: "looks for the name anywhere in the origin",
		Faulty:   of(rules{Trusts: func(o string) bool { return strings.Contains(o, "app.example.com") }}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F08", Mistake: "has a pattern whose dots are not escaped",
		Faulty:   of(rules{Trusts: regexp.MustCompile(`^https://app.example.com$`).MatchString}),
		Repaired: of(rules{Trusts: regexp.MustCompile(`^https://app\.example\.com$`).MatchString})}),
	defaults(Specimen{ID: "F09", Mistake: "ends the host at the first character that it does not know",
		Faulty:   of(rules{Trusts: regexp.MustCompile(`^https://app\.example\.com([^a-z0-9.:].*)?$`).MatchString}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F10", Mistake: "trusts all that ends in the public suffix",
		URL: "https://api.example.co.uk/orders", Trusted: []string{"https://app.example.co.uk"},
		Faulty: func() fetchtest.Servers {
			return fetchtest.Servers{"https://api.example.co.uk": rules{Trusts: func(o string) bool {
				return strings.HasPrefix(o, "https://app.") && strings.HasSuffix(o, ".co.uk") && strings.Count(o, ".") == 3
			}}.over(shop())}
		},
		Repaired: func() fetchtest.Servers {
			return fetchtest.Servers{"https://api.example.co.uk": rules{Trusts: only("https://app.example.co.uk")}.over(shop())}
		}}),
	defaults(Specimen{ID: "F11", Mistake: "trusts every subdomain",
		Faulty: of(rules{Trusts: func(o string) bool {
			return strings.HasPrefix(o, "https://") && strings.HasSuffix(o, ".example.com") && !strings.Contains(o, ":8") && !strings.Contains(o, ":3")
		}}),
		Repaired: of(rules{Trusts: only(app, admin)}), Trusted: []string{app, admin}}),
	defaults(Specimen{ID: "F12", Mistake: "compares the host and not the scheme",
		Faulty:   of(rules{Trusts: func(o string) bool { return hostIs(o, "app.example.com") && port(o) == "" }}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F13", Mistake: "compares the host without the port",
		Faulty: of(rules{Trusts: func(o string) bool {
			return strings.HasPrefix(o, "https://") && hostIs(o, "app.example.com")
		}}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F14", Mistake: "trusts every extension, for its own",
		Faulty:   of(rules{Trusts: func(o string) bool { return o == app || strings.HasPrefix(o, "chrome-extension://") }}),
		Repaired: of(rules{Trusts: only(app, "chrome-extension://mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm")})}),
	defaults(Specimen{ID: "F15", Mistake: "has the developers' origin on its list in production",
		Faulty:   of(rules{Trusts: only(app, "http://localhost:3000")}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F16", Mistake: "takes what begins with http://localhost for this machine",
		Faulty: of(rules{Trusts: func(o string) bool {
			return o == app || strings.HasPrefix(o, "http://localhost") && !strings.HasPrefix(o, "http://localhost:") && o != "http://localhost"
		}}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F17", Mistake: "lets all read what it says is private",
		Faulty:   at(public().over(withHeader(catalog(), "Cache-Control", "private"))),
		Repaired: at(public().over(withHeader(catalog(), "Cache-Control", "public, max-age=60")))}),
	defaults(Specimen{ID: "F18", Mistake: "is a developer's server that any site may read",
		URL: "http://localhost:8000/orders", Trusted: []string{"http://localhost:3000"},
		Faulty: func() fetchtest.Servers {
			return fetchtest.Servers{"http://localhost:8000": public().over(catalog())}
		},
		Repaired: func() fetchtest.Servers {
			return fetchtest.Servers{"http://localhost:8000": rules{Trusts: only("http://localhost:3000"), Anonymous: true}.over(catalog())}
		}}),
	defaults(Specimen{ID: "F19", Mistake: "trusts all pages of the host that its previews are on",
		Faulty: of(rules{Trusts: func(o string) bool {
			return o == app || strings.HasPrefix(o, "https://") && strings.HasSuffix(o, ".vercel.app")
		}}),
		Repaired: of(rules{Trusts: only(app, "https://shop-preview-ann.vercel.app")})}),
	defaults(Specimen{ID: "F20", Mistake: "joins the list into a pattern, without the bars between",
		Trusted: []string{app, "https://example.com"},
		Faulty: of(rules{Trusts: func(o string) bool {
			return o == app || o == "https://example.com" || o == "https://app.example.comexample.com"
		}}),
		Repaired: of(rules{Trusts: only(app, "https://example.com")})}),
	defaults(Specimen{ID: "F21", Mistake: "takes the origin from the query, for clients that send none",
		Faulty:   at(allowsByQuery(shop())),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F22", Mistake: "matches with a pattern that keeps its position, so that every other request is refused",
		Faulty:   everyOther,
		Repaired: of(rules{})}),
}

func anybody(string) bool { return true }

// public is the policy of what everybody may read.
func public() rules { return rules{Any: true} }

// catalog is an application that is the same for all.
func catalog() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "1")
		switch {
		case r.URL.Path != "/orders":
			answer(w, http.StatusNotFound, `{"error":"there is nothing"}`)
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			answer(w, http.StatusOK, `{"prices":[7]}`)
		default:
			w.Header().Set("Allow", "GET, HEAD")
			answer(w, http.StatusMethodNotAllowed, `{"error":"read only"}`)
		}
	})
}

// withHeader is h with one more header in its answers.
func withHeader(h http.Handler, name, value string) http.Handler {
	return edited(h, func(_ *http.Request, status int, header http.Header) int {
		header.Set(name, value)
		return status
	})
}

// deniesByNull names null as the origin that may.
func deniesByNull(h http.Handler) http.Handler {
	return withHeader(h, "Access-Control-Allow-Origin", "null")
}

// hostIs reports whether an origin's host is that, whatever its scheme and port.
func hostIs(o, host string) bool {
	u, err := url.Parse(o)
	return err == nil && u.Hostname() == host
}

// port is an origin's, or "".
func port(o string) string {
	u, err := url.Parse(o)
	if err != nil {
		return ""
	}
	return u.Port()
}

// allowsByQuery lets the origin read that the query names, and the app.
func allowsByQuery(h http.Handler) http.Handler {
	behind := rules{}.over(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o := r.URL.Query().Get("origin"); o != "" {
			r = r.Clone(r.Context())
			r.Header.Set("Origin", o)
			rules{Trusts: anybody}.over(h).ServeHTTP(w, r)
			return
		}
		behind.ServeHTTP(w, r)
	})
}

// everyOther are servers that trust the app every other time.
func everyOther() fetchtest.Servers {
	var n atomic.Int64
	return fetchtest.Servers{api: rules{Trusts: func(o string) bool { return o == app && n.Add(1)%2 == 1 }}.over(shop())}
}
