package audit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A Row says what one page may do with the resource. Writing is what needs a
// preflight: a request with a body that is JSON, by POST or, if that is refused,
// by PUT. What needs none is sent by any page, and no policy prevents it.
type Row struct {
	Page                 string   `json:"page"` // its origin
	Who                  string   `json:"who"`  // what it has to do with the resource
	Read                 Decision `json:"read"`
	ReadWithCredentials  Decision `json:"readWithCredentials"`
	Write                Decision `json:"write"`
	WriteWithCredentials Decision `json:"writeWithCredentials"`

	// Notes are where browsers decide otherwise than the one that was asked.
	Notes []string `json:"notes,omitempty"`
}

// A Decision is whether a page may do something.
type Decision struct {
	Allowed bool         `json:"allowed"`
	Status  int          `json:"status,omitempty"` // of what was read
	Reason  fetch.Reason `json:"reason,omitempty"` // why not
	Stage   fetch.Stage  `json:"stage,omitempty"`
}

// String is the decision in a few words.
func (d Decision) String() string {
	switch {
	case d.Allowed && d.Status >= 400:
		return fmt.Sprintf("yes, an error (%d)", d.Status)
	case d.Allowed:
		return "yes"
	case d.Reason != "":
		return "no: " + string(d.Reason)
	}
	return "no answer"
}

// decisions are those of a row, with what each is about.
func (r *Row) decisions() []struct {
	what string
	*Decision
} {
	return []struct {
		what string
		*Decision
	}{
		{"read", &r.Read}, {"read with credentials", &r.ReadWithCredentials},
		{"write", &r.Write}, {"write with credentials", &r.WriteWithCredentials},
	}
}

// rows are the verdicts on the pages that matter: the trusted ones, one of each
// kind that hardly should be, and one of each other kind that reads.
func (p *prober) rows() []Row {
	rows := []Row{p.row(p.origin, "its own origin")}
	for _, page := range p.trusted {
		rows = append(rows, p.row(page, "trusted"))
	}
	isOpen := p.readByAnyone(fetch.CredentialsOmit)
	for _, kind := range kinds {
		if page := p.example(kind.class, isOpen); page != "" && (kind.isAlways || !isOpen && canRead(p.lastRead(page))) {
			rows = append(rows, p.row(page, kind.who))
		}
	}
	for _, profile := range []*fetch.Profile{fetch.Standard(), fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
		p.compare(rows, profile)
	}
	return rows
}

// kinds are the pages that nobody has to trust, with what rows call them.
var kinds = []struct {
	class    policy.Class
	who      string
	isAlways bool // also if it reads nothing
}{
	{policy.Stranger, "any web site", true},
	{policy.Null, "a sandboxed frame, of any web site", true},
	{policy.Insecure, "the same without TLS", true},
	{policy.Subdomain, "any subdomain", true},
	{policy.Port, "any port", false},
	{policy.Suffix, "a name that ends alike", false},
	{policy.Prefix, "a name that begins alike", false},
	{policy.Substring, "a name with a trusted one in it", false},
	{policy.Dot, "a name with a letter for a dot", false},
	{policy.Charset, "a name with signs in it", false},
	{policy.PublicSuffix, "a name below the same suffix", false},
	{policy.Loopback, "the user's own machine or network", false},
	{policy.LoopbackLookalike, "a name like that of the user's machine", false},
	{policy.SharedHost, "an account at a shared host", false},
	{policy.Pairwise, "a name made of two trusted ones", false},
}

// example is the first page of a class that reads, or else the first; "" if there
// is none. Where all read, it is the first.
func (p *prober) example(class policy.Class, isOpen bool) string {
	first := ""
	for found, page := range p.adversaries() {
		if found != class {
			continue
		}
		if isOpen || canRead(p.lastRead(page)) {
			return page
		}
		if first == "" {
			first = page
		}
	}
	return first
}

// lastRead is what a page gets in the end.
func (p *prober) lastRead(page string) *fetchtest.Result {
	_, got := p.read(page)
	return got
}

// row is the verdict on one page.
func (p *prober) row(page, who string) Row {
	return Row{
		Page: page, Who: who,
		Read: p.mayRead(page, fetch.CredentialsOmit), ReadWithCredentials: p.mayRead(page, fetch.CredentialsInclude),
		Write: p.mayWrite(page, fetch.CredentialsOmit), WriteWithCredentials: p.mayWrite(page, fetch.CredentialsInclude),
	}
}

// compare notes where a browser decides otherwise.
func (p *prober) compare(rows []Row, profile *fetch.Profile) {
	if asked := p.web.Browser.Profile; asked != nil && asked.Name == profile.Name || asked == nil && profile.Name == fetch.Standard().Name {
		return
	}
	other := p.under(profile)
	defer other.web.Close()
	for i := range rows {
		theirs := other.row(rows[i].Page, rows[i].Who)
		if note := rows[i].unlike(&theirs); note != "" {
			rows[i].Notes = append(rows[i].Notes, profile.Name+": "+note)
		}
	}
}

// unlike is what another row decides otherwise; "" is nothing.
func (r *Row) unlike(other *Row) string {
	var parts []string
	same := true
	theirs := other.decisions()
	for i, d := range r.decisions() {
		if d.Allowed != theirs[i].Allowed {
			parts = append(parts, fmt.Sprintf("%s: %v", d.what, theirs[i].Decision))
		}
		same = same && *theirs[i].Decision == *theirs[0].Decision
	}
	if same && len(parts) == len(theirs) {
		return theirs[0].String()
	}
	return strings.Join(parts, "; ")
}

// mayRead is whether a page reads the resource.
func (p *prober) mayRead(page string, mode fetch.CredentialsMode) Decision {
	got := p.get(page, mode)
	return Decision{Allowed: canRead(got), Status: got.Response.Status, Reason: got.Reason, Stage: got.Stage}
}

// mayWrite is whether a page may send the resource what needs a preflight.
func (p *prober) mayWrite(page string, mode fetch.CredentialsMode) Decision {
	var pf preflight
	for _, method := range []string{http.MethodPost, http.MethodPut} {
		if pf = p.preflight(page, p.writing(page, method, mode)); pf.Passed {
			return Decision{Allowed: true}
		}
	}
	return Decision{Reason: pf.Reason, Stage: pf.Stage}
}

// writing is a request of a page whose body is JSON.
func (p *prober) writing(page, method string, mode fetch.CredentialsMode) fetchtest.Request {
	r := asking(method, mode, "Content-Type: application/json")
	for name, values := range p.headersOf(page) {
		if name != "Content-Type" {
			r.Header[name] = values
		}
	}
	return r
}

// policy is the policy in a few words, by who may read.
func (p *prober) policy() string {
	stranger := p.get(p.stranger(), fetch.CredentialsOmit)
	x := final(stranger)
	anyone, anyoneAsUser := canRead(stranger), p.readByAnyone(fetch.CredentialsInclude)
	var values []string
	if x != nil {
		values = allowOrigin(x.ResponseHeader)
	}
	switch {
	case anyoneAsUser:
		return "any page reads, with credentials"
	case anyone && len(values) == 1 && values[0] == "*":
		return "any page reads, without credentials (*)"
	case anyone:
		return "any page reads, without credentials"
	}
	var readers []string
	for _, page := range p.trusted {
		if mode, got := p.read(page); canRead(got) {
			if mode == fetch.CredentialsInclude {
				page += " with credentials"
			}
			readers = append(readers, page)
		}
	}
	if len(readers) == 0 {
		return "no page of another origin was seen to read"
	}
	return "read by " + strings.Join(readers, ", ")
}
