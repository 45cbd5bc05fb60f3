package servers

import (
	"net/http"
	"time"

	"github.com/rs/cors"
)

// protected is the shop behind net/http's protection against requests of other
// origins, with CORS around it. The origins are trusted by the protection.
func protected(origins ...string) http.Handler {
	p := http.NewCrossOriginProtection()
	for _, o := range origins {
		if err := p.AddTrustedOrigin(o); err != nil {
			panic(err)
		}
	}
	return cors.New(rsProduction()).Handler(p.Handler(shop()))
}

// sleepy is the shop, but for what it does not know: that it does not answer in
// time.
func sleepy() http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{"/login", "/products", "/orders", "/orders/1"} {
		mux.Handle(path, shop())
	}
	mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	return mux
}

func netHTTPSites() []site {
	return of("net/http", []site{
		{config: "default", about: "`CrossOriginProtection`, and no CORS", public: true,
			handler: func() http.Handler { return new(http.CrossOriginProtection).Handler(shop()) }},
		{config: "production", want: "F29 F41 F67 F72", about: "`CrossOriginProtection` that trusts the page, behind rs/cors", writes: true, handler: func() http.Handler { return protected(app) }},
		{config: "conflict", want: "F29 F32 F41 F67 F72", about: "`CrossOriginProtection` that trusts nobody, behind rs/cors", writes: true, handler: func() http.Handler { return protected() },
			defects: []defect{{what: "`CrossOriginProtection` answers 403 to writes that CORS has approved", id: "F32"}}},
		{config: "subtree", want: "F35 F61", about: "the pattern `/orders/` of ServeMux, with rs/cors around its handler", path: "/orders", handler: func() http.Handler {
			mux := http.NewServeMux()
			c := cors.New(rsProduction())
			mux.Handle("/login", http.HandlerFunc(login))
			mux.Handle("/orders/", c.Handler(user(http.HandlerFunc(orders))))
			return mux
		}, defects: []defect{
			{what: "`/x` is redirected to `/x/` before CORS", id: "F61"},
			{what: "and so are its preflights", id: "F35"},
		}},
		{config: "timeout", want: "F29 F41 F60 F67 F72", about: "`TimeoutHandler(cors(h))`", handler: func() http.Handler {
			return http.TimeoutHandler(cors.New(rsProduction()).Handler(sleepy()), 300*time.Millisecond, "too late")
		}, defects: []defect{{what: "`TimeoutHandler(cors(h))` answers 503 without Access-Control-Allow-Origin", id: "F60"}}},
	})
}
