package audit

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A Baseline is findings that are known and accepted. The zero value accepts none.
//
// In a file each is a line, its id, URL and page, and what stands after a # is for
// the reader:
//
//	F12 https://api.example.com/orders http://app.example.com  # until the old app is gone
type Baseline struct {
	keys []string
}

// entry is a line of a baseline.
var entry = regexp.MustCompile(`^F[0-9]{2}( \S+){1,2}$`)

// ParseBaseline reads a baseline. Its error names the line that is none.
func ParseBaseline(r io.Reader) (Baseline, error) {
	var b Baseline
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#") // a URL of a finding has no fragment
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case line == "":
		case entry.MatchString(line):
			b.keys = append(b.keys, line)
		default:
			return Baseline{}, fmt.Errorf("line %d: %q; want an id, a URL and a page, such as F12 https://api.example/ http://app.example", n, lines.Text())
		}
	}
	return b, lines.Err()
}

// Accept marks the findings that the baseline accepts, and returns the lines of
// the baseline about the report's target that nothing was found of any more.
func (r *Report) Accept(b Baseline) (stale []string) {
	found := make(map[string]bool)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Accepted = slices.Contains(b.keys, f.Key())
		found[f.Key()] = true
	}
	for _, key := range b.keys {
		if strings.Fields(key)[1] == r.Target && !found[key] {
			stale = append(stale, key)
		}
	}
	return stale
}

// Baseline is the text of a baseline that accepts all findings of the report.
func (r *Report) Baseline() string {
	lines := make([]string, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		lines[i] = f.Key() + "  # " + f.Title + "\n"
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "")
}
