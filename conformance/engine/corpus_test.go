package engine_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/corpus"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/fetch"
)

// loaded is what corpus.Scenarios returns. No test changes it.
var loaded = sync.OnceValues(corpus.Scenarios)

func corpusScenarios(t *testing.T) []*conformance.Scenario {
	t.Helper()
	scenarios, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(scenarios)
}

// TestCorpus holds each profile against what that browser did with the corpus,
// and the standard's against the expectations.
func TestCorpus(t *testing.T) {
	scenarios := corpusScenarios(t)
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			recording := p.recording(t)
			report := judgeCorpus(t, scenarios, p.new(), recording)
			judgeConsole(t, report.Recorded, recording, knownConsole[p.name])
		})
	}
	t.Run("standard", func(t *testing.T) {
		t.Parallel()
		judgeCorpus(t, scenarios, fetch.Standard(), nil)
	})
}

// judgeCorpus is judge with what is known of the corpus, which must not be more
// than one scenario in a hundred.
func judgeCorpus(t *testing.T, scenarios []*conformance.Scenario, profile *fetch.Profile, against *conformance.Recording) *conformance.Report {
	t.Helper()
	report := judge(t, scenarios, profile, against, engine.Known(profile.Name))
	if report.Explained*100 > report.Scenarios {
		t.Errorf("%d of %d scenarios are known to differ; want no more than 1%%", report.Explained, report.Scenarios)
	}
	return report
}
