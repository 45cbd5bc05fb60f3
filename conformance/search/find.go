package search

import (
	"iter"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// A Verdict is how two clients did with one scenario.
type Verdict struct {
	Differences []conformance.Difference // but for those that are explained
	Skipped     string                   // why it could not be held against each other; "" if it was
	Explained   string                   // why there is some difference besides; "" if there is none
}

// A Judge runs a scenario in two clients.
type Judge func(*conformance.Scenario) (Verdict, error)

// A Finding is a disagreement, cut down.
type Finding struct {
	Scenario    *conformance.Scenario // shrunk; its id is the first of From
	From        []string              // ids of the scenarios that shrink to it
	Differences []conformance.Difference
}

// Findings are what a search has found.
type Findings struct {
	Scenarios int      // that were run
	Disagreed int      // of these, at first
	Explained int      // of these: disagreed, for known reasons alone
	Skipped   int      // besides Scenarios
	Unstable  []string // ids of those that disagreed once and not again
	Found     []*Finding
}

// Find holds scenarios against two clients and cuts down each disagreement. It
// stops early if judge returns an error, and returns what it has found until
// then. progress, if not nil, is called before each scenario, and before each
// attempt to shrink it.
func Find(scenarios iter.Seq[*conformance.Scenario], judge Judge, progress func(s *conformance.Scenario, isShrinking bool)) (*Findings, error) {
	f := &finder{judge: judge, progress: progress, all: new(Findings), byText: make(map[string]*Finding)}
	if progress == nil {
		f.progress = func(*conformance.Scenario, bool) {}
	}
	for s := range scenarios {
		if f.look(s); f.err != nil {
			break
		}
	}
	return f.all, f.err
}

// A finder is a search under way.
type finder struct {
	judge    Judge
	progress func(*conformance.Scenario, bool)
	all      *Findings
	byText   map[string]*Finding
	err      error // the judge's
}

// look runs one scenario.
func (f *finder) look(s *conformance.Scenario) {
	f.progress(s, false)
	first := f.run(s)
	switch {
	case f.err != nil:
		return
	case first.Skipped != "":
		f.all.Skipped++
		return
	}
	f.all.Scenarios++
	if len(first.Differences) == 0 {
		if first.Explained != "" {
			f.all.Explained++
		}
		return
	}
	kind := kindOf(first.Differences)
	fails := func(c *conformance.Scenario) bool {
		f.progress(c, true)
		v := f.run(c)
		return len(v.Differences) > 0 && kindOf(v.Differences) == kind
	}
	if !fails(s) {
		if f.err == nil {
			f.all.Unstable = append(f.all.Unstable, s.ID)
		}
		return
	}
	f.all.Disagreed++
	f.add(Shrink(s, fails), first)
}

// add keeps a shrunk scenario, unless there is one like it.
func (f *finder) add(s *conformance.Scenario, first Verdict) {
	nameless := Clone(s)
	nameless.ID = "x"
	text := string(Marshal(nameless))
	if same := f.byText[text]; same != nil {
		same.From = append(same.From, s.ID)
		return
	}
	found := &Finding{Scenario: s, From: []string{s.ID}, Differences: f.run(s).Differences}
	if f.err != nil || len(found.Differences) == 0 {
		found.Differences = first.Differences
	}
	f.byText[text] = found
	f.all.Found = append(f.all.Found, found)
}

// run judges a scenario. After an error nothing disagrees any more.
func (f *finder) run(s *conformance.Scenario) Verdict {
	if f.err != nil {
		return Verdict{}
	}
	v, err := f.judge(s)
	if err != nil {
		f.err = err
		return Verdict{}
	}
	return v
}

// kindOf is what a disagreement is about: the worst of the differences. While a
// scenario shrinks, requests and steps get other numbers.
func kindOf(all []conformance.Difference) string {
	worst := slices.MinFunc(all, func(a, b conformance.Difference) int { return int(a.Level) - int(b.Level) })
	what := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, worst.What)
	return worst.Level.String() + " " + what
}
