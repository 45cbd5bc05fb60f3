package servers

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"

	"github.com/rs/cors"
)

// rsProduction is rs/cors as one would have it in production.
func rsProduction() cors.Options {
	return cors.Options{
		AllowedOrigins:   []string{app},
		AllowedMethods:   []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
		AllowedHeaders:   []string{"Authorization", "Content-Type", "X-Requested-With"},
		ExposedHeaders:   []string{"X-Request-Id"},
		AllowCredentials: true,
		MaxAge:           600,
	}
}

// rs is the shop behind rs/cors, with what change makes of its production.
func rs(change func(*cors.Options)) func() http.Handler {
	return func() http.Handler {
		o := rsProduction()
		if change != nil {
			change(&o)
		}
		return cors.New(o).Handler(shop())
	}
}

// rsOrigins is rs with other origins.
func rsOrigins(origins ...string) func() http.Handler {
	return rs(func(o *cors.Options) { o.AllowedOrigins = origins })
}

func rsSites() []site {
	all := []site{
		{config: "default", want: "F41 F51", about: "`cors.Default()`", public: true,
			handler: func() http.Handler { return cors.Default().Handler(shop()) }},
		{config: "production", want: "F29 F41 F67 F72", about: "one origin, credentials, the methods and headers that are used", handler: rs(nil),
			defects: []defect{
				{what: "the list of methods withholds Access-Control-Allow-Origin from HEAD too", id: "F67"},
				{what: "Access-Control-Request-Headers has to be in lower case and sorted (#174, #176, #180, #183)", id: "F41"},
			}},
		{config: "h-star", want: "F01 F29 F31 F41 F67", about: "`AllowedOrigins: h*`, credentials", handler: rsOrigins("h*"),
			defects: []defect{{what: "`h*` with credentials reflects every origin (#197)", id: "F01"}}},
		{config: "star-credentials", want: "F23 F41 F64 F67", about: "`AllowedOrigins: *`, credentials", handler: rsOrigins("*"),
			defects: []defect{{what: "`*` is sent with Access-Control-Allow-Credentials", id: "F23"}}},
		{config: "slash", want: "F70", about: "an origin with a slash at its end", handler: rsOrigins(app + "/"),
			defects: []defect{{what: "an entry that ends in a slash matches nothing, silently", id: "F70"}}},
		{config: "no-scheme", want: "F70", about: "an origin without its scheme", handler: rsOrigins("app.example"),
			defects: []defect{{what: "an entry without a scheme matches nothing, silently", id: "F70"}}},
		{config: "default-port", want: "F70", about: "an origin with `:443`", handler: rsOrigins(app + ":443"),
			defects: []defect{{what: "an entry with the default port matches nothing, silently", id: "F70"}}},
		{config: "unicode", want: "F29 F41 F67 F70 F72", about: "an origin with ü in its host", handler: rsOrigins(app, "https://bücher.example"), trusted: []string{"https://xn--bcher-kva.example"},
			pages:   []string{"https://xn--bcher-kva.example"},
			defects: []defect{{what: "an entry in Unicode matches nothing, silently", id: "F70"}}},
		{config: "lower-case-method", want: "F29 F36 F37 F41 F67 F72", about: "`AllowedMethods: put`", handler: rs(func(o *cors.Options) { o.AllowedMethods = []string{"GET", "POST", "put"} }),
			defects: []defect{{what: "`put` matches no request", id: "F36"}}},
		{config: "methods", want: "F70", about: "`AllowedMethods: PUT` alone", handler: rs(func(o *cors.Options) { o.AllowedMethods = []string{"PUT"} }),
			defects: []defect{{what: "the list of methods withholds Access-Control-Allow-Origin from simple requests too", id: "F70"}}},
		{config: "any-header", want: "F29 F46 F67 F72", about: "`AllowedHeaders: *`", handler: rs(func(o *cors.Options) { o.AllowedHeaders = []string{"*"} }),
			defects: []defect{
				{what: "OPTIONS is always allowed (#196)", why: "who may send it has no more than by GET; nothing is told of it"},
				{what: "a long Access-Control-Request-Headers is echoed in full", id: "F46"},
			}},
		{config: "null", want: "F03 F29 F41 F67 F72", about: "`null` among the origins", handler: rsOrigins(app, "null"),
			defects: []defect{{what: "`null` is taken as an entry", id: "F03"}}},
		{config: "default-headers", want: "F29 F38 F41 F67 F72", about: "no `AllowedHeaders`", handler: rs(func(o *cors.Options) { o.AllowedHeaders = nil }),
			defects: []defect{{what: "Authorization is not among the headers allowed by default", id: "F38"}}},
		{config: "shared-slices", want: "F29 F41 F67 F72", about: "a handler that changes a value of a header in place", handler: scribbling, turns: "what it exposes depends on who has asked before",
			defects: []defect{{what: "header slices are shared, and handlers can write to them (#198), so that X-Request-Id is exposed no more once something else has been asked for", why: "an audit has then asked for what is exposed, and asks nothing twice but who may read"}}},
		{config: "suffix", want: "F05 F11 F29 F41 F67", about: "`https://*example.com`", handler: rsOrigins(app, "https://*example.com"), trusted: []string{"https://www.example.com"},
			pages:   []string{"https://www.example.com", "https://evilexample.com"},
			defects: []defect{{what: "`https://*example.com` matches https://evilexample.com", id: "F05"}}},
		{config: "localhost", want: "F12 F15 F16 F29 F41 F67", about: "`http://localhost*`", handler: rsOrigins(app, "http://localhost*"),
			pages:   []string{"http://localhost.stranger.example"},
			defects: []defect{{what: "`http://localhost*` matches http://localhost.evil.test", id: "F16"}}},
		{config: "inside-auth", want: "F29 F33 F67", about: "authentication before CORS", handler: insideAuth,
			defects: []defect{{what: "`auth(cors(h))`: preflights are answered with 401", id: "F33"}}},
		{config: "inside-mux", want: "F29 F34 F60 F67 F72", about: "CORS around the handlers, behind the method patterns of ServeMux", handler: insideMux,
			defects: []defect{{what: "ServeMux `PUT /x` before CORS: preflights are answered with 405", id: "F34"}}},
		{config: "twice", want: "F41 F56", about: "CORS, a reverse proxy, CORS", handler: twice,
			defects: []defect{{what: "`cors(ReverseProxy(cors))`: two values of Access-Control-Allow-Origin on responses, none on preflights", id: "F56"}}},
		{config: "vary-set", want: "F29 F41 F47 F67 F72", about: "a handler that calls `Set(\"Vary\", …)`", handler: func() http.Handler { return cors.New(rsProduction()).Handler(settingVary(shop())) },
			defects: []defect{{what: "a handler's `Set(\"Vary\")` removes Origin from it", id: "F47"}}},
	}
	return of("rs/cors", all)
}

// of names the server of sites.
func of(server string, sites []site) []site {
	for i := range sites {
		sites[i].server = server
	}
	return sites
}

// insideAuth is the shop with CORS behind the check of who asks.
func insideAuth() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/login", login)
	mux.Handle("/", user(cors.New(rsProduction()).Handler(shop())))
	return mux
}

// insideMux is the shop with CORS around each handler.
func insideMux() http.Handler {
	mux, c := http.NewServeMux(), cors.New(rsProduction())
	for _, r := range shopRoutes() {
		mux.Handle(r.method+" "+r.path, c.Handler(r.handler))
	}
	return mux
}

// twice is the shop behind two layers of CORS.
func twice() http.Handler {
	inner := cors.New(rsProduction()).Handler(shop())
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(*httputil.ProxyRequest) {},
		Transport: inMemory{inner},
	}
	return cors.New(rsProduction()).Handler(proxy)
}

// inMemory is a handler as a transport.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil {
		req.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	m.handler.ServeHTTP(rec, req)
	return rec.Result(), nil
}

// settingVary says what the answer depends on as if nobody else had.
func settingVary(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept-Encoding")
		next.ServeHTTP(w, r)
	})
}

// scribbling is the shop behind rs/cors, but that it exposes something else of what
// is not an order, and says so in the place where the middleware has its header.
func scribbling() http.Handler {
	next := shop()
	return cors.New(rsProduction()).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if exposed := w.Header()["Access-Control-Expose-Headers"]; len(exposed) > 0 && r.URL.Path != "/orders/1" {
			exposed[0] = "X-Request-No" // as long as what is there, for others read it now
		}
		next.ServeHTTP(w, r)
	}))
}
