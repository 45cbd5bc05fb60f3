package specimens

import (
	"net/http"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

const partner = "https://shop.example.net" // of another site than api

// credentials are specimens of what is allowed to those who say who they are.
var credentials = []Specimen{
	defaults(Specimen{ID: "F23", Mistake: "answers * and allows credentials",
		Faulty:   at(withHeader(public().over(shop()), "Access-Control-Allow-Credentials", "true")),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F24", Mistake: "spells true as its language does",
		Faulty:   at(replaced(rules{}.over(shop()), "Access-Control-Allow-Credentials", "True")),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F25", Mistake: "allows credentials for what is the same for all",
		Faulty:   at(rules{}.over(catalog())),
		Repaired: at(rules{Anonymous: true}.over(catalog()))}),
	defaults(Specimen{ID: "F26", Mistake: "has preflights answered by a gateway that knows nothing of credentials",
		Faulty:   at(byPreflight(rules{Anonymous: true}.over(shop()), rules{}.over(shop()))),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F27", Mistake: "allows all methods and headers by *, with credentials",
		Faulty:   of(rules{Methods: "*", Headers: "*"}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F28", Mistake: "leaves out the origin alone for who is not trusted",
		Faulty:   at(tellsStrangers(rules{}.over(shop()))),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F29", Mistake: "has cookies with SameSite=Lax, and trusts a page of another site",
		Trusted: []string{partner}, Cookies: []string{},
		Faulty:   baskets("basket=7; Path=/; Secure; HttpOnly; SameSite=Lax"),
		Repaired: baskets("basket=7; Path=/; Secure; HttpOnly; SameSite=None; Partitioned")}),
}

// replaced is h with the value of a header, where it is there, replaced.
func replaced(h http.Handler, name, value string) http.Handler {
	return edited(h, func(_ *http.Request, status int, header http.Header) int {
		if header[name] != nil {
			header.Set(name, value)
		}
		return status
	})
}

// byPreflight has one handler for preflights, and one for all else.
func byPreflight(preflights, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r) {
			preflights.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// tellsStrangers is h, which answers all preflights with what is allowed.
func tellsStrangers(h http.Handler) http.Handler {
	return edited(h, func(r *http.Request, status int, header http.Header) int {
		if isPreflight(r) && header["Access-Control-Allow-Origin"] == nil {
			(&rules{}).allow(header, "", true)
			header.Del("Access-Control-Allow-Origin")
		}
		return status
	})
}

// baskets are servers that give whoever has none a basket, by that cookie, and show
// the partner's pages what is in it.
func baskets(cookie string) func() fetchtest.Servers {
	show := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "1")
		w.Header().Add("Vary", "Cookie")
		switch _, err := r.Cookie("basket"); {
		case r.URL.Path != "/orders":
			answer(w, http.StatusNotFound, `{"error":"there is nothing"}`)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			answer(w, http.StatusMethodNotAllowed, `{"error":"read only"}`)
		case err != nil:
			w.Header().Set("Set-Cookie", cookie)
			answer(w, http.StatusOK, `{"basket":[]}`)
		default:
			answer(w, http.StatusOK, `{"basket":[7]}`)
		}
	})
	return at(rules{Trusts: only(partner)}.over(show))
}
