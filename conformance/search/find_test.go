package search_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

// difference is a verdict of one difference.
func difference(level conformance.Level, what string) search.Verdict {
	return search.Verdict{Differences: []conformance.Difference{{Step: 1, Level: level, What: what, Got: "a", Want: "b"}}}
}

func TestFind(t *testing.T) {
	hasRange := header(func(name, _ string) bool { return name == "range" })
	isManual := step(func(s *conformance.Step) bool { return s.Redirect == "manual" })
	judge := func(s *conformance.Scenario) (search.Verdict, error) {
		switch {
		case hasRange(s):
			return difference(conformance.LevelWire, fmt.Sprintf("request %d, range", len(s.Steps))), nil
		case isManual(s):
			return difference(conformance.LevelOutcome, "outcome"), nil
		case s.Page.Context == "data":
			return search.Verdict{Skipped: "no frames"}, nil
		}
		return search.Verdict{}, nil
	}
	var ranges, manual, skipped int
	var firstRange, firstManual string
	for s := range search.Generate(5, 300) {
		switch {
		case hasRange(s):
			ranges++
			if firstRange == "" {
				firstRange = s.ID
			}
		case isManual(s):
			manual++
			if firstManual == "" {
				firstManual = s.ID
			}
		case s.Page.Context == "data":
			skipped++
		}
	}
	got, err := search.Find(search.Generate(5, 300), judge, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Disagreed != ranges+manual || got.Skipped != skipped || got.Scenarios != 300-skipped || len(got.Unstable) != 0 {
		t.Errorf("%d of %d disagreed, %d skipped, unstable %v; want %d of %d, %d, none", got.Disagreed, got.Scenarios, got.Skipped, got.Unstable, ranges+manual, 300-skipped, skipped)
	}
	for _, want := range []struct{ id, text string }{
		{firstRange, `{"id": "` + firstRange + `",` + "\n \"steps\": [\n  {\"fetch\": \"A/x\", \"headers\": [\"Range: \"]}]}"},
		{firstManual, `{"id": "` + firstManual + `",` + "\n \"steps\": [\n  {\"fetch\": \"A/x\", \"redirect\": \"manual\"}]}"},
	} {
		i := slices.IndexFunc(got.Found, func(f *search.Finding) bool { return f.Scenario.ID == want.id })
		if i < 0 {
			t.Errorf("%s is not found", want.id)
			continue
		}
		if diff := cmp.Diff(want.text, string(search.Marshal(got.Found[i].Scenario))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.id, diff)
		}
		if len(got.Found[i].From) < 2 || got.Found[i].From[0] != want.id {
			t.Errorf("%s: from %v; want several, itself first", want.id, got.Found[i].From)
		}
	}
}

func TestFindKeepsTheKind(t *testing.T) {
	// Without its header the scenario still differs, in something else.
	judge := func(s *conformance.Scenario) (search.Verdict, error) {
		if header(func(name, _ string) bool { return name == "range" })(s) {
			return difference(conformance.LevelOutcome, "outcome"), nil
		}
		return difference(conformance.LevelWire, "request 1, accept"), nil
	}
	s := parseOne(t, []byte(large))
	got, err := search.Find(slices.Values([]*conformance.Scenario{s}), judge, nil)
	if err != nil || len(got.Found) != 1 {
		t.Fatalf("%v, %v; want one finding", got, err)
	}
	if d := got.Found[0].Differences; len(d) != 1 || d[0].What != "outcome" {
		t.Errorf("shrunk to another disagreement: %v", d)
	}
}

func TestFindUnstable(t *testing.T) {
	calls := 0
	got, err := search.Find(search.Generate(1, 3), func(*conformance.Scenario) (search.Verdict, error) {
		if calls++; calls == 1 {
			return difference(conformance.LevelOutcome, "outcome"), nil
		}
		return search.Verdict{}, nil
	}, nil)
	want := &search.Findings{Scenarios: 3, Unstable: []string{"gen-1-0"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestFindExplained(t *testing.T) {
	calls := 0
	got, err := search.Find(search.Generate(1, 3), func(*conformance.Scenario) (search.Verdict, error) {
		if calls++; calls == 1 {
			return search.Verdict{Explained: "because"}, nil
		}
		return search.Verdict{}, nil
	}, nil)
	want := &search.Findings{Scenarios: 3, Explained: 1}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || calls != 3 {
		t.Errorf("%v, %d calls (-want +got):\n%s", err, calls, diff)
	}
}

func TestFindStops(t *testing.T) {
	broken := errors.New("no browser")
	for _, at := range []int{1, 2, 3, 30} { // in the first run, the second, and while shrinking
		calls := 0
		got, err := search.Find(search.Generate(1, 100), func(s *conformance.Scenario) (search.Verdict, error) {
			if calls++; calls >= at {
				return search.Verdict{}, broken
			}
			return difference(conformance.LevelOutcome, "outcome"), nil
		}, nil)
		if !errors.Is(err, broken) || calls != at {
			t.Errorf("error in call %d: %v after %d calls", at, err, calls)
		}
		if at > 2 && (len(got.Found) == 0 || len(got.Found[0].Differences) != 1) {
			t.Errorf("error in call %d: what was found until then is lost", at)
		}
	}
}

func TestFindProgress(t *testing.T) {
	var runs, shrinks int
	_, err := search.Find(search.Generate(1, 4), func(s *conformance.Scenario) (search.Verdict, error) {
		if s.ID == "gen-1-2" {
			return difference(conformance.LevelWire, "request 1, x"), nil
		}
		return search.Verdict{}, nil
	}, func(_ *conformance.Scenario, isShrinking bool) {
		if isShrinking {
			shrinks++
		} else {
			runs++
		}
	})
	if err != nil || runs != 4 || shrinks == 0 {
		t.Errorf("%v, %d runs, %d attempts to shrink; want none, 4 and some", err, runs, shrinks)
	}
}
