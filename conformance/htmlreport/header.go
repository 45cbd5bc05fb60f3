package htmlreport

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// How much of the headers of a message is shown.
const (
	rowLimit  = 100      // lines
	rowsLimit = 16 << 10 // bytes of all values
)

// A headerTable is the headers of a message.
type headerTable struct {
	Caption string
	Rows    []headerRow
	Left    int  // lines that are not shown
	Told    bool // whether the script sees them is known
	Answer  bool // it is a response's
}

// A headerRow is a header.
type headerRow struct {
	Name, Value string
	Visible     bool  // to the script
	Decides     *Stop // nil: it does not
	Absent      bool
}

// A numbered is an exchange in its flow.
type numbered struct {
	Exchange
	Number int
	Open   bool // it is to be seen at once
	Stop   *Stop
}

// Numbered are the exchanges that are shown.
func (f *Flow) Numbered() []numbered {
	var all []numbered
	for i, x := range f.Shown() {
		stop := f.decides(i)
		all = append(all, numbered{x, i + 1, stop != nil || x.Visible != nil, stop})
	}
	return all
}

// IsCut reports whether the URL is longer than what a label shows.
func (x numbered) IsCut() bool { return len(x.URL) > labelLimit }

// Tables are the headers of the request and of the response, if there is one.
func (x numbered) Tables() []headerTable {
	asked := newHeaderTable("What the browser sends", x.Request, nil, nil)
	if x.Cached {
		asked.Caption = "What it would send"
	}
	tables := []headerTable{asked}
	if x.Status != "" {
		answered := newHeaderTable("What the server answers", x.Response, x.Visible, x.Stop)
		answered.Told, answered.Answer = x.Visible != nil, true
		tables = append(tables, answered)
	}
	return tables
}

// newHeaderTable is the table of h: what decides, what CORS is about, and the rest
// by name.
func newHeaderTable(caption string, h http.Header, visible []string, decides *Stop) headerTable {
	t := headerTable{Caption: caption}
	if decides != nil && h[decides.Header] == nil {
		t.Rows = append(t.Rows, headerRow{Name: decides.Header, Decides: decides, Absent: true})
	}
	size := 0
	for _, name := range headerNames(h, decides) {
		seen := slices.ContainsFunc(visible, func(v string) bool { return strings.EqualFold(v, name) })
		for _, value := range h[name] {
			if size > rowsLimit || len(t.Rows) >= rowLimit {
				t.Left++
				continue
			}
			size += len(name) + min(len(value), lineLimit)
			row := headerRow{Name: name, Value: value, Visible: seen}
			if decides != nil && decides.Header == name {
				row.Decides = decides
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// headerNames are the names in h, in the order in which they matter.
func headerNames(h http.Header, decides *Stop) []string {
	names := slices.Concat(askedNames, answeredNames, []string{"Access-Control-Expose-Headers", "Vary"})
	if decides != nil {
		names = slices.Insert(names, 0, decides.Header)
	}
	names = append(names, slices.Sorted(maps.Keys(h))...)
	told := make(map[string]bool)
	return slices.DeleteFunc(names, func(name string) bool {
		again := told[name]
		told[name] = true
		return again || h[name] == nil
	})
}
