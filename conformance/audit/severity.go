package audit

import (
	"fmt"
	"slices"
)

// A Severity says how bad a finding is. Those of security and those of function
// are one order, from [Info] to [Critical], so that one threshold serves for both.
type Severity string

// The severities, the least first.
const (
	Info     Severity = "info"     // nothing is lost
	Waste    Severity = "waste"    // it works, and costs more than it need
	Low      Severity = "low"      // little is given away, or to few
	Fragile  Severity = "fragile"  // it works in some browsers, or on some ways
	Medium   Severity = "medium"   //
	Broken   Severity = "broken"   // what is meant to work does not
	High     Severity = "high"     //
	Critical Severity = "critical" // any web site acts as the user, or reads as the user
)

// Severities returns all severities, the least first.
func Severities() []Severity {
	return []Severity{Info, Waste, Low, Fragile, Medium, Broken, High, Critical}
}

// Compare is negative if s is less bad than other, 0 if they are the same.
func (s Severity) Compare(other Severity) int {
	return slices.Index(Severities(), s) - slices.Index(Severities(), other)
}

// ParseSeverity returns the severity of a name.
func ParseSeverity(name string) (Severity, error) {
	if !slices.Contains(Severities(), Severity(name)) {
		return "", fmt.Errorf("%q is no severity; want one of %v", name, Severities())
	}
	return Severity(name), nil
}

// A Confidence says how sure a finding is.
type Confidence string

// The confidences.
const (
	Proven Confidence = "proven" // a browser's page has done it
	Likely Confidence = "likely" // a pattern that several answers show, or an answer that no browser was seen to get
	Hint   Confidence = "hint"   // what is usually so
)

// A capability is what a page may do to the resource, the least first.
type capability int

const (
	nothing capability = iota
	writes             // send what needs a preflight, as nobody in particular
	reads              // read what anybody is answered
	writesAsUser
	readsAsUser
)

// A reach says who can be that page, the fewest first.
type reach int

const (
	crafted reach = iota // no browser: only who sends bytes himself
	local                // software on the user's machine
	sibling              // who has taken over one host, port or partner
	onPath               // who is in the network between
	anyPage              // whoever puts up a web page
)

// levels are the severities of security, the least first.
var levels = [...]Severity{Info, Low, Medium, High, Critical}

// table is the severity of what who can do, as an index of levels.
var table = map[reach][readsAsUser + 1]int{
	crafted: {0, 0, 0, 0, 0},
	local:   {0, 1, 1, 2, 2},
	sibling: {0, 1, 1, 2, 2},
	onPath:  {0, 1, 1, 3, 3},
	anyPage: {0, 2, 2, 4, 4},
}

// circumstances are what makes the same thing better or worse.
type circumstances struct {
	isPrivate   bool // the server is on a network that the attacker cannot reach but through the page
	isSensitive bool // the response has a token, or says that it is for one user
	isPublic    bool // it is the same for whoever asks
	isSTS       bool // the insecure page's host is spoken to by https alone
}

// severityOf is how bad it is that who has that reach can do c.
func severityOf(c capability, r reach, is circumstances) Severity {
	if r == crafted || c == nothing {
		return Info
	}
	level := table[r][c]
	if is.isPrivate {
		level++
	}
	if is.isSensitive {
		level++
	}
	if is.isPublic {
		level--
	}
	if is.isSTS && r == onPath {
		level--
	}
	limit := len(levels) - 1
	if is.isPublic {
		limit = 1
	}
	return levels[min(max(level, 0), limit)]
}
