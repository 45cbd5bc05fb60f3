package specimens

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// Servers behind the one that fetches for others.
const (
	images = "https://images.example.net"
	canary = "https://canary.example.org"
)

// shape are specimens of what an answer shows, and by which ways.
var shape = []Specimen{
	defaults(Specimen{ID: "F64", Mistake: "has how many orders there are in a header that it does not expose",
		Faulty:   at(rules{}.over(counted(shop()))),
		Repaired: at(rules{Expose: "X-Request-Id, X-Total-Count"}.over(counted(shop())))}),
	defaults(Specimen{ID: "F65", Mistake: "exposes what no page ever reads, and what all do",
		Faulty:   of(rules{Expose: "X-Request-Id, Content-Type, Set-Cookie"}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F66", Mistake: "has one set of headers for preflights and responses",
		Faulty:   at(alike(rules{}.over(shop()))),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F67", Mistake: "has another rule for what ends in a slash, from before",
		Faulty:   at(bySlash(rules{}.over(shop()), rules{Trusts: anybody}.over(shop()))),
		Repaired: at(bySlash(rules{}.over(shop()), rules{}.over(shop())))}),
	defaults(Specimen{ID: "F68", Mistake: "fetches what it is told to, for all",
		URL: api + "/preview?url=" + images + "/logo", Options: audit.Options{Canary: canary + "/token"},
		Faulty:   previews(func(string) bool { return true }),
		Repaired: previews(func(url string) bool { return strings.HasPrefix(url, images+"/") })}),
}

// alike is h with the headers of its preflights on all that pages get.
func alike(h http.Handler) http.Handler {
	return edited(h, func(_ *http.Request, status int, header http.Header) int {
		if header["Access-Control-Allow-Origin"] != nil {
			header.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT")
			header.Set("Access-Control-Allow-Headers", "Content-Type, Authorization")
		}
		return status
	})
}

// bySlash is without for most paths, and with for those that end in a slash.
func bySlash(without, with http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, hasSlash := strings.CutSuffix(r.URL.Path, "/")
		if !hasSlash {
			without.ServeHTTP(w, r)
			return
		}
		r = r.Clone(r.Context())
		r.URL.Path = path
		with.ServeHTTP(w, r)
	})
}

// previews are servers of which one shows what others have, where it may.
func previews(may func(url string) bool) func() fetchtest.Servers {
	return func() fetchtest.Servers {
		servers := fetchtest.Servers{
			images: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, `"a logo"`) }),
			canary: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, `"kqzvhxjwpyrm"`) }),
		}
		servers[api] = public().over(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			url := r.URL.Query().Get("url")
			there := servers[originOf(url)]
			if r.URL.Path != "/preview" || there == nil || originOf(url) == api || !may(url) {
				answer(w, http.StatusBadRequest, `{"error":"not that"}`)
				return
			}
			there.ServeHTTP(w, httptest.NewRequestWithContext(r.Context(), http.MethodGet, url, nil))
		}))
		return servers
	}
}

// counted is h with the number of what there is.
func counted(h http.Handler) http.Handler { return withHeader(h, "X-Total-Count", "1") }
