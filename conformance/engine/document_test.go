package engine_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
)

// A document is what browsers do differently, in Markdown.
type document struct {
	*witnesses
	sources sources
	out     bytes.Buffer
}

// A section is the fields of one struct.
type section struct {
	anchor, title, link string
	differences         []*difference
}

// A difference is a point on which browsers differ, by a field.
type difference struct {
	*field
	point
	values  []string // of the standard and the browsers
	departs []bool   // by browser
	seen    []sight
}

// A sight is a scenario that shows a difference, and by browser whether it does.
type sight struct {
	*conformance.Scenario
	by []bool
}

func (d *document) printf(format string, args ...any) { fmt.Fprintf(&d.out, format, args...) }

// render returns the document.
func (d *document) render(t *testing.T) []byte {
	t.Helper()
	sections := d.sections(t)
	unprofiled := d.unprofiled(t)
	d.head(sections, unprofiled)
	for _, s := range sections {
		d.section(t, s)
	}
	d.others(unprofiled)
	return d.out.Bytes()
}

// sections are all fields that differ somewhere, in the order of the profile.
func (d *document) sections(t *testing.T) []*section {
	t.Helper()
	var all []*section
	for _, f := range fields() {
		x := d.difference(t, &f)
		if !slices.Contains(x.departs, true) {
			continue
		}
		if anchor := strings.TrimSuffix(f.path, "."+f.name); len(all) == 0 || all[len(all)-1].anchor != anchor {
			all = append(all, d.newSection(t, &f, anchor))
		}
		last := all[len(all)-1]
		last.differences = append(last.differences, x)
	}
	return all
}

// newSection takes a section's title and link from the comment of the struct.
func (d *document) newSection(t *testing.T, f *field, anchor string) *section {
	t.Helper()
	comment := strings.Join(strings.Fields(d.sources.of(t, f.owner).types[f.owner.Name()]), " ")
	_, name, ok := strings.Cut(comment, " are where browsers differ in ")
	if !ok {
		t.Fatalf("the comment of %v does not say what browsers differ in", f.owner)
	}
	name, _, _ = strings.Cut(name, ". ")
	name, _, _ = strings.Cut(strings.TrimSuffix(name, "."), ": ")
	i := strings.LastIndex(comment, "https://")
	if i < 0 {
		t.Fatalf("the comment of %v has no link", f.owner)
	}
	return &section{anchor: anchor, title: capital(name), link: comment[i:]}
}

func (d *document) difference(t *testing.T, f *field) *difference {
	t.Helper()
	x := &difference{field: f, point: d.sources.point(t, f), values: []string{d.value(t, f, fetch.Standard())}}
	for _, p := range profiles {
		x.values = append(x.values, d.value(t, f, p.new()))
		x.departs = append(x.departs, f.differs(p.new()))
	}
	for _, s := range d.scenarios {
		by := make([]bool, len(profiles))
		for i, p := range profiles {
			by[i] = slices.Contains(d.explained[p.name][s.ID], f.path)
		}
		if slices.Contains(by, true) {
			x.seen = append(x.seen, sight{s, by})
		}
	}
	return x
}

// value is what f is in a profile, in words.
func (d *document) value(t *testing.T, f *field, p *fetch.Profile) string {
	t.Helper()
	v := f.in(p)
	switch x := v.Interface().(type) {
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case time.Duration:
		if x > 0 {
			return fmt.Sprintf("%d s", int(x.Seconds()))
		}
		return "–"
	}
	if names := d.sources.of(t, v.Type()).values[v.Type().Name()]; v.Type().PkgPath() != "" && len(names) > 0 {
		return strings.TrimSuffix(names[number(v)], ".")
	}
	if v.IsZero() {
		return "–"
	}
	if v.Kind() == reflect.Slice {
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(v), " ", ", "), "[]")
	}
	return markdown(fmt.Sprint(v))
}

func number(v reflect.Value) int {
	if v.CanUint() {
		return int(v.Uint())
	}
	return int(v.Int())
}

// heading is the first sentence of what f's comment says, as a heading.
func (x *difference) heading() string {
	first, _ := x.sentences()
	return markdown(capital(strings.TrimSuffix(first, ".")))
}

// sentences are the first sentence and the others.
func (x *difference) sentences() (first, rest string) {
	first, rest, ok := strings.Cut(x.text, ". ")
	if ok {
		first += "."
	}
	return first, rest
}

func capital(s string) string {
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

// markdown escapes what Markdown would take for more than text.
func markdown(s string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "<", "&lt;", "|", `\|`, "[", `\[`).Replace(s)
}

func (d *document) head(sections []*section, unprofiled []*other) {
	points, departs, alike := 0, make([]int, len(profiles)), 0
	seen := make([]map[string]bool, len(profiles)+1)
	for i := range seen {
		seen[i] = make(map[string]bool)
	}
	for _, s := range sections {
		for _, x := range s.differences {
			points++
			if x.alike() {
				alike++
			}
			for i, does := range x.departs {
				if does {
					departs[i]++
				}
			}
			for _, at := range x.seen {
				seen[len(profiles)][at.ID] = true
				for i, does := range at.by {
					if does {
						seen[i][at.ID] = true
					}
				}
			}
		}
	}
	d.printf("# Where browsers differ\n\n")
	d.printf("What browsers do with `fetch()` and CORS that the standards do not say, or that they do not do alike: %d points, "+
		"found in %d scenarios that ran in each of them.\n\n", points, len(d.scenarios))
	d.printf("| | departs from the standard in | shown by |\n|---|--:|--:|\n")
	for i := range profiles {
		d.printf("| %s | %d points | %d scenarios |\n", d.name(i), departs[i], len(seen[i]))
	}
	d.printf("| any of them | %d points | %d scenarios |\n", points, len(seen[len(profiles)]))
	d.printf("| all of them, alike | %d points | |\n\n", alike)
	d.printf("This file is generated, from the comments of [`fetch.Profile`](../fetch/profile.go), [the corpus](corpus) and " +
		"[its recordings](corpus/recordings): `go test ./conformance/engine -run TestDifferences -update`. A test fails when it is not " +
		"what comes of them. A scenario counts for a point if without that field of the browser's profile the engine does not do what the " +
		"browser did.\n\n")
	d.printf("**How to read it.** Each point has a heading that says what some browser does, and below it what the standard says. " +
		"Examples are of scenarios: `OPTIONS PUT => cors 200` is what went over the wire, and what the script got. Origins go by aliases: " +
		"`A` is the page's, `A2` the same host on another port, `SA` a subdomain of it, `B` and `C` are other sites, all on the loopback and " +
		"without TLS; `AS`, `SAS`, `BS` have TLS; `X` and `Y` are hosts that are not potentially trustworthy. " +
		"The standard's column is what the engine does with the profile of the standard, and agrees with what the scenarios expect; the others are recorded. What is not the standard's is **bold**, sometimes for a reason that is told elsewhere. To see any of it again:\n\n" +
		"```sh\ngo run ./cmd/corsfetch conform -client firefox conformance/corpus\n```\n\n")
	d.printf("## At a glance\n\n")
	d.printf("| | %s | Scenarios |\n|---|%s--:|\n", strings.Join(browserTitles(), " | "), strings.Repeat(":-:|", len(profiles)))
	for _, s := range sections {
		d.printf("| **[%s](#%s)** |%s |\n", s.title, s.anchor, strings.Repeat(" |", len(profiles)))
		for _, x := range s.differences {
			d.printf("| [%s](#%s) |", x.heading(), x.path)
			for _, does := range x.departs {
				d.printf(" %s |", mark(does))
			}
			d.printf(" %s |\n", count(len(x.seen)))
		}
	}
	if len(unprofiled) > 0 {
		d.printf("| **[%s](#others)** |%s |\n", othersTitle, strings.Repeat(" |", len(profiles)))
		for _, o := range unprofiled {
			d.printf("| [%s](#%s) |", markdown(o.title), o.anchor)
			for i := range profiles {
				d.printf(" %s |", mark(o.by[i]))
			}
			d.printf(" %d |\n", len(o.scenarios))
		}
	}
	d.printf("\n")
}

// alike reports whether all browsers do the same, which is not the standard's.
func (x *difference) alike() bool {
	return x.values[0] != x.values[1] && !slices.ContainsFunc(x.values[2:], func(v string) bool { return v != x.values[1] })
}

func browserTitles() []string {
	var all []string
	for _, p := range profiles {
		all = append(all, title(p.name))
	}
	return all
}

func count(n int) string {
	if n == 0 {
		return "–"
	}
	return strconv.Itoa(n)
}

func mark(does bool) string {
	if does {
		return "●"
	}
	return ""
}

func (d *document) section(t *testing.T, s *section) {
	t.Helper()
	d.printf("## <a id=%q></a>%s\n\n", s.anchor, s.title)
	d.printf("The standard: <%s>. The engine: `fetch.Profile.%s`.\n\n", s.link, s.anchor)
	for _, x := range s.differences {
		d.printf("### <a id=%q></a>%s\n\n", x.path, x.heading())
		if _, rest := x.sentences(); rest != "" {
			d.printf("%s\n\n", markdown(rest))
		}
		d.table(append([]string{""}, append([]string{"Standard"}, browserTitles()...)...), [][]string{append([]string{"`" + x.name + "`"}, bold(x.values)...)})
		d.examples(t, x)
		d.list(x.seen)
		if x.test != "" {
			d.printf("No scenario shows it, as %s; the test `%s` does.\n\n", markdown(x.why), x.test)
		}
	}
}

// bold returns values, of which the first is the standard's, with all that
// differ from it in bold.
func bold(values []string) []string {
	out := slices.Clone(values)
	for i := range out {
		if i > 0 && out[i] != values[0] {
			out[i] = "**" + out[i] + "**"
		}
	}
	return out
}

func (d *document) table(head []string, rows [][]string) {
	d.printf("| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		d.printf("| %s |\n", strings.Join(row, " | "))
	}
	d.printf("\n")
}

// examples shows what each browser does in the scenarios that x's comment names.
func (d *document) examples(t *testing.T, x *difference) {
	t.Helper()
	shown := make([]bool, len(profiles))
	for _, id := range x.shown {
		s := d.byID[id]
		if s == nil {
			continue // TestFieldsAreShown says so
		}
		var at []place
		news := false
		for i := range profiles {
			differences := d.without(t, i, x.field, s)
			for _, y := range differences {
				at = append(at, placeOf(y))
			}
			news = news || len(differences) > 0 && !shown[i]
			shown[i] = shown[i] || len(differences) > 0
		}
		if news {
			d.example(s, at)
		}
	}
}

// example shows what happened at some places of a scenario.
func (d *document) example(s *conformance.Scenario, at []place) {
	d.printf("[`%s`](corpus/%s): %s ([standard](%s))\n\n", s.ID, s.File, markdown(s.Note), s.Spec)
	d.table(append([]string{"", "Standard"}, browserTitles()...), d.rows(s, at))
	d.printf("<details><summary>The scenario</summary>\n\n```json\n%s\n```\n\n</details>\n\n", d.texts[s.ID])
}

// list names the scenarios that show a difference.
func (d *document) list(seen []sight) {
	if len(seen) < 2 {
		return
	}
	d.printf("<details><summary>All %d scenarios</summary>\n\n", len(seen))
	for _, at := range seen {
		var by []string
		for i, does := range at.by {
			if does {
				by = append(by, title(profiles[i].name))
			}
		}
		d.printf("- [`%s`](corpus/%s): %s *%s*\n", at.ID, at.File, markdown(at.Note), strings.Join(by, ", "))
	}
	d.printf("\n</details>\n\n")
}
