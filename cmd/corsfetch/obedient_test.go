package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// obedientServer starts a server that answers as the one that r tells of did,
// but for what r's advice says, and returns its URL. Whatever needs no advice
// for the preflight is taken over from the preflight that came, and the answer
// after a preflight allows the same origin as that.
func obedientServer(t *testing.T, r report) string {
	t.Helper()
	advised := make(http.Header)
	for _, line := range r.Advice.Headers {
		name, value, _ := strings.Cut(line, ": ")
		advised.Add(name, value)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range r.Exchanges[0].Response {
			if strings.HasPrefix(name, "Access-Control-") {
				w.Header()[name] = values
			}
		}
		for name, values := range advised {
			w.Header()[name] = values
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
