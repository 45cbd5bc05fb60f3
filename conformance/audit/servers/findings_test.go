package servers

import (
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// TestFindings audits all sites, and holds the findings against the list of each,
// and what is known of the servers against both.
func TestFindings(t *testing.T) {
	w := start(t)
	reports := w.audit(t, w.web(t))
	for i := range w.sites {
		s := &w.sites[i]
		ids := idsOf(reports[i])
		if got := strings.Join(ids, " "); got != s.want {
			t.Errorf("%s: findings %q; want %q", s.host(), got, s.want)
			for _, f := range reports[i].Findings {
				if !strings.Contains(s.want, f.ID) {
					t.Logf("%s", &f)
				}
			}
		}
		for _, d := range s.defects {
			switch {
			case (d.id == "") != (d.why != ""):
				t.Errorf("%s: %s: either a finding tells it, or there is a reason", s.host(), d.what)
			case d.id != "" && !slices.Contains(ids, d.id):
				t.Errorf("%s: %s: not found as %s", s.host(), d.what, d.id)
			}
		}
	}
	golden(t, "../SERVERS.md", page(t, w, reports))
}

// audit audits all sites.
func (w *world) audit(t *testing.T, web *fetchtest.Web) []*audit.Report {
	t.Helper()
	reports := make([]*audit.Report, len(w.sites))
	for i := range w.sites {
		s := &w.sites[i]
		var err error
		if reports[i], err = audit.Run(t.Context(), s.subject(web), audit.Options{Writes: s.writes}); err != nil {
			t.Fatalf("%s: %v", s.host(), err)
		}
	}
	return reports
}

// idsOf are the ids of a report's findings, sorted, each once.
func idsOf(rep *audit.Report) []string {
	var ids []string
	for i := range rep.Findings {
		ids = append(ids, rep.Findings[i].ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
