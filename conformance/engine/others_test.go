package engine_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
)

const othersTitle = "What no profile says"

// ofEngine are the reasons that are about the engine, and not about a browser.
var ofEngine = regexp.MustCompile(`^(net/http|content codings) `)

// An other is a difference that no field of a profile explains.
type other struct {
	anchor, title string
	by            []bool // the browsers that it is of
	scenarios     []*conformance.Scenario
	at            map[string][]place // by scenario
}

// unprofiled are the differences between browsers, or of one from the
// expectations, that no field explains: what is known of the engine, and what it
// does not run.
func (d *document) unprofiled(t *testing.T) []*other {
	t.Helper()
	var all []*other
	for _, s := range d.scenarios {
		o := &other{anchor: "other-" + s.ID, by: make([]bool, len(profiles)), scenarios: []*conformance.Scenario{s}, at: make(map[string][]place)}
		var reasons []string
		for i, p := range profiles {
			var at []place
			reason := engine.Known(p.name)[s.ID]
			switch {
			case reason != "" && !ofEngine.MatchString(reason):
				at = d.unlike(t, i, s)
			case d.skips[s.ID] != "":
				at, reason = d.unmet(i, s), strings.TrimSuffix(s.Note, ".")
			}
			if len(at) > 0 {
				o.by[i] = true
				o.at[s.ID] = append(o.at[s.ID], at...)
				reasons = append(reasons, reason)
			}
		}
		if len(reasons) == 0 {
			continue
		}
		slices.Sort(reasons)
		o.title = capital(strings.Join(slices.Compact(reasons), "; "))
		if i := slices.IndexFunc(all, func(other *other) bool { return other.title == o.title }); i >= 0 {
			all[i].add(o)
		} else {
			all = append(all, o)
		}
	}
	return all
}

// add adds the scenario of one with the same title.
func (o *other) add(more *other) {
	for i, does := range more.by {
		o.by[i] = o.by[i] || does
	}
	o.scenarios = append(o.scenarios, more.scenarios...)
	maps.Copy(o.at, more.at)
}

// unmet are where a browser does not do what a scenario expects.
func (d *document) unmet(browser int, s *conformance.Scenario) []place {
	r := d.results[browser][s.ID]
	if r == nil {
		return nil
	}
	var at []place
	for n := range r.Steps {
		for _, x := range r.Steps[n].Meets(&s.Steps[n]) {
			p := place{n + 1, ""}
			if ofRequest.MatchString(x.What) || x.Level == conformance.LevelVisible {
				p.what = strings.ToLower(x.What)
			}
			at = append(at, p)
		}
	}
	return at
}

// unlike are where a browser does neither what the engine makes of its profile
// nor what the standard's profile does.
func (d *document) unlike(t *testing.T, browser int, s *conformance.Scenario) []place {
	t.Helper()
	report := check(t, []*conformance.Scenario{s}, engine.New(profiles[browser].new()), conformance.Options{Against: d.recordings[browser]})
	var at []place
	for i := range report.Disagree {
		for _, x := range report.Disagree[i].Differences {
			p := placeOf(x)
			if has := d.at(s, p); !machines.MatchString(p.what) && has[1+browser] != has[0] {
				at = append(at, p)
			}
		}
	}
	return at
}

// others writes what no profile says.
func (d *document) others(all []*other) {
	if len(all) == 0 {
		return
	}
	d.printf("## <a id=\"others\"></a>%s\n\n", othersTitle)
	d.printf("Differences that were recorded, and that the engine does not follow, as [known.go](engine/known.go) says, or cannot run. " +
		"The heading of one that it cannot run is the scenario's note: what the standard says.\n\n")
	for _, o := range all {
		d.printf("### <a id=%q></a>%s\n\n", o.anchor, markdown(o.title))
		for _, s := range o.scenarios {
			d.example(s, o.at[s.ID])
		}
	}
}
