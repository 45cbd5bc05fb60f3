package specimens

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// console is a page of the resource's own host, at another port.
const console = api + ":8443"

// use are specimens of what those meet with who may use the resource.
var use = []Specimen{
	defaults(Specimen{ID: "F69", Mistake: "refuses each origin that is not on its list, and is not on it itself",
		Faulty: at(refusing(only(app))), Repaired: of(rules{})}),
	defaults(Specimen{ID: "F70", Mistake: "has an origin on its list that ends in a slash",
		Trusted: []string{app, admin},
		Faulty:  of(rules{Trusts: only(app, admin+"/")}), Repaired: of(rules{Trusts: only(app, admin)})}),
	defaults(Specimen{ID: "F71", Mistake: "takes whatever is on its own host for the same origin, which needs no CORS",
		Trusted:  []string{app, console},
		Faulty:   of(rules{Trusts: func(o string) bool { return !hostIs(o, "api.example.com") && only(app, console)(o) }}),
		Repaired: of(rules{Trusts: only(app, console)})}),
	defaults(Specimen{ID: "F72", Mistake: "takes Origin for a URL, and compares parts of it",
		Faulty: of(rules{Trusts: func(o string) bool {
			return hostIs(o, "app.example.com") && port(o) == "" && !strings.HasPrefix(o, "http:")
		}}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F73", Mistake: "lets whoever asks into the private network",
		Faulty:   at(letsIn(rules{}.over(shop()), func(*http.Request) bool { return true })),
		Repaired: at(letsIn(rules{}.over(shop()), func(r *http.Request) bool { return r.Header.Get("Origin") == app }))}),
	defaults(Specimen{ID: "F74", Mistake: "shows its timings to all, and its data to one",
		Faulty:   at(rules{}.over(withHeader(shop(), "Timing-Allow-Origin", "*"))),
		Repaired: at(rules{}.over(withHeader(shop(), "Timing-Allow-Origin", app)))}),
	defaults(Specimen{ID: "F75", Mistake: "has no TLS, and pages that do",
		URL: "http://api.example.com/orders", Moved: orders, Cookies: []string{},
		Faulty: func() fetchtest.Servers {
			return fetchtest.Servers{"http://api.example.com": rules{Anonymous: true}.over(catalog())}
		},
		Repaired: at(rules{Anonymous: true}.over(catalog()))}),
	defaults(Specimen{ID: "F76", Mistake: "answers 403 to pages that are not on its list",
		Faulty: at(refusing(only(app, api))), Repaired: of(rules{})}),
}

// letsIn answers preflights that ask for the private network.
func letsIn(h http.Handler, lets func(*http.Request) bool) http.Handler {
	return edited(h, func(r *http.Request, status int, header http.Header) int {
		if r.Header.Get("Access-Control-Request-Private-Network") == "true" && lets(r) {
			header.Set("Access-Control-Allow-Private-Network", "true")
		}
		return status
	})
}

// refusing is the shop behind a policy that answers no request of other origins.
func refusing(trusts func(origin string) bool) http.Handler {
	behind := rules{}.over(shop())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if origin := r.Header.Get("Origin"); origin != "" && !trusts(origin) {
			w.Header().Add("Vary", "Origin")
			answer(w, http.StatusForbidden, `{"error":"not from there"}`)
			return
		}
		behind.ServeHTTP(w, r)
	})
}

// originOf is the origin of a URL that is written as browsers do.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
