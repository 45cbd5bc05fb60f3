package servers

import (
	"net/http"
	"time"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
)

// ginProduction is gin-contrib/cors as one would have it in production.
func ginProduction() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{app},
		AllowMethods:     []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
		AllowHeaders:     []string{"Authorization", "Content-Type", "X-Requested-With"},
		ExposeHeaders:    []string{"X-Request-Id"},
		AllowCredentials: true,
		MaxAge:           10 * time.Minute,
	}
}

// ginEngine is a gin with middlewares, and no shop.
func ginEngine(middlewares ...gin.HandlerFunc) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.Use(middlewares...)
	return e
}

// ginShop is the shop with gin's router, behind middlewares.
func ginShop(middlewares ...gin.HandlerFunc) http.Handler {
	e := ginEngine(middlewares...)
	for _, r := range shopRoutes() {
		e.Handle(r.method, r.path, gin.WrapH(r.handler))
	}
	return e
}

// ginWith is the shop behind gin-contrib/cors, with what change makes of its
// production.
func ginWith(change func(*cors.Config)) func() http.Handler {
	return func() http.Handler {
		c := ginProduction()
		if change != nil {
			change(&c)
		}
		return ginShop(cors.New(c))
	}
}

// ginOrigins is ginWith other origins, wildcards among them.
func ginOrigins(origins ...string) func() http.Handler {
	return ginWith(func(c *cors.Config) { c.AllowOrigins, c.AllowWildcard = origins, true })
}

func ginSites() []site {
	return of("gin-contrib/cors", []site{
		{config: "default", want: "F43 F45 F47", about: "`cors.Default()`", public: true, handler: func() http.Handler { return ginShop(cors.Default()) }},
		{config: "production", want: "F29 F43 F48 F76", about: "one origin, credentials, the methods and headers that are used", handler: ginWith(nil),
			defects: []defect{
				{what: "an unlisted origin gets 403 for simple requests (#184)", id: "F76"},
				{what: "no Vary on the answer to who sends no Origin", id: "F48"},
				{what: "any OPTIONS with Origin is taken for a preflight", id: "F43"},
			}},
		{config: "cached", want: "F29 F43 F48 F55 F76", about: "all of it fresh for a minute, errors too", handler: func() http.Handler {
			return ginShop(func(c *gin.Context) { c.Header("Cache-Control", "max-age=60") }, cors.New(ginProduction()))
		}, defects: []defect{{what: "the 403 has no Vary, and where it may be kept it is for all", id: "F55"}}},
		{config: "inner-wildcard", want: "F06 F10 F29 F43 F48 F76", about: "`http://some.*.com`", handler: ginOrigins(app, "http://some.*.com"),
			trusted: []string{"http://some.shop.com"}, pages: []string{"http://some.shop.com", "http://some.com"},
			defects: []defect{
				{what: "`http://some.*.com` matches http://some.com: the parts overlap", why: "Chromium shows it; but nobody tells an audit where the `*` is, and it tells what is worse, that anybody may register what matches"},
				{what: "and http://some.evil.com", id: "F10"},
			}},
		{config: "end-wildcard", want: "F06 F10 F13 F29 F43 F48 F76", about: "`https://app.*`", handler: ginOrigins("https://app.*"), pages: []string{"https://app.evil.test"},
			defects: []defect{{what: "`https://api.*` matches hosts of anybody", id: "F06"}}},
		{config: "glued-wildcard", want: "F06 F13 F29 F43 F48 F76", about: "`https://app.example*`", handler: ginOrigins("https://app.example*"), pages: []string{"https://app.example.evil.test"},
			defects: []defect{{what: "`https://example.com*` matches hosts of anybody", id: "F06"}}},
		{config: "regexp", want: "F06 F13 F29 F43 F48 F76", about: "`/https://app.example/`", handler: ginOrigins("/https://app.example/"), pages: []string{"https://app.example.evil.test"},
			defects: []defect{{what: "regular expressions are not anchored", id: "F06"}}},
		{config: "regexp-dot", want: "F08 F29 F43 F48 F76", about: "`/^https://www.shop.example$/`", handler: ginOrigins(app, "/^https://www.shop.example$/"),
			trusted: []string{"https://www.shop.example"}, pages: []string{"https://www.shop.example", "https://wwwxshop.example"},
			defects: []defect{{what: "an unescaped dot matches any character", id: "F08"}}},
		{config: "regexp-class", want: "F29 F43 F48 F70 F76", about: "`/^https://\\S+\\.shop\\.example$/`, an origin of that kind trusted",
			handler: ginOrigins(app, `/^https://\S+\.shop\.example$/`), trusted: []string{"https://www.shop.example"}, pages: []string{"https://www.shop.example"},
			defects: []defect{{what: "regular expressions are lower-cased: `\\S` becomes `\\s`, and matches nothing", id: "F70"}}},
		{config: "regexp-digits", want: "F29 F43 F48 F70 F76", about: "`/^https://\\D+\\.shop\\.example$/`, an origin of that kind trusted",
			handler: ginOrigins(app, `/^https://\D+\.shop\.example$/`), trusted: []string{"https://www.shop.example"}, pages: []string{"https://www.shop.example", "https://1.shop.example"},
			defects: []defect{{what: "regular expressions are lower-cased: `\\D` becomes `\\d`, and what was meant is refused", id: "F70"}}},
		{config: "other-scheme", want: "F29 F43 F48 F71 F76", about: "its own host at http trusted", handler: ginOrigins(app, "http://other-scheme.gin-contrib-cors.example"),
			trusted: []string{"http://other-scheme.gin-contrib-cors.example"}, pages: []string{"http://other-scheme.gin-contrib-cors.example"},
			defects: []defect{{what: "a page of the same host at another scheme counts as same-origin, and gets no CORS headers", id: "F71"}}},
		{config: "outer-vary", want: "F29 F43 F48 F49 F76", about: "an outer middleware that adds `Vary: Accept-Encoding`", handler: func() http.Handler {
			return ginShop(func(c *gin.Context) { c.Writer.Header().Add("Vary", "Accept-Encoding") }, cors.New(ginProduction()))
		}, defects: []defect{{what: "the Vary of outer middlewares is overwritten", id: "F49"}}},
		{config: "star-credentials", want: "F23 F43 F47 F64", about: "`AllowAllOrigins`, credentials", handler: ginWith(func(c *cors.Config) { c.AllowOrigins, c.AllowAllOrigins = nil, true }),
			defects: []defect{{what: "`*` is sent with Access-Control-Allow-Credentials", id: "F23"}}},
		{config: "star-headers", want: "F27 F29 F43 F48 F76", about: "`AllowHeaders: *`, credentials", handler: ginWith(func(c *cors.Config) { c.AllowHeaders = []string{"*"} }),
			defects: []defect{{what: "a literal `*` in Access-Control-Allow-Headers with credentials", id: "F27"}}},
		{config: "group", want: "F29 F34 F48 F60 F76", about: "used in a group of routes", handler: func() http.Handler {
			e := ginEngine()
			group := e.Group("/", cors.New(ginProduction()))
			for _, r := range shopRoutes() {
				group.Handle(r.method, r.path, gin.WrapH(r.handler))
			}
			return e
		}, defects: []defect{{what: "used in a group, preflights are answered with 404", id: "F34"}}},
		{config: "func", want: "F01 F29 F31 F43 F48", about: "`AllowOrigins` and an `AllowOriginFunc` that is true", handler: ginWith(func(c *cors.Config) { c.AllowOriginFunc = func(string) bool { return true } }),
			defects: []defect{{what: "AllowOriginFunc is asked besides AllowOrigins, not instead or after (#148)", id: "F01"}}},
	})
}
