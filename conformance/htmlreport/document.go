package htmlreport

import "time"

// A Document is a report. The zero value is one that says nothing.
type Document struct {
	Tool     string // what made it: "corsfetch get"
	Title    string // what it is about, in a line
	Verdict  Mark   // "" is none
	Summary  string // the verdict's reason, in a sentence
	Facts    []Fact
	Sections []Section
	Made     time.Time // the zero time is not told
}

// A Section is a part of a document. What it lacks is left out; what it has comes
// in the order of the fields.
type Section struct {
	Title    string
	Mark     Mark // beside the title
	Folded   bool // it shows its title only, until it is opened
	Text     []string
	Facts    []Fact
	Lines    string // as it is, in lines: what to copy, what a console prints
	Table    *Table
	Flow     *Flow
	Sections []Section
}

// A Mark is a word or two that stand out.
type Mark struct {
	Text string
	Tone Tone
}

// A Tone says how something is to be taken. Each has a sign besides its colour.
type Tone string

// The tones.
const (
	Plain Tone = ""
	Good  Tone = "good"
	Bad   Tone = "bad"
	Warn  Tone = "warn"
)

// A Fact is a name with what belongs to it.
type Fact struct {
	Name, Text string
	Code       bool // the text is one of a protocol or a program
}

// A Table is rows of cells. The first cell of a row says what it is about.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]Cell
}

// A Column is the head of a column and what its cells are.
type Column struct {
	Name string
	Kind Kind
}

// A Kind is what the cells of a column are.
type Kind string

// The kinds.
const (
	Words  Kind = ""
	Code   Kind = "code" // of a protocol or a program
	Number Kind = "count"
)

// A Cell is a text in a table.
type Cell struct {
	Text   string
	Tone   Tone
	Strong bool

	from, to int // where it differs from what it is held against
}

// Compare returns the cells of two texts, in which it is marked where they differ,
// by words.
func Compare(got, want string) (Cell, Cell) {
	if got == want {
		return Cell{Text: got}, Cell{Text: want}
	}
	limit := min(len(got), len(want))
	before := 0
	for before < limit && got[before] == want[before] {
		before++
	}
	for before > 0 && isWord(got[before-1:]) && (isWord(got[before:]) || isWord(want[before:])) {
		before--
	}
	after := 0
	for after < limit-before && got[len(got)-1-after] == want[len(want)-1-after] {
		after++
	}
	for after > 0 && isWord(got[len(got)-after:]) && (endsWord(got[before:len(got)-after]) || endsWord(want[before:len(want)-after])) {
		after--
	}
	return Cell{Text: got, from: before, to: len(got) - after}, Cell{Text: want, from: before, to: len(want) - after}
}

// isWord reports whether the first byte of s is a part of a word. Those of
// characters beyond ASCII are, so that none is split.
func isWord(s string) bool {
	if s == "" {
		return false
	}
	b := s[0]
	return b >= 0x80 || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}

// endsWord is isWord of the last byte.
func endsWord(s string) bool { return s != "" && isWord(s[len(s)-1:]) }
