package servers

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	middleware4 "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
)

// echo4With is the shop with echo's router behind its CORS of version 4, with what
// change makes of its production.
func echo4With(change func(*middleware4.CORSConfig)) func() http.Handler {
	return func() http.Handler {
		c := middleware4.CORSConfig{
			AllowOrigins:     []string{app},
			AllowMethods:     []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
			AllowHeaders:     []string{"Authorization", "Content-Type", "X-Requested-With"},
			ExposeHeaders:    []string{"X-Request-Id"},
			AllowCredentials: true,
			MaxAge:           600,
		}
		if change != nil {
			change(&c)
		}
		e := echo.New()
		e.Use(middleware4.CORSWithConfig(c))
		for _, r := range shopRoutes() {
			e.Add(r.method, r.path, echo.WrapHandler(r.handler))
		}
		return e
	}
}

// echo4Origins is echo4With other origins.
func echo4Origins(origins ...string) func() http.Handler {
	return echo4With(func(c *middleware4.CORSConfig) { c.AllowOrigins = origins })
}

func echo4Sites() []site {
	return of("echo/v4", []site{
		{config: "default", want: "F41 F43 F46 F51", about: "`CORSConfig{}`", public: true, handler: echo4With(func(c *middleware4.CORSConfig) { *c = middleware4.CORSConfig{} })},
		{config: "production", want: "F29 F43", about: "one origin, credentials, the methods and headers that are used", handler: echo4With(nil),
			defects: []defect{{what: "every OPTIONS is taken for a preflight (#2534, #3060)", id: "F43"}}},
		{config: "suffix", want: "F05 F11 F29 F43", about: "`https://*app.example`", handler: echo4Origins("https://*app.example"), pages: []string{"https://evilapp.example"},
			defects: []defect{{what: "`https://*example.com` matches hosts of anybody", id: "F05"}}},
		{config: "prefix", want: "F01 F29 F31 F43", about: "`https://app.*`", handler: echo4Origins("https://app.*"), pages: []string{"https://app.evil.test"},
			defects: []defect{{what: "`https://example.*` matches hosts of anybody: in fact, every origin with https", id: "F01"}}},
		{config: "unsafe", want: "F01 F29 F31 F43", about: "`*` with `UnsafeWildcardOriginWithAllowCredentials`", handler: echo4With(func(c *middleware4.CORSConfig) {
			c.AllowOrigins, c.UnsafeWildcardOriginWithAllowCredentials = []string{"*"}, true
		}), defects: []defect{{what: "UnsafeWildcardOriginWithAllowCredentials reflects every origin (#2400, #2405)", id: "F01"}}},
		{config: "documented", want: "F11 F12 F29 F43", about: "the documentation's `HasSuffix(origin, \".app.example\")`", handler: echo4With(func(c *middleware4.CORSConfig) {
			c.AllowOriginFunc = func(origin string) (bool, error) {
				return origin == app || strings.HasSuffix(origin, ".app.example"), nil
			}
		}), pages: []string{"http://mitm.app.example"},
			defects: []defect{{what: "the documentation's sample takes http://mitm.example.com", id: "F12"}}},
	})
}

// echo5With is echo4With of version 5.
func echo5With(change func(*middleware.CORSConfig)) func() http.Handler {
	return func() http.Handler {
		c := middleware.CORSConfig{
			AllowOrigins:     []string{app},
			AllowMethods:     []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
			AllowHeaders:     []string{"Authorization", "Content-Type", "X-Requested-With"},
			ExposeHeaders:    []string{"X-Request-Id"},
			AllowCredentials: true,
			MaxAge:           600,
		}
		if change != nil {
			change(&c)
		}
		e := echo5.New()
		e.Logger = slog.New(slog.DiscardHandler)
		e.Use(middleware.CORSWithConfig(c))
		for _, r := range shopRoutes() {
			e.Add(r.method, r.path, echo5.WrapHandler(r.handler))
		}
		return e
	}
}

// echo5Origins is echo5With other origins.
func echo5Origins(origins ...string) func() http.Handler {
	return echo5With(func(c *middleware.CORSConfig) { c.AllowOrigins = origins })
}

func echo5Sites() []site {
	return of("echo/v5", []site{
		{config: "default", want: "F41 F43 F46 F51", about: "`CORS(\"*\")`: it has no default", public: true, handler: echo5With(func(c *middleware.CORSConfig) { *c = middleware.CORSConfig{AllowOrigins: []string{"*"}} })},
		{config: "production", want: "F29 F43 F72", about: "one origin, credentials, the methods and headers that are used", handler: echo5With(nil),
			defects: []defect{{what: "every OPTIONS is taken for a preflight (#2534, #3060)", id: "F43"}}},
		{config: "upper-case", want: "F57", about: "`https://App.example`", handler: echo5Origins("https://App.example"),
			defects: []defect{{what: "`https://App.test` matches, and is answered in the configured spelling, which no browser takes", id: "F57"}}},
		{config: "default-port", want: "F70", about: "an origin with `:443`", handler: echo5Origins(app + ":443"),
			defects: []defect{{what: "an entry with the default port matches nothing, silently", id: "F70"}}},
		{config: "documented", want: "F11 F12 F29 F43", about: "the documentation's `HasSuffix(origin, \".app.example\")`", handler: echo5With(func(c *middleware.CORSConfig) {
			c.UnsafeAllowOriginFunc = func(_ *echo5.Context, origin string) (string, bool, error) {
				return origin, origin == app || strings.HasSuffix(origin, ".app.example"), nil
			}
		}), pages: []string{"http://mitm.app.example"},
			defects: []defect{{what: "the documentation's sample takes http://mitm.example.com", id: "F12"}}},
	})
}
