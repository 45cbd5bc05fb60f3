package conformance

import (
	"context"
	"testing"
)

// Run runs each scenario as a subtest named by its id, and fails those in
// which the client differs from what it should do, unless opts.Known says so;
// it fails for what is known and is not so, too.
func Run(t *testing.T, scenarios []*Scenario, newClient NewClient, opts Options) {
	t.Helper()
	r, close, err := newRunner(newClient, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer close()
	run := make(map[string]bool)
	for i, s := range scenarios {
		run[s.ID] = true
		if opts.Progress != nil {
			opts.Progress(i, len(scenarios), s)
		}
		t.Run(s.ID, func(t *testing.T) { r.test(t, s) })
	}
	for _, id := range sortedKeys(opts.Known) {
		if !run[id] {
			t.Errorf("known to differ in %q, which is no scenario", id)
		}
	}
}

func (r *runner) test(t *testing.T, s *Scenario) {
	t.Helper()
	v := r.judge(context.Background(), s)
	if v.first != nil {
		t.Logf("%s:%d: differed, and when run again did not: %v", s.File, s.Line, v.first)
	}
	reason, isKnown := r.opts.Known[s.ID]
	switch {
	case v.kind == skipped:
		t.Skip(v.why)
	case v.kind == disagrees:
		t.Errorf("%s:%d: %v", s.File, s.Line, &v.Disagreement)
	case v.kind == explained:
		t.Logf("known to differ: %s", reason)
	case isKnown:
		t.Errorf("%s:%d: known to differ (%s), and does not", s.File, s.Line, reason)
	}
}
