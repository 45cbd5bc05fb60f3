package specimens

import (
	"net/http"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// mayWrite is for what only who writes finds out.
var mayWrite = audit.Options{Writes: true}

// writes are specimens of what pages change.
var writes = []Specimen{
	defaults(Specimen{ID: "F30", Mistake: "takes JSON whatever its Content-Type", Options: mayWrite,
		Faulty:   at(rules{}.over(untyped(shop()))),
		Repaired: of(rules{})}),
	defaults(Specimen{ID: "F31", Mistake: "answers the preflights of all, the header against forged requests among what is allowed",
		Faulty: at(byPreflight(
			rules{Trusts: anybody, Headers: "Content-Type, Authorization, X-CSRF-Token"}.over(shop()),
			rules{}.over(shop()))),
		Repaired: of(rules{Headers: "Content-Type, Authorization, X-CSRF-Token"})}),
	defaults(Specimen{ID: "F32", Mistake: "has a guard against forged requests that does not know whom CORS trusts", Options: mayWrite,
		Faulty:   guarded(),
		Repaired: guarded(app)}),
}

// untyped is h, which takes every body for JSON.
func untyped(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(w, r)
	})
}

// guarded is the shop behind net/http's guard, which trusts those origins.
func guarded(trusted ...string) func() fetchtest.Servers {
	guard := http.NewCrossOriginProtection()
	for _, o := range trusted {
		if err := guard.AddTrustedOrigin(o); err != nil {
			panic(err) // they are written in this package
		}
	}
	return at(rules{}.over(guard.Handler(shop())))
}
