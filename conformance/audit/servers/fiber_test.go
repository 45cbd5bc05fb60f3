package servers

import (
	"net"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/cors"
)

// fiberWith is the shop with fiber's router behind its CORS, with what change
// makes of its production.
func fiberWith(change func(*cors.Config)) server {
	c := cors.Config{
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
	a := fiber.New()
	a.Use(cors.New(c))
	for _, r := range shopRoutes() {
		a.Add([]string{r.method}, r.path, adaptor.HTTPHandler(r.handler))
	}
	return fiberServer{a}
}

// A fiberServer is a fiber.App as what listens.
type fiberServer struct{ app *fiber.App }

func (s fiberServer) Serve(l net.Listener) error {
	return s.app.Listener(l, fiber.ListenConfig{DisableStartupMessage: true})
}

func (s fiberServer) Close() error { return s.app.Shutdown() }

func fiberSites() []site {
	return of("gofiber/fiber/v3", []site{
		{config: "default", want: "F41 F47 F51", about: "`cors.New()`", public: true, serve: fiberWith(func(c *cors.Config) { *c = cors.ConfigDefault })},
		{config: "production", want: "F28 F29 F72", about: "one origin, credentials, the methods and headers that are used", serve: fiberWith(nil),
			defects: []defect{{what: "strangers get Access-Control-Allow-Methods and -Headers without Access-Control-Allow-Origin", id: "F28"}}},
		{config: "default-port", want: "F70", about: "an origin with `:443`", serve: fiberWith(func(c *cors.Config) { c.AllowOrigins = []string{app + ":443"} }),
			defects: []defect{{what: "an entry with the default port matches nothing, silently", id: "F70"}}},
		{config: "func", want: "F01 F29 F31", about: "an `AllowOriginsFunc` that is true", serve: fiberWith(func(c *cors.Config) {
			c.AllowOrigins, c.AllowOriginsFunc = nil, func(string) bool { return true }
		}), defects: []defect{{what: "a function that returns true lets `null` read", id: "F01"}}},
		{config: "star-headers", want: "F28 F39 F64 F72", about: "`AllowHeaders: *`, no credentials", serve: fiberWith(func(c *cors.Config) { c.AllowHeaders, c.AllowCredentials = []string{"*"}, false }),
			defects: []defect{{what: "`*` in Access-Control-Allow-Headers, which is not Authorization to the standard", id: "F39"}}},
	})
}
