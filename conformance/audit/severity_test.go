package audit

import "testing"

// TestSeverityOf: what who can do, and what makes it better or worse.
func TestSeverityOf(t *testing.T) {
	var is circumstances
	for _, test := range []struct {
		name       string
		capability capability
		reach      reach
		is         circumstances
		want       Severity
	}{
		{"any page reads as the user", readsAsUser, anyPage, is, Critical},
		{"any page writes as the user", writesAsUser, anyPage, is, Critical},
		{"any page reads what all may", reads, anyPage, is, Medium},
		{"who is on the path reads as the user", readsAsUser, onPath, is, High},
		{"who is on the path reads what all may", reads, onPath, is, Low},
		{"a sibling reads as the user", readsAsUser, sibling, is, Medium},
		{"local software reads as the user", readsAsUser, local, is, Medium},
		{"what no browser sends", readsAsUser, crafted, is, Info},
		{"nothing", nothing, anyPage, is, Info},
		{"any page reads a server of the user's network", reads, anyPage, circumstances{isPrivate: true}, High},
		{"any page reads a token", reads, anyPage, circumstances{isSensitive: true}, High},
		{"nothing is worse than critical", readsAsUser, anyPage, circumstances{isPrivate: true, isSensitive: true}, Critical},
		{"what is the same for all, as the user", readsAsUser, anyPage, circumstances{isPublic: true}, Low},
		{"what is the same for all", reads, anyPage, circumstances{isPublic: true}, Low},
		{"nothing is less than info", writes, sibling, circumstances{isPublic: true}, Info},
		{"on the path, where https alone is spoken", readsAsUser, onPath, circumstances{isSTS: true}, Medium},
		{"a sibling does not care for that", readsAsUser, sibling, circumstances{isSTS: true}, Medium},
	} {
		if got := severityOf(test.capability, test.reach, test.is); got != test.want {
			t.Errorf("%s: %s; want %s", test.name, got, test.want)
		}
	}
}

// TestSeveritiesAreOrdered: a wider reach and a greater capability are never less
// bad.
func TestSeveritiesAreOrdered(t *testing.T) {
	for c := nothing; c <= readsAsUser; c++ {
		for r := crafted; r <= anyPage; r++ {
			s := severityOf(c, r, circumstances{})
			if r < anyPage && severityOf(c, r+1, circumstances{}).Compare(s) < 0 {
				t.Errorf("capability %d: reach %d is less bad than %d", c, r+1, r)
			}
			if c < readsAsUser && severityOf(c+1, r, circumstances{}).Compare(s) < 0 {
				t.Errorf("reach %d: capability %d is less bad than %d", r, c+1, c)
			}
			if severityOf(c, r, circumstances{isPrivate: true}).Compare(s) < 0 || severityOf(c, r, circumstances{isPublic: true}).Compare(s) > 0 {
				t.Errorf("reach %d, capability %d: circumstances turn it the wrong way", r, c)
			}
		}
	}
	if _, err := ParseSeverity("worst"); err == nil {
		t.Error("worst is taken for a severity")
	}
	for _, s := range Severities() {
		if got, err := ParseSeverity(string(s)); got != s || err != nil {
			t.Errorf("ParseSeverity(%q) = %q, %v", s, got, err)
		}
	}
}
