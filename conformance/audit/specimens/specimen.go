package specimens

import (
	"net/http"
	"slices"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A Specimen is a finding's server, and its repaired twin.
type Specimen struct {
	ID      string      // of the finding: "F01"
	Mistake string      // what the faulty server does, in a sentence
	URL     string      // of the resource
	Moved   string      // its URL at the repaired server, if that is another
	Trusted []string    // the origins that the owner means; none leaves it to the audit to find them
	Cookies []string    // that the user has there, as Set-Cookie has them
	Header  http.Header // that the scripts of trusted pages set
	Options audit.Options

	Faulty, Repaired func() fetchtest.Servers
}

// Subject is the resource at one of the two servers.
func (s *Specimen) Subject(servers fetchtest.Servers) policy.Subject {
	url := s.URL
	if servers[originOf(url)] == nil {
		url = s.Moved
	}
	return policy.Subject{
		Web:     fetchtest.New(servers),
		Request: fetchtest.Request{URL: url, Header: s.Header},
		Trusted: s.Trusted,
		Login: func(w *fetchtest.Web) {
			if len(s.Cookies) > 0 {
				w.SetCookie(url, s.Cookies...)
			}
		},
	}
}

// All returns all specimens, in the order of the ids.
func All() []Specimen {
	return slices.Concat(trust, credentials, writes, preflights, cache, acao, redirects, shape, use)
}
