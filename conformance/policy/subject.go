package policy

import (
	"net/http"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// A Subject is a resource whose policy is verified.
type Subject struct {
	Web *fetchtest.Web

	// Request is how the resource is asked for; Request.Credentials is not used:
	// invariants ask with credentials and without.
	Request fetchtest.Request

	// Trusted are the origins of the pages that are meant to read the resource,
	// besides those of its own origin.
	Trusted []string

	// Login, if not nil, does in each new browser what the user has done before:
	// visits, or cookies that are there.
	Login func(*fetchtest.Web)
}

// web is a new browser in which the user has logged in.
func (s *Subject) web() *fetchtest.Web {
	w := s.Web.Fresh()
	if s.Login != nil {
		s.Login(w)
	}
	return w
}

// fetch fetches r from a page, in a new browser.
func (s *Subject) fetch(page string, r fetchtest.Request) fetchtest.Result {
	return s.web().Page(page).Fetch(r)
}

// credentialsModes are those that matter to a page of another origin.
var credentialsModes = [...]fetch.CredentialsMode{fetch.CredentialsOmit, fetch.CredentialsInclude}

// read fetches the resource from a page with credentials and without, and returns
// the first result that the page may read, or else the last.
func (s *Subject) read(page string) (fetchtest.Request, fetchtest.Result) {
	r := s.Request
	var got fetchtest.Result
	for _, mode := range credentialsModes {
		r.Credentials = mode
		if got = s.fetch(page, r); reads(&got) {
			break
		}
	}
	return r, got
}

// reads reports whether the page could read the response.
func reads(got *fetchtest.Result) bool {
	return got.Verdict == fetchtest.Allowed && (got.Response.Type == fetch.TypeCORS || got.Response.Type == fetch.TypeBasic)
}

// origin is the resource's; "" if its URL is none.
func (s *Subject) origin() string {
	u, err := weburl.Parse(s.Request.URL, nil)
	if err != nil {
		return ""
	}
	return origin.FromURL(u).String()
}

// at returns the request for another URL, relative to the resource's.
func (s *Subject) at(url string) (fetchtest.Request, error) {
	r := s.Request
	base, err := weburl.Parse(s.Request.URL, nil)
	if err != nil {
		return r, err
	}
	u, err := weburl.Parse(url, base)
	if err != nil {
		return r, err
	}
	r.URL = u.String()
	return r, nil
}

// with returns r with one more header.
func with(r fetchtest.Request, name, value string) fetchtest.Request {
	h := r.Header.Clone()
	if h == nil {
		h = make(http.Header)
	}
	h.Set(name, value)
	r.Header = h
	return r
}
