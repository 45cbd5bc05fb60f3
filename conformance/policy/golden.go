package policy

import (
	stdcmp "cmp"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Golden holds cells, mostly those of a [Matrix], against a file, and fails t if
// the file says something else; with update it writes the file instead. The file
// is compact: what pages, methods, headers and credentials modes have in common
// they share a line for. It is the same whatever order the cells come in.
//
// A test has a flag for it:
//
//	var update = flag.Bool("update", false, "write golden files")
func Golden(t testing.TB, file string, update bool, cells iter.Seq[Cell]) {
	t.Helper()
	got := Format(cells)
	if update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; with -update it is written", err)
	}
	if string(want) != got {
		t.Errorf("the policy is not that of %s (-want +got):\n%s", file, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")))
	}
}

// Format is what [Golden] writes.
func Format(cells iter.Seq[Cell]) string {
	pages := make(map[string]map[string][]row) // by URL and page
	for c := range cells {
		if pages[c.Request.URL] == nil {
			pages[c.Request.URL] = make(map[string][]row)
		}
		pages[c.Request.URL][c.Page] = append(pages[c.Request.URL][c.Page], row{
			method:      stdcmp.Or(c.Request.Method, http.MethodGet),
			header:      describe(c.Request.Header),
			credentials: string(stdcmp.Or(c.Request.Credentials, "same-origin")),
			decision:    strings.Join(append([]string{c.Decision()}, c.Notes...), "; "),
		})
	}
	var b strings.Builder
	for _, url := range slices.Sorted(maps.Keys(pages)) {
		fmt.Fprintln(&b, url)
		tables := make(map[string][]string) // pages by their table
		for page, rows := range pages[url] {
			table := format(rows)
			tables[table] = append(tables[table], page)
		}
		var blocks []string
		for table, pages := range tables {
			slices.Sort(pages)
			blocks = append(blocks, "  "+strings.Join(pages, "\n  ")+"\n"+table)
		}
		slices.Sort(blocks)
		b.WriteString(strings.Join(blocks, ""))
	}
	return b.String()
}

// A row is a fetch, or several, of one page at one URL.
type row struct{ method, header, credentials, decision string }

// describe is a set of headers in a word or some.
func describe(h http.Header) string {
	if len(h) == 0 {
		return "-"
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		all = append(all, name+": "+strings.Join(h[name], ", "))
	}
	return strings.Join(all, "; ")
}

// format is a table of rows, where what differs in one column alone is one row.
func format(rows []row) string {
	rows = merged(rows, func(r *row) *string { return &r.credentials }, " ")
	rows = merged(rows, func(r *row) *string { return &r.method }, " ")
	rows = merged(rows, func(r *row) *string { return &r.header }, " | ")
	var widths [3]int
	for _, r := range rows {
		for i, cell := range []string{r.method, r.header, r.credentials} {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "    %-*s  %-*s  %-*s  %s\n", widths[0], r.method, widths[1], r.header, widths[2], r.credentials, r.decision)
	}
	return b.String()
}

// merged joins rows that differ in one column alone, and sorts them.
func merged(rows []row, column func(*row) *string, separator string) []row {
	values := make(map[row][]string)
	for _, r := range rows {
		value := *column(&r)
		*column(&r) = ""
		if !slices.Contains(values[r], value) {
			values[r] = append(values[r], value)
		}
	}
	var all []row
	for r, values := range values {
		slices.Sort(values)
		*column(&r) = strings.Join(values, separator)
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b row) int {
		return stdcmp.Or(strings.Compare(a.method, b.method), strings.Compare(a.header, b.header),
			strings.Compare(a.credentials, b.credentials), strings.Compare(a.decision, b.decision))
	})
	return all
}
