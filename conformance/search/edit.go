package search

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// editors list what can be done to a scenario, in the order in which it pays.
var editors = []func(*conformance.Scenario) []edit{
	dropSteps,
	dropPlaces,
	dropAllHeaders,
	dropRules,
	plainPage,
	dropMembers,
	dropHeaders,
	plainRules,
	plainLines,
	plainAliases,
	plainPaths,
}

func dropSteps(s *conformance.Scenario) []edit {
	var edits []edit
	for i := range s.Steps {
		if len(s.Steps) > 1 {
			edits = append(edits, func(c *conformance.Scenario) { c.Steps = slices.Delete(c.Steps, i, i+1) })
		}
	}
	return edits
}

func dropPlaces(s *conformance.Scenario) []edit {
	var edits []edit
	for _, place := range sortedKeys(s.Server) {
		edits = append(edits, func(c *conformance.Scenario) { delete(c.Server, place) })
	}
	for _, alias := range sortedKeys(s.Cookies) {
		edits = append(edits, func(c *conformance.Scenario) { delete(c.Cookies, alias) })
		for i := range s.Cookies[alias] {
			edits = append(edits, func(c *conformance.Scenario) { c.Cookies[alias] = slices.Delete(c.Cookies[alias], i, i+1) })
		}
	}
	return edits
}

func dropAllHeaders(s *conformance.Scenario) []edit {
	var edits []edit
	each(s, func(at func(*conformance.Scenario) *[]string) {
		edits = append(edits, func(c *conformance.Scenario) { *at(c) = nil })
	})
	return edits
}

func dropRules(s *conformance.Scenario) []edit {
	var edits []edit
	for _, place := range sortedKeys(s.Server) {
		for i := range s.Server[place] {
			edits = append(edits, func(c *conformance.Scenario) { c.Server[place] = slices.Delete(c.Server[place], i, i+1) })
		}
	}
	return edits
}

func plainPage(s *conformance.Scenario) []edit {
	return []edit{
		func(c *conformance.Scenario) { c.Page = conformance.Page{Origin: "A"} },
		func(c *conformance.Scenario) { c.Page.Origin = "A" },
		func(c *conformance.Scenario) { c.Page.Context = "" },
		func(c *conformance.Scenario) { c.Page.Context = "data" },
		func(c *conformance.Scenario) { c.Note = "" },
	}
}

// dropMembers sets members of steps and rules to their zero values.
func dropMembers(s *conformance.Scenario) []edit {
	var edits []edit
	for i := range s.Steps {
		for f := range reflect.TypeFor[conformance.Step]().NumField() {
			edits = append(edits, func(c *conformance.Scenario) { reflect.ValueOf(&c.Steps[i]).Elem().Field(f).SetZero() })
		}
		edits = append(edits,
			func(c *conformance.Scenario) { c.Steps[i].Body, c.Steps[i].BodyType, c.Steps[i].Repeat = nil, "", 0 },
			func(c *conformance.Scenario) { setPlain(c.Steps[i].Body, "") },
			func(c *conformance.Scenario) { c.Steps[i].Fetch, _, _ = strings.Cut(c.Steps[i].Fetch, "#") },
			func(c *conformance.Scenario) { c.Steps[i].Fetch, _, _ = strings.Cut(c.Steps[i].Fetch, "?") },
			func(c *conformance.Scenario) { c.Steps[i].Method = http.MethodPut },
			func(c *conformance.Scenario) { setPlain(c.Steps[i].Referrer, "") },
		)
	}
	for _, place := range sortedKeys(s.Server) {
		for i := range s.Server[place] {
			for f := range reflect.TypeFor[conformance.Rule]().NumField() {
				edits = append(edits, func(c *conformance.Scenario) { reflect.ValueOf(&c.Server[place][i]).Elem().Field(f).SetZero() })
			}
		}
	}
	return edits
}

// dropHeaders drops header lines one by one.
func dropHeaders(s *conformance.Scenario) []edit {
	var edits []edit
	each(s, func(at func(*conformance.Scenario) *[]string) {
		for i := range *at(s) {
			edits = append(edits, func(c *conformance.Scenario) { *at(c) = slices.Delete(*at(c), i, i+1) })
		}
	})
	return edits
}

// plainRules makes the answers the usual ones.
func plainRules(s *conformance.Scenario) []edit {
	var edits []edit
	for _, place := range sortedKeys(s.Server) {
		for i := range s.Server[place] {
			rule := func(c *conformance.Scenario) *conformance.Rule { return &c.Server[place][i] }
			edits = append(edits,
				func(c *conformance.Scenario) { rule(c).Status = http.StatusNoContent },
				func(c *conformance.Scenario) { rule(c).Status = http.StatusFound },
				func(c *conformance.Scenario) { setPlain(rule(c).Body, "") },
				func(c *conformance.Scenario) { setPlain(rule(c).Body, "ok") },
				func(c *conformance.Scenario) { setPlain(rule(c).Reason, "") },
			)
		}
	}
	return edits
}

func setPlain(p *string, plain string) {
	if p != nil {
		*p = plain
	}
}

// plainValues are what header values are replaced by, if that will do.
var plainValues = []string{"", "1", "*", "x-a", "{origin}", "{acrh}", "PUT", "true", "y"}

// plainLines replaces and shortens values of headers.
func plainLines(s *conformance.Scenario) []edit {
	var edits []edit
	each(s, func(at func(*conformance.Scenario) *[]string) {
		for i, line := range *at(s) {
			name, value, _ := strings.Cut(line, ":")
			value = strings.TrimPrefix(value, " ")
			set := func(line string) {
				edits = append(edits, func(c *conformance.Scenario) { (*at(c))[i] = line })
			}
			for _, plain := range plainValues {
				set(name + ": " + plain)
			}
			for _, plain := range shorter(value) {
				set(name + ": " + plain)
			}
			if canonical := http.CanonicalHeaderKey(name); canonical != name {
				set(canonical + ": " + value)
			}
			set("X-A: " + value)
		}
	})
	return edits
}

// shorter returns halves of s, then s without some of its characters.
func shorter(s string) []string {
	r := []rune(s)
	var all []string
	for cut := len(r) / 2; cut > 0; cut /= 2 {
		all = append(all, string(r[:len(r)-cut]), string(r[cut:]))
	}
	if len(r) <= 24 {
		for i := range r {
			all = append(all, string(r[:i])+string(r[i+1:]))
		}
	}
	return all
}

// plainAliases replaces origins by those that are there more often.
func plainAliases(s *conformance.Scenario) []edit {
	var edits []edit
	for _, names := range [][2]string{{"AS2", "AS"}, {"CS", "BS"}, {"AS", "A"}, {"BS", "B"}, {"C", "B"}, {"SA", "B"}, {"A2", "B"}, {"SA", "A2"}, {"A2", "A"}, {"B", "A"}} {
		edits = append(edits, func(c *conformance.Scenario) { renameAlias(c, names[0], names[1]) })
	}
	return edits
}

// plainPaths gives places the shortest names that are free.
func plainPaths(s *conformance.Scenario) []edit {
	taken := make(map[string]bool)
	for place := range s.Server {
		taken[place[strings.Index(place, "/")+1:]] = true
	}
	paths := maps.Clone(taken)
	for i := range s.Steps {
		if _, path, ok := strings.Cut(s.Steps[i].Fetch, "/"); ok {
			path, _, _ = strings.Cut(path, "?")
			path, _, _ = strings.Cut(path, "#")
			paths[path] = true
		}
	}
	var edits []edit
	for _, path := range sortedKeys(paths) {
		for _, plain := range []string{"x", "y"} {
			if !taken[plain] && path != "" {
				edits = append(edits, func(c *conformance.Scenario) { renamePath(c, path, plain) })
			}
		}
	}
	return edits
}

// renamePath puts one path in place of another, redirects to it included.
func renamePath(s *conformance.Scenario, from, to string) {
	for i := range s.Steps {
		s.Steps[i].Fetch = strings.Replace(s.Steps[i].Fetch, "/"+from, "/"+to, 1)
	}
	for _, place := range sortedKeys(s.Server) {
		if alias, ok := strings.CutSuffix(place, "/"+from); ok {
			s.Server[alias+"/"+to] = s.Server[place]
			delete(s.Server, place)
		}
	}
	each(s, func(at func(*conformance.Scenario) *[]string) {
		lines := *at(s)
		for i, line := range lines {
			if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Location") {
				lines[i] = name + ":" + strings.ReplaceAll(value, from, to)
			}
		}
	})
}

// renameAlias puts one alias in place of another wherever there is one.
func renameAlias(s *conformance.Scenario, from, to string) {
	fill := strings.NewReplacer("{"+from+"}", "{"+to+"}", "{"+from+".", "{"+to+".")
	place := func(text string) string {
		if path, ok := strings.CutPrefix(text, from+"/"); ok {
			text = to + "/" + path
		}
		return fill.Replace(text)
	}
	if s.Page.Origin == from {
		s.Page.Origin = to
	}
	if s.Page.Context == "frame:"+from {
		s.Page.Context = "frame:" + to
	}
	each(s, func(at func(*conformance.Scenario) *[]string) {
		lines := *at(s)
		for i := range lines {
			lines[i] = fill.Replace(lines[i])
		}
	})
	for i := range s.Steps {
		s.Steps[i].Fetch = place(s.Steps[i].Fetch)
		if r := s.Steps[i].Referrer; r != nil {
			*r = place(*r)
		}
	}
	for _, old := range slices.Sorted(maps.Keys(s.Server)) {
		if renamed := place(old); renamed != old {
			s.Server[renamed] = append(s.Server[renamed], s.Server[old]...)
			delete(s.Server, old)
		}
	}
	if values, ok := s.Cookies[from]; ok {
		s.Cookies[to] = append(s.Cookies[to], values...)
		delete(s.Cookies, from)
	}
}

// each calls f for each list of header lines in s; what f is given finds the
// same list in a copy.
func each(s *conformance.Scenario, f func(at func(*conformance.Scenario) *[]string)) {
	for _, place := range sortedKeys(s.Server) {
		for i := range s.Server[place] {
			f(func(c *conformance.Scenario) *[]string { return &c.Server[place][i].Headers })
		}
	}
	for i := range s.Steps {
		f(func(c *conformance.Scenario) *[]string { return &c.Steps[i].Headers })
	}
	f(func(c *conformance.Scenario) *[]string { return &c.Page.Headers })
}

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
