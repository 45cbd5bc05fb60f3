package search_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

// parseOne reads what Marshal wrote.
func parseOne(t *testing.T, written []byte) *conformance.Scenario {
	t.Helper()
	all, err := conformance.Parse("one.json", append(append([]byte("["), written...), ']'))
	if err != nil {
		t.Fatalf("%v\n%s", err, written)
	}
	got := all[0]
	got.File, got.Line = "", 0
	return got
}

func TestGenerateIsValid(t *testing.T) {
	n := 5000
	if raceEnabled {
		n = 500 // the race detector finds nothing here, and takes its time
	}
	for seed := range uint64(4) {
		for s := range search.Generate(seed, n) {
			written := search.Marshal(s)
			got := parseOne(t, written)
			if again := search.Marshal(got); string(again) != string(written) {
				t.Fatalf("%s: read and written again (-want +got):\n%s", s.ID, cmp.Diff(string(written), string(again)))
			}
			if n := len(s.Steps); n < 1 || n > 3 {
				t.Errorf("%s has %d steps; want 1 to 3", s.ID, n)
			}
			for i := range s.Steps {
				if s.Steps[i].Expect != "" || s.Steps[i].Wire != nil {
					t.Errorf("%s expects something", s.ID)
				}
			}
		}
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	hash := func(seed uint64) string {
		h := sha256.New()
		for s := range search.Generate(seed, 2000) {
			h.Write(search.Marshal(s))
		}
		return fmt.Sprintf("%x", h.Sum(nil)[:8])
	}
	for seed, want := range map[uint64]string{1: "961a360710296daa", 42: "918b6502f820465e"} {
		// A change of the generator changes what ids stand for: say so in the
		// changelog, and put the new hash here.
		if got := hash(seed); got != want {
			t.Errorf("seed %d: hash %s; want %s", seed, got, want)
		}
	}
}

func TestNthIsWhatGenerateGives(t *testing.T) {
	n := 0
	for s := range search.Generate(7, 50) {
		if diff := cmp.Diff(s, search.Nth(7, n)); diff != "" {
			t.Errorf("scenario %d (-Generate +Nth):\n%s", n, diff)
		}
		if want := fmt.Sprintf("gen-7-%d", n); s.ID != want {
			t.Errorf("scenario %d is called %s; want %s", n, s.ID, want)
		}
		n++
	}
	if n != 50 {
		t.Errorf("%d scenarios; want 50", n)
	}
}

func TestGenerateStops(t *testing.T) {
	n := 0
	for range search.Generate(1, 100) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d scenarios; want 3", n)
	}
}

func FuzzNth(f *testing.F) {
	f.Add(uint64(0), 0)
	f.Add(uint64(1), 21)
	f.Add(^uint64(0), -1)
	f.Fuzz(func(t *testing.T, seed uint64, n int) {
		if n < 0 {
			n = ^n // ids hold no second sign
		}
		s := search.Nth(seed, n)
		if diff := cmp.Diff(s, parseOne(t, search.Marshal(s))); diff != "" {
			t.Errorf("written and read (-want +got):\n%s", diff)
		}
	})
}
