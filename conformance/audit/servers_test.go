package audit_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A stub is a server that a test spells out.
type stub struct {
	trusts    func(origin string) bool // nil is app alone
	get       string                   // lines of the answer to a GET, for who is trusted
	preflight string                   // likewise, to a preflight
	status    int                      // of a preflight; 0 is 204
	allow     string                   // the methods that there are; "" is "GET, HEAD"
	user      string                   // "cookie" or "token": how the user is known; "" is not
	body      string                   // "" is JSON

	// answers, if it returns a status, is instead of all that.
	answers func(r *http.Request, h http.Header) int
}

// named is the header that names who asks.
const named = "Access-Control-Allow-Origin: {origin}\n"

// withCookies is named, and leave for credentials.
const withCookies = named + "Access-Control-Allow-Credentials: true\n"

func (s stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if s.answers != nil {
		if status := s.answers(r, h); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	isPreflight := r.Method == http.MethodOptions && r.Header["Access-Control-Request-Method"] != nil
	o := r.Header.Get("Origin")
	if s.trusts == nil && o == app || s.trusts != nil && s.trusts(o) {
		lines := s.get
		if isPreflight {
			lines = s.preflight
		}
		setLines(h, r, lines)
	}
	allow := s.allow
	if allow == "" {
		allow = "GET, HEAD"
	}
	switch _, err := r.Cookie("sid"); {
	case isPreflight && s.status != 0:
		w.WriteHeader(s.status)
	case isPreflight:
		w.WriteHeader(http.StatusNoContent)
	case !slices.Contains(strings.Split(allow, ", "), r.Method):
		h.Set("Allow", allow)
		w.WriteHeader(http.StatusMethodNotAllowed)
	case s.user == "cookie" && err != nil:
		w.WriteHeader(http.StatusUnauthorized)
	case s.user == "token" && r.Header.Get("Authorization") != "Bearer t-1":
		h.Set("WWW-Authenticate", "Bearer")
		w.WriteHeader(http.StatusUnauthorized)
	default:
		h.Set("Content-Type", "application/json")
		if s.body == "" {
			s.body = `{"orders":[7]}`
		}
		_, _ = io.WriteString(w, s.body) // whoever hangs up has what he wanted
	}
}

// setLines sets headers, one a line, in which {origin}, {method} and {headers} are
// what the request says.
func setLines(h http.Header, r *http.Request, lines string) {
	lines = strings.NewReplacer(
		"{origin}", r.Header.Get("Origin"),
		"{method}", r.Header.Get("Access-Control-Request-Method"),
		"{METHOD}", strings.ToUpper(r.Header.Get("Access-Control-Request-Method")),
		"{headers}", strings.Join(r.Header["Access-Control-Request-Headers"], ","),
	).Replace(lines)
	for line := range strings.Lines(lines) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		h.Add(name, value)
	}
}

// asked is how a stub is audited.
type asked struct {
	nobody bool // is named as trusted
	known  bool // the user has a cookie
	header http.Header
	writes bool
}

// audited are the findings of a stub, as short tells them, of the ids from first
// to last.
func audited(t *testing.T, h http.Handler, a asked, first, last string) ([]string, []audit.Finding) {
	t.Helper()
	s := policy.Subject{
		Web:     fetchtest.New(fetchtest.Servers{api: h}),
		Request: fetchtest.Request{URL: api + "/orders", Header: a.header},
		Trusted: []string{app},
	}
	defer s.Web.Close()
	if a.nobody {
		s.Trusted = nil
	}
	if a.known {
		s.Login = func(w *fetchtest.Web) { w.SetCookie(api, "sid=s-1; Secure; SameSite=None") }
	}
	return short(run(t, s, audit.Options{Writes: a.writes}), first, last)
}

// short are the findings of a report of the ids from first to last, as "F23 broken
// proven", and themselves.
func short(report *audit.Report, first, last string) ([]string, []audit.Finding) {
	var lines []string
	var found []audit.Finding
	for _, f := range report.Findings {
		if f.ID >= first && f.ID <= last {
			lines, found = append(lines, strings.Join([]string{f.ID, string(f.Severity), string(f.Confidence)}, " ")), append(found, f)
		}
	}
	slices.Sort(lines)
	return lines, found
}

// token is the header of who has one.
var token = http.Header{"Authorization": {"Bearer t-1"}}
