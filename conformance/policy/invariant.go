package policy

import (
	"cmp"
	"fmt"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// An Invariant is a sentence about a policy that holds for all pages.
type Invariant struct {
	name   string
	verify func(*Subject) *Violation
}

// String is the invariant's name.
func (i Invariant) String() string { return i.name }

// A Violation is a fetch for which an invariant does not hold.
type Violation struct {
	Invariant string
	Why       string            // what is wrong with it, in a sentence
	Page      string            // the page's origin
	Request   fetchtest.Request // that it makes
	Result    fetchtest.Result
}

// String is the violation, in a line, and then what came of the fetch.
func (v *Violation) String() string {
	credentials := v.Request.Credentials
	if credentials == "" {
		credentials = fetch.CredentialsSameOrigin
	}
	return fmt.Sprintf("%s: %s\n%s %s from %s, credentials %s:\n%v", v.Invariant, v.Why,
		cmp.Or(v.Request.Method, "GET"), v.Request.URL, v.Page, credentials, v.Result)
}

// Verify returns a violation for each of the invariants that does not hold. Of a
// resource that does not answer none does.
func Verify(s Subject, invariants ...Invariant) []*Violation {
	var all []*Violation
	for _, i := range invariants {
		v := i.verify(&s)
		if v == nil {
			v = s.unanswered()
		}
		if v != nil {
			v.Invariant = i.name
			all = append(all, v)
		}
	}
	return all
}

// unanswered is what is wrong with a resource that does not even answer a page of
// its own origin; nil if it does.
func (s *Subject) unanswered() *Violation {
	got := s.fetch(s.origin(), s.Request)
	if got.Verdict != fetchtest.Failed && len(got.Wire) > 0 {
		return nil
	}
	return &Violation{Why: "there is no answer to ask about", Page: s.origin(), Request: s.Request, Result: got}
}

// Check fails t for each of the invariants that does not hold.
func Check(t testing.TB, s Subject, invariants ...Invariant) {
	t.Helper()
	for _, v := range Verify(s, invariants...) {
		t.Errorf("%v", v)
	}
}
