package servers

import (
	"net/http"

	"github.com/gorilla/handlers"
	"github.com/gorilla/mux"
)

// gorilla is the shop behind gorilla/handlers, with options besides those of its
// production.
func gorilla(origins handlers.CORSOption, more ...handlers.CORSOption) func() http.Handler {
	return func() http.Handler {
		options := append([]handlers.CORSOption{
			handlers.AllowedMethods([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}),
			handlers.AllowedHeaders([]string{"Authorization", "Content-Type", "X-Requested-With"}),
			handlers.ExposedHeaders([]string{"X-Request-Id"}),
			handlers.AllowCredentials(),
			handlers.MaxAge(600),
			origins,
		}, more...)
		return handlers.CORS(options...)(shop())
	}
}

func gorillaSites() []site {
	const admin = "https://admin.example"
	listed := handlers.AllowedOrigins([]string{app, admin})
	return of("gorilla/handlers", []site{
		{config: "default", want: "F47", about: "`CORS()`", public: true, handler: func() http.Handler { return handlers.CORS()(shop()) }},
		{config: "production", want: "F29 F38 F41 F47", about: "one origin, credentials, the methods and headers that are used", handler: gorilla(handlers.AllowedOrigins([]string{app})),
			defects: []defect{{what: "`accept`, `accept-language` and `content-language` are left out of Access-Control-Allow-Headers", id: "F38"}}},
		{config: "list", want: "F29 F38 F41 F48", about: "two origins, credentials", handler: gorilla(listed), trusted: []string{admin}, pages: []string{admin},
			defects: []defect{{what: "Vary only for origins that are allowed", id: "F48"}}},
		{config: "func", want: "F29 F38 F41 F47", about: "an `AllowedOriginValidator` of two origins", trusted: []string{admin}, pages: []string{admin},
			handler: gorilla(handlers.AllowedOriginValidator(func(origin string) bool { return origin == app || origin == admin })),
			defects: []defect{{what: "never Vary with a function", id: "F47"}}},
		{config: "outer-vary", want: "F29 F38 F41 F48 F49", about: "two origins, and an outer middleware that adds `Vary: Accept-Encoding`", trusted: []string{admin}, pages: []string{admin},
			handler: func() http.Handler {
				next := gorilla(listed)()
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Add("Vary", "Accept-Encoding")
					next.ServeHTTP(w, r)
				})
			}, defects: []defect{{what: "`Set` destroys the Vary of outer middlewares", id: "F49"}}},
		{config: "mux", want: "F29 F34 F47 F60 F64", about: "gorilla/mux with CORSMethodMiddleware, and no route for OPTIONS", handler: func() http.Handler {
			r := mux.NewRouter()
			for _, route := range shopRoutes() {
				r.Handle(route.path, route.handler).Methods(route.method)
			}
			r.Use(mux.CORSMethodMiddleware(r), handlers.CORS(handlers.AllowedOrigins([]string{app}), handlers.AllowCredentials(),
				handlers.AllowedHeaders([]string{"Authorization", "Content-Type"})))
			return r
		}, defects: []defect{{what: "CORSMethodMiddleware needs a route for OPTIONS, or preflights are answered with 405 (#381, #382)", id: "F34"}}},
	})
}
