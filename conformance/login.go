package conformance

import (
	"net/http"
	"regexp"
	"strings"
)

// Logins returns the places of Scenario.Logins, in order.
func (w *Web) Logins() []string { return sortedKeys(w.Scenario.Logins) }

// LoginURL is the URL to visit for one of Logins. It holds a user and a
// password.
func (w *Web) LoginURL(place string) string {
	scheme, rest, _ := strings.Cut(w.URL(place), "://")
	return scheme + "://u:p@" + rest
}

// Login answers a request for one of Logins: 401, until there is an
// Authorization header. It returns nil for any other.
func (w *Web) Login(req *Incoming) *Answer {
	_, place := w.place(req)
	challenges, ok := w.Scenario.Logins[place]
	switch {
	case !ok:
		return nil
	case req.Get("Authorization") != "":
		return &Answer{Reason: http.StatusText(http.StatusOK)}
	}
	a := &Answer{Status: http.StatusUnauthorized, Reason: http.StatusText(http.StatusUnauthorized)}
	for _, challenge := range challenges {
		a.Lines = append(a.Lines, "WWW-Authenticate: "+IsomorphicEncode(w.Resolve(challenge)))
	}
	return a
}

// chance is what a client makes up in Digest credentials and what follows from
// that, and the count of its requests, those of no step among them.
var chance = regexp.MustCompile(`\b(cnonce|nc|response)="?[^",]*"?`)

// withoutChance returns the value of an Authorization header as recordings have
// it: with "*" for what is random.
func withoutChance(value string) string {
	if !strings.HasPrefix(value, "Digest ") || !strings.Contains(value, "cnonce=") {
		return value
	}
	return chance.ReplaceAllString(value, `$1="*"`)
}
