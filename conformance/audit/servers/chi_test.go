package servers

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/cors"
)

// chiWith is the shop with chi's router behind go-chi/cors, with what change makes
// of its production.
func chiWith(change func(*cors.Options)) func() http.Handler {
	return func() http.Handler {
		o := cors.Options{
			AllowedOrigins:   []string{app},
			AllowedMethods:   []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
			AllowedHeaders:   []string{"Authorization", "Content-Type", "X-Requested-With"},
			ExposedHeaders:   []string{"X-Request-Id"},
			AllowCredentials: true,
			MaxAge:           600,
		}
		if change != nil {
			change(&o)
		}
		r := chi.NewRouter()
		r.Use(cors.Handler(o))
		for _, route := range shopRoutes() {
			r.Method(route.method, route.path, route.handler)
		}
		return r
	}
}

func chiSites() []site {
	return of("go-chi/cors", []site{
		{config: "default", want: "F51", about: "`cors.Options{}`", public: true, handler: chiWith(func(o *cors.Options) { *o = cors.Options{} })},
		{config: "production", want: "F29 F37 F41 F72", about: "one origin, credentials, the methods and headers that are used", handler: chiWith(nil),
			defects: []defect{
				{what: "Access-Control-Allow-Methods is upper-cased, so that `patch` is answered with `PATCH` and blocked", id: "F37"},
				{what: "only the first line of Access-Control-Request-Headers is read", id: "F41"},
			}},
		{config: "plus", want: "F37 F38 F41 F46", about: "`AllowedHeaders: *`, asked with `X+Y: 1`", header: "X+Y: 1", handler: chiWith(func(o *cors.Options) { o.AllowedHeaders = []string{"*"} }),
			defects: []defect{{what: "names of headers lose bytes: `x+y` becomes `Xy`, and is blocked even with `*`", id: "F38"}}},
		{config: "stars", want: "F01 F29 F31 F37 F41", about: "`https://*` and `http://*`, credentials", handler: chiWith(func(o *cors.Options) { o.AllowedOrigins = []string{"https://*", "http://*"} }),
			defects: []defect{{what: "`https://*`, `http://*` instead of a `*` that does not go with credentials (#17)", id: "F01"}}},
	})
}
