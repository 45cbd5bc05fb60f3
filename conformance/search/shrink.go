package search

import (
	"bytes"

	"github.com/corsfetch/corsfetch/conformance"
)

// MaxShrinks is how often [Shrink] asks whether a scenario fails, at most.
const MaxShrinks = 200

// Shrink returns the smallest scenario that it finds by taking things away from
// s, or making them plainer, such that fails still holds. It returns a copy of s
// if there is none. fails is given no scenario that [conformance.Parse] would
// refuse, and is called at most [MaxShrinks] times.
//
// The same s and the same fails lead to the same scenario.
func Shrink(s *conformance.Scenario, fails func(*conformance.Scenario) bool) *conformance.Scenario {
	k := &shrinker{best: Clone(s), fails: fails, left: MaxShrinks, seen: make(map[string]bool)}
	k.size = Marshal(k.best)
	for k.round() {
	}
	return k.best
}

// A shrinker holds the smallest scenario so far.
type shrinker struct {
	best  *conformance.Scenario
	size  []byte // best, written
	fails func(*conformance.Scenario) bool
	left  int             // how often fails may be called
	seen  map[string]bool // what was tried, written
}

// An edit makes a scenario smaller, in place.
type edit func(*conformance.Scenario)

// round tries all edits once, the far-reaching ones first, and reports whether
// one of them led on.
func (k *shrinker) round() (smaller bool) {
	for _, list := range editors {
		// Each edit that leads on changes what there is to edit.
		for i := 0; ; {
			edits := list(k.best)
			if i >= len(edits) {
				break
			}
			if k.left == 0 {
				return false
			}
			if k.try(edits[i]) {
				smaller = true
				continue
			}
			i++
		}
	}
	return smaller
}

// try keeps what e makes of the best so far if that is smaller and still fails.
func (k *shrinker) try(e edit) bool {
	c := Clone(k.best)
	e(c)
	written := Marshal(c)
	if !isSmaller(written, k.size) || k.seen[string(written)] {
		return false
	}
	k.seen[string(written)] = true
	if !isValid(written) {
		return false
	}
	k.left--
	if !k.fails(c) {
		return false
	}
	k.best, k.size = c, written
	return true
}

// isSmaller is an order without endless descent: shorter, or as long and
// earlier.
func isSmaller(a, b []byte) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return bytes.Compare(a, b) < 0
}

// isValid reports whether a written scenario can be read.
func isValid(written []byte) bool {
	_, err := conformance.Parse("shrunk", append(append([]byte("["), written...), ']'))
	return err == nil
}
