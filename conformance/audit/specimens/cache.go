package specimens

import (
	"net/http"
	"slices"
	"strings"
)

// cache are specimens of what caches make of answers, the browser's of preflights
// among them.
var cache = []Specimen{
	defaults(Specimen{ID: "F47", Mistake: "looks Origin up, and has no Vary",
		Faulty: at(edited(rules{}.over(shop()), func(_ *http.Request, status int, h http.Header) int {
			withoutVary(h, "Origin")
			return status
		})),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F48", Mistake: "says Vary: Origin to those alone whom it knows",
		Faulty: at(edited(rules{}.over(shop()), func(_ *http.Request, status int, h http.Header) int {
			if h["Access-Control-Allow-Origin"] == nil {
				withoutVary(h, "Origin")
			}
			return status
		})),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F49", Mistake: "sets Vary: Origin where the layer that compresses has set its own",
		Faulty: at(compresses(edited(rules{}.over(shop()), func(r *http.Request, status int, h http.Header) int {
			if r.Header["Origin"] != nil {
				h.Set("Vary", "Origin, Cookie")
			}
			return status
		}))),
		Repaired: at(compresses(rules{}.over(shop())))}),
	defaults(Specimen{ID: "F50", Mistake: "says Vary: Origin to all, beside *",
		Faulty:   at(withHeader(public().over(catalog()), "Vary", "Origin")),
		Repaired: at(public().over(catalog()))}),
	defaults(Specimen{ID: "F51", Mistake: "does not say how long a preflight is good for",
		Faulty:   at(editedPreflights(rules{}.over(shop()), func(h http.Header) { h.Del("Access-Control-Max-Age") })),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F52", Mistake: "has preflights kept for a year",
		Faulty: of(rules{MaxAge: "31536000"}), Repaired: of(rules{MaxAge: "7200"})}),
	defaults(Specimen{ID: "F53", Mistake: "writes Access-Control-Max-Age as its language writes times",
		Faulty: of(rules{MaxAge: "10m"}), Repaired: of(rules{MaxAge: "600"})}),
	defaults(Specimen{ID: "F54", Mistake: "lets a CDN keep preflights, by their URL alone",
		Faulty: at(editedPreflights(rules{}.over(shop()), func(h http.Header) {
			h.Set("Cache-Control", "public, max-age=3600")
			h.Del("Vary")
		})),
		Repaired: at(editedPreflights(rules{}.over(shop()), func(h http.Header) { h.Set("Cache-Control", "public, max-age=3600") }))}),
	defaults(Specimen{ID: "F55", Mistake: "refuses strangers with a status, which its Cache-Control for all has caches keep",
		Faulty:   at(withHeader(refusesStrangers(rules{}.over(shop())), "Cache-Control", "max-age=60")),
		Repaired: at(withHeader(rules{}.over(shop()), "Cache-Control", "max-age=60"))}),
}

// withoutVary takes a name off Vary.
func withoutVary(h http.Header, name string) {
	kept := slices.DeleteFunc(slices.Clone(h["Vary"]), func(line string) bool { return line == name })
	if h["Vary"] = kept; len(kept) == 0 {
		h.Del("Vary")
	}
}

// editedPreflights is h with the answers to preflights edited.
func editedPreflights(h http.Handler, e func(http.Header)) http.Handler {
	return edited(h, func(r *http.Request, status int, header http.Header) int {
		if isPreflight(r) {
			e(header)
		}
		return status
	})
}

// compresses is h behind a layer that compresses what is long enough. Nothing here
// is.
func compresses(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		h.ServeHTTP(w, r)
	})
}

// refusesStrangers is h before which whoever has another Origin than the app is
// sent away, unless he asks whether he may.
func refusesStrangers(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if origin != "" && !strings.HasSuffix(origin, ".example.com") && !isPreflight(r) {
			answer(w, http.StatusForbidden, `{"error":"no page of ours"}`)
			return
		}
		h.ServeHTTP(w, r)
	})
}
