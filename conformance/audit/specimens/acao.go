package specimens

import (
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// acao are specimens of Access-Control-Allow-Origin, and of where it is missing.
var acao = []Specimen{
	defaults(Specimen{ID: "F56", Mistake: "is behind a gateway that adds a second Access-Control-Allow-Origin",
		Faulty: at(edited(rules{}.over(shop()), func(r *http.Request, status int, h http.Header) int {
			if !isPreflight(r) && h["Access-Control-Allow-Origin"] != nil {
				h.Add("Access-Control-Allow-Origin", app)
			}
			return status
		})),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F57", Mistake: "compares whatever the case, and answers by the list's spelling",
		Faulty:   at(allowing("https://App.example.com")),
		Repaired: at(allowing(app))}),
	defaults(Specimen{ID: "F58", Mistake: "names a wildcard for the subdomains",
		Faulty:   at(replaced(rules{}.over(shop()), "Access-Control-Allow-Origin", "https://*.example.com")),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F59", Mistake: "names the first on its list, whoever asks",
		Trusted: []string{app, admin},
		Faulty:  at(allowing(app)), Repaired: of(rules{Trusts: only(app, admin)})}),
	defaults(Specimen{ID: "F60", Mistake: "has the headers added to success alone",
		Faulty: at(edited(rules{}.over(shop()), func(_ *http.Request, status int, h http.Header) int {
			if status >= 400 {
				h.Del("Access-Control-Allow-Origin")
			}
			return status
		})),
		Repaired: of(rules{})}),
}

// redirects are specimens of what becomes of a page that is led elsewhere.
var redirects = []Specimen{
	defaults(Specimen{ID: "F61", Mistake: "is behind a layer that redirects to the new version",
		Faulty:   at(moved(rules{}.over(at2(shop())), "/orders", "/v2/orders", http.StatusTemporaryRedirect)),
		Repaired: at(rules{}.over(moved(at2(shop()), "/orders", "/v2/orders", http.StatusTemporaryRedirect)))}),
	defaults(Specimen{ID: "F62", Mistake: "redirects to where the files are, which knows the page by its origin",
		Options: audit.Options{Elsewhere: []string{files}}, Cookies: []string{},
		Faulty:   filesAt(rules{Anonymous: true}),
		Repaired: filesAt(public())}),
	defaults(Specimen{ID: "F63", Mistake: "redirects to the URL with a slash by 301",
		Options:  audit.Options{Writes: true},
		Faulty:   at(rules{}.over(moved(slashed(shop()), "/orders", "/orders/", http.StatusMovedPermanently))),
		Repaired: at(rules{}.over(moved(slashed(shop()), "/orders", "/orders/", http.StatusPermanentRedirect)))}),
}

// files is where files are.
const files = "https://files.example.net"

// allowing is the shop, which answers all with the same Access-Control-Allow-Origin.
func allowing(origin string) http.Handler {
	return replaced(rules{Trusts: anybody}.over(shop()), "Access-Control-Allow-Origin", origin)
}

// moved is h before which what is at one path is said to be at another. Preflights
// are none of that layer's business.
func moved(h http.Handler, from, to string, status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == from && r.Method != http.MethodOptions {
			http.Redirect(w, r, to, status)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// at2 is h at /v2 too.
func at2(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = "/" + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v2"), "/")
		h.ServeHTTP(w, r)
	})
}

// slashed is h with a slash after its paths.
func slashed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
		h.ServeHTTP(w, r)
	})
}

// filesAt are an API that redirects, and the files to which it does, which have
// that policy.
func filesAt(policy rules) func() fetchtest.Servers {
	return func() fetchtest.Servers {
		return fetchtest.Servers{
			api:   public().over(moved(catalog(), "/orders", files+"/orders", http.StatusFound)),
			files: policy.over(catalog()),
		}
	}
}
