package scanners

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/audit/specimens"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A result is what a tool said of a specimen's two servers.
type result struct {
	faulty, repaired []hit // reported there and not of the other
	both             []hit
	requests         [2]int // sent to each server
}

// An outcome is a result in a word.
type outcome string

const (
	found   outcome = "found"   // it says of the faulty server alone what can mean the finding
	another outcome = "another" // it says of the faulty server alone what means something else
	theSame outcome = "same"    // it says the same of both
	silent  outcome = ""
)

// newResult compares what was said of the two servers.
func newResult(faulty, repaired []hit) result {
	var r result
	for _, h := range faulty {
		if slices.Contains(repaired, h) {
			r.both = append(r.both, h)
		} else {
			r.faulty = append(r.faulty, h)
		}
	}
	for _, h := range repaired {
		if !slices.Contains(faulty, h) {
			r.repaired = append(r.repaired, h)
		}
	}
	return r
}

// outcome is how the tool did with the finding of that id.
func (r *result) outcome(id string) outcome {
	switch {
	case slices.ContainsFunc(r.faulty, func(h hit) bool { return slices.Contains(strings.Fields(h.Means), id) }):
		return found
	case r.faulty != nil:
		return another
	case r.both != nil:
		return theSame
	default:
		return silent
	}
}

// try runs the tool against both servers of a specimen, as its user. Probes are
// made of model.
func (s *scanner) try(t *testing.T, spec *specimens.Specimen, model string) result {
	t.Helper()
	at, err := newTarget(spec.URL, model)
	if err != nil {
		t.Fatal(err)
	}
	return compare(spec, func(subject policy.Subject) ([]hit, int) {
		u := &user{base: subject.Web.Browser.Base, host: at.url.Host, cookies: cookieHeader(spec.Cookies)}
		return s.scan(t.Context(), u, at), u.sent
	})
}

// tryAudit runs the audit against both servers.
func tryAudit(t *testing.T, spec *specimens.Specimen) result {
	t.Helper()
	return compare(spec, func(subject policy.Subject) (hits []hit, sent int) {
		report, err := audit.Run(t.Context(), subject, spec.Options)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Findings {
			hits = append(hits, hit{Check: f.ID, Origin: f.Page, Severity: string(f.Severity), Means: f.ID})
		}
		return hits, report.Requests
	})
}

// compare holds what is said of a specimen's two servers against each other.
func compare(spec *specimens.Specimen, say func(policy.Subject) (hits []hit, sent int)) result {
	ask := func(servers fetchtest.Servers) ([]hit, int) {
		subject := spec.Subject(servers)
		defer subject.Web.Close()
		return say(subject)
	}
	faulty, sentFaulty := ask(spec.Faulty())
	repaired, sentRepaired := ask(spec.Repaired())
	r := newResult(faulty, repaired)
	r.requests = [...]int{sentFaulty, sentRepaired}
	return r
}

// A user sends what somebody who is logged in sends, which all tools can.
type user struct {
	base    http.RoundTripper
	host    string
	cookies string
	sent    int
}

func (u *user) RoundTrip(r *http.Request) (*http.Response, error) {
	u.sent++
	if u.cookies != "" && r.URL.Host == u.host {
		r.Header.Set("Cookie", u.cookies)
	}
	return u.base.RoundTrip(r)
}

// cookieHeader is Cookie of who has been sent those lines of Set-Cookie.
func cookieHeader(lines []string) string {
	pairs := make([]string, len(lines))
	for i, line := range lines {
		pairs[i], _, _ = strings.Cut(line, ";")
	}
	return strings.Join(pairs, "; ")
}

// TestOutcome: what was said of the two servers, in a word.
func TestOutcome(t *testing.T) {
	null := hit{Check: "null", Origin: "null", Severity: "high", Means: "F03 F04"}
	milder := null
	milder.Severity = "low"
	note := hit{Check: "there is CORS", Severity: "info"}
	for _, tt := range []struct {
		rule             string
		faulty, repaired []hit
		want             outcome
		wantAlarm        bool
	}{
		{"nothing is nothing", nil, nil, silent, false},
		{"a report that can mean it", []hit{null}, nil, found, false},
		{"and what is said of both does not matter", []hit{note, null}, []hit{note}, found, false},
		{"it is worse than the twin", []hit{null}, []hit{milder}, found, true},
		{"a report that means something else", []hit{note}, nil, another, false},
		{"of both the same", []hit{null}, []hit{null}, theSame, false},
		{"of the twin alone", nil, []hit{null}, silent, true},
		{"of each something else", []hit{note}, []hit{null}, another, true},
	} {
		r := newResult(tt.faulty, tt.repaired)
		if got := r.outcome("F03"); got != tt.want || (r.repaired != nil) != tt.wantAlarm {
			t.Errorf("%s: got %q, alarm %v; want %q, %v", tt.rule, got, r.repaired != nil, tt.want, tt.wantAlarm)
		}
	}
}
