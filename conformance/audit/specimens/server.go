package specimens

import (
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// What most specimens have in common.
const (
	api       = "https://api.example.com"
	orders    = api + "/orders"
	app       = "https://app.example.com"
	admin     = "https://admin.example.com"
	session   = "session=ann; Path=/; Secure; HttpOnly; SameSite=None"
	sessionID = "ann"
)

// defaults fills in what most specimens have in common, where they say nothing.
func defaults(s Specimen) Specimen {
	if s.URL == "" {
		s.URL = orders
	}
	if s.Trusted == nil {
		s.Trusted = []string{app}
	}
	if s.Cookies == nil {
		s.Cookies = []string{session}
	}
	return s
}

// rules are a policy, and a middleware that does it right. A specimen is such a
// policy with something wrong in it.
type rules struct {
	Trusts    func(origin string) bool // nil is app alone
	Anonymous bool                     // without cookies
	Any       bool                     // whoever asks: "*"
	Methods   string                   // "" is "GET, HEAD, POST, PUT"
	Headers   string                   // "" is "Content-Type, Authorization"
	Expose    string                   // "" is "X-Request-Id"
	MaxAge    string                   // "" is "600"
}

// or is s, or instead if it is "".
func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// over is the policy before a handler.
func (c rules) over(next http.Handler) http.Handler {
	if c.Trusts == nil {
		c.Trusts = only(app)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if !c.Any {
			w.Header().Add("Vary", "Origin")
		}
		if isPreflight(r) {
			w.Header().Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
		}
		if c.Any || origin != "" && c.Trusts(origin) {
			c.allow(w.Header(), origin, isPreflight(r))
		}
		if isPreflight(r) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// allow says in h that origin may.
func (c *rules) allow(h http.Header, origin string, isPreflight bool) {
	h.Set("Access-Control-Allow-Origin", origin)
	if c.Any {
		h.Set("Access-Control-Allow-Origin", "*")
	}
	if !c.Anonymous && !c.Any {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if !isPreflight {
		h.Set("Access-Control-Expose-Headers", or(c.Expose, "X-Request-Id"))
		return
	}
	h.Set("Access-Control-Allow-Methods", or(c.Methods, "GET, HEAD, POST, PUT"))
	h.Set("Access-Control-Allow-Headers", or(c.Headers, "Content-Type, Authorization"))
	h.Set("Access-Control-Max-Age", or(c.MaxAge, "600"))
}

// only is trust in those origins and no other.
func only(origins ...string) func(string) bool {
	return func(origin string) bool { return slices.Contains(origins, origin) }
}

// shop is the application behind the policies: orders of a user who has a session.
// It is right; what changes something has to be JSON, so that every page of another
// origin needs a preflight for it.
func shop() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		if !isUser(r) {
			answer(w, http.StatusUnauthorized, `{"error":"who are you?"}`)
			return
		}
		answer(w, http.StatusOK, `{"user":"ann","orders":[7]}`)
	})
	change := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
			answer(w, http.StatusUnsupportedMediaType, `{"error":"want JSON"}`)
		case !isUser(r):
			answer(w, http.StatusUnauthorized, `{"error":"who are you?"}`)
		default:
			answer(w, http.StatusOK, `{"changed":7}`)
		}
	}
	mux.HandleFunc("POST /orders", change)
	mux.HandleFunc("PUT /orders", change)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "1")
		mux.ServeHTTP(w, r)
	})
}

// isUser reports whether the request has the session.
func isUser(r *http.Request) bool {
	cookie, err := r.Cookie("session")
	return err == nil && cookie.Value == sessionID
}

// answer writes JSON.
func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // whoever hangs up has what he wanted
}

// at is a server at api.
func at(h http.Handler) func() fetchtest.Servers {
	return func() fetchtest.Servers { return fetchtest.Servers{api: h} }
}

// of is the shop behind a policy, at api.
func of(c rules) func() fetchtest.Servers { return at(c.over(shop())) }

// An edit changes the headers of an answer before they are sent.
type edit func(r *http.Request, status int, h http.Header) int

// edited is h with its answers edited; the edit returns the status.
func edited(h http.Handler, e edit) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&editing{ResponseWriter: w, r: r, e: e}, r)
	})
}

type editing struct {
	http.ResponseWriter
	r     *http.Request
	e     edit
	begun bool
}

func (w *editing) WriteHeader(status int) {
	if !w.begun {
		w.begun = true
		status = w.e(w.r, status, w.Header())
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *editing) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// isPreflight reports whether a browser asks whether it may ask.
func isPreflight(r *http.Request) bool {
	return r.Header["Origin"] != nil && r.Method == http.MethodOptions && r.Header["Access-Control-Request-Method"] != nil
}
