package servers

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

const (
	app      = "https://app.example"      // who is meant to read
	stranger = "https://stranger.example" // who is not
)

// A site is a server with a configuration, at an origin of its own.
type site struct {
	server string // "rs/cors"
	config string // "production"
	about  string // the configuration, in a line

	// handler is what serves the site; nil for a server that is a program.
	handler func() http.Handler

	// serve serves the site instead, for what is no http.Handler.
	serve server

	// public is whether the resource is /products, which nobody logs in for and
	// nobody in particular is trusted with. Else it is /orders/1, or path, and the
	// page app is.
	public  bool
	path    string
	trusted []string // besides
	header  string   // that pages ask with, as "Name: value"
	writes  bool     // the audit may send requests that change something

	// pages are origins that fetch in TestChromium, besides those that always do.
	pages []string

	// turns is why the site answers the same request differently by turns; such
	// answers cannot be compared.
	turns string

	want    string // the ids of the findings, sorted
	defects []defect
}

// A defect is something that is known of a server.
type defect struct {
	what string
	id   string // of the finding that tells it; "" if none does
	why  string // none does
}

// origin is where the site is.
func (s *site) origin() string { return "https://" + s.host() }

func (s *site) host() string {
	label := func(name string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return '-'
		}, strings.ToLower(strings.TrimPrefix(name, "@")))
	}
	return label(s.config) + "." + label(s.server) + ".example"
}

// resource is the URL that is audited.
func (s *site) resource() string {
	if s.public {
		return s.origin() + "/products"
	}
	return s.origin() + cmp.Or(s.path, "/orders/1")
}

// meant are the pages that are meant to read the resource.
func (s *site) meant() []string {
	if s.public {
		return s.trusted
	}
	return append([]string{app}, s.trusted...)
}

// sites are all of them.
func sites() []site {
	return slices.Concat(rsSites(), ginSites(), chiSites(), echo4Sites(), echo5Sites(), fiberSites(), gorillaSites(), netHTTPSites(),
		expressSites(), fastifySites(), nginxSites(), caddySites())
}
