package specimens

import (
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// preflights are specimens of how preflights are answered.
var preflights = []Specimen{
	defaults(Specimen{ID: "F33", Mistake: "asks who the user is before it looks at CORS",
		Faulty:   at(knowing(rules{}.over(shop()), refuse)),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F34", Mistake: "has CORS at each route, by method, so that no route has OPTIONS",
		Faulty:   at(routed(rules{}.over(shop()))),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F35", Mistake: "sends who has no session to the login page, preflights too",
		Faulty:   at(knowing(rules{}.over(shop()), http.RedirectHandler("/login", http.StatusFound).ServeHTTP)),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F36", Mistake: "leaves the methods at what the middleware allows by itself",
		Faulty:   of(rules{Methods: "GET, HEAD, POST"}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F37", Mistake: "writes methods in small letters",
		Faulty:   of(rules{Methods: "get, head, post, put"}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F38", Mistake: "forgets that JSON needs leave",
		Faulty:   of(rules{Headers: "Authorization"}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F39", Mistake: "lets * stand for Authorization",
		Cookies: []string{}, Header: http.Header{"Authorization": {"Bearer ann"}},
		Faulty:   at(rules{Anonymous: true, Headers: "*"}.over(tokens(shop()))),
		Repaired: at(rules{Anonymous: true, Headers: "*, Authorization"}.over(tokens(shop())))}),
	defaults(Specimen{ID: "F40", Mistake: "has semicolons between methods",
		Faulty:   of(rules{Methods: "GET; HEAD; POST; PUT"}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F41", Mistake: "reads the first of several lines alone",
		Faulty: at(perRequest(func(r *http.Request) rules {
			return rules{Headers: allowed(r.Header.Get("Access-Control-Request-Headers"))}
		})),
		Repaired: at(perRequest(func(r *http.Request) rules {
			return rules{Headers: allowed(r.Header["Access-Control-Request-Headers"]...)}
		}))}),
	defaults(Specimen{ID: "F42", Mistake: "does not look at the method, and answers a preflight with what there is",
		Faulty:   at(everyMethod(rules{Anonymous: true})),
		Repaired: at(rules{Anonymous: true}.over(catalog()))}),
	defaults(Specimen{ID: "F43", Mistake: "takes every OPTIONS with Origin for a preflight",
		Faulty:   at(everyOptions(rules{}.over(shop()))),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F44", Mistake: "allows whatever is asked for",
		Faulty: at(perRequest(func(r *http.Request) rules {
			return rules{Methods: r.Header.Get("Access-Control-Request-Method"), Headers: strings.Join(r.Header["Access-Control-Request-Headers"], ",")}
		})),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F45", Mistake: "copies the list of headers from a tutorial",
		Faulty:   of(rules{Headers: "Origin, Host, Content-Type, Authorization, Access-Control-Allow-Origin"}),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F46", Mistake: "sends the list of headers back as it came",
		Faulty: at(perRequest(func(r *http.Request) rules {
			return rules{Headers: strings.Join(r.Header["Access-Control-Request-Headers"], ",")}
		})),
		Repaired: at(perRequest(func(r *http.Request) rules {
			return rules{Headers: allowed(r.Header["Access-Control-Request-Headers"]...)}
		}))}),
}

// knowing is h for those who have a session, and otherwise for all else.
func knowing(h http.Handler, otherwise http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isUser(r) {
			otherwise(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// refuse wants to know who the user is.
func refuse(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusUnauthorized, `{"error":"who are you?"}`)
}

// routed is h for the methods that the application has.
func routed(h http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
		mux.Handle(method+" /orders", h)
	}
	mux.Handle("GET /", h)
	return mux
}

// tokens is h, with a token for a session.
func tokens(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+sessionID {
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, r)
			return
		}
		r = r.Clone(r.Context())
		r.AddCookie(&http.Cookie{Name: "session", Value: sessionID})
		h.ServeHTTP(w, r)
	})
}

// perRequest is the shop behind a policy that depends on the request.
func perRequest(policy func(*http.Request) rules) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { policy(r).over(shop()).ServeHTTP(w, r) })
}

// allowed is what the shop allows of the names in lines of
// Access-Control-Request-Headers.
func allowed(lines ...string) string {
	names, _ := safelist.ExtractTokens(lines)
	var all []string
	for _, name := range names {
		if strings.EqualFold(name, "Content-Type") || strings.EqualFold(name, "Authorization") {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ") + "," // not "", which is what rules allow by themselves
}

// everyMethod is a server that has nothing but a GET, and takes all for that.
func everyMethod(c rules) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r) && r.Header.Get("Origin") == app {
			c.allow(w.Header(), app, true)
		}
		r = r.Clone(r.Context())
		r.Method = http.MethodGet
		c.over(catalog()).ServeHTTP(w, r)
	})
}

// everyOptions has h take every OPTIONS with Origin for a preflight.
func everyOptions(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions && r.Header["Origin"] != nil && !isPreflight(r) {
			r = r.Clone(r.Context())
			r.Header.Set("Access-Control-Request-Method", http.MethodGet)
		}
		h.ServeHTTP(w, r)
	})
}
