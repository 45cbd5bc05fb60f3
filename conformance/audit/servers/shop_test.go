package servers

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/rs/cors"
)

// The shop is the application behind every server: what anybody may see, and
// what only its users may, who are known by a cookie or by a token. Nothing that
// is asked of it changes it, so that it answers the same whenever it is asked.

const (
	sessionCookie = "sid=1; Path=/; Secure; HttpOnly; SameSite=None"
	token         = "Bearer t"
)

// A route is a path of the shop.
type route struct {
	method, path string
	handler      http.Handler
}

// shopRoutes are the shop's, for the routers that there are.
func shopRoutes() []route {
	return []route{
		{"GET", "/login", http.HandlerFunc(login)},
		{"GET", "/products", http.HandlerFunc(products)},
		{"GET", "/orders", user(http.HandlerFunc(orders))},
		{"POST", "/orders", user(http.HandlerFunc(orders))},
		{"GET", "/orders/1", user(http.HandlerFunc(orders))},
		{"PUT", "/orders/1", user(http.HandlerFunc(orders))},
		{"PATCH", "/orders/1", user(http.HandlerFunc(orders))},
		{"DELETE", "/orders/1", user(http.HandlerFunc(orders))},
	}
}

// shop is the shop with net/http's router, and no CORS.
func shop() http.Handler {
	mux := http.NewServeMux()
	for _, r := range shopRoutes() {
		mux.Handle(r.method+" "+r.path, r.handler)
	}
	return mux
}

// behindProxies is the shop as it stands behind proxies: without CORS, and below
// /open open to everybody.
func behindProxies() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", shop())
	mux.Handle("/open/", http.StripPrefix("/open", cors.Default().Handler(shop())))
	return mux
}

// login gives the visitor a session, and a page of the shop's origin that runs
// what it is told.
func login(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Set-Cookie", sessionCookie)
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, `<!doctype html><script src="https://pages.example/run.js"></script>`)
}

// products are the same for everybody.
func products(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"products":[1,2]}`)
}

// orders are those of a user.
func orders(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	by := "cookie"
	if r.Header.Get("Authorization") != "" {
		by = "token"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Request-Id", "1")
	fmt.Fprintf(w, `{"method":%q,"by":%q,"length":%d}`, r.Method, by, len(body))
}

// user lets only users through.
func user(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Cookie"), "sid=1") && r.Header.Get("Authorization") != token {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"error":"who are you?"}`)
			return
		}
		next.ServeHTTP(w, r)
	})
}
