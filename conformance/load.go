package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
)

// A LoadError is what is wrong with a file, and where.
type LoadError struct {
	File string
	Line int    // from 1
	ID   string // of the scenario, if known
	Err  error
}

func (e *LoadError) Error() string {
	if e.ID == "" {
		return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("%s:%d: %s: %v", e.File, e.Line, e.ID, e.Err)
}

func (e *LoadError) Unwrap() error { return e.Err }

// Load reads the scenarios of each *.json file at the top of fsys, in order of
// their names. The error joins a [*LoadError] for everything that is wrong, and
// the scenarios in which nothing is are returned beside it.
func Load(fsys fs.FS) ([]*Scenario, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("no *.json files of scenarios")
	}
	var all []*Scenario
	var errs []error
	first := make(map[string]*Scenario)
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		scenarios, err := Parse(name, data)
		errs = append(errs, err)
		for _, s := range scenarios {
			if f := first[s.ID]; f != nil {
				errs = append(errs, &LoadError{File: s.File, Line: s.Line, ID: s.ID, Err: fmt.Errorf("there is one of that id at %s:%d", f.File, f.Line)})
				continue
			}
			first[s.ID] = s
			all = append(all, s)
		}
	}
	return all, errors.Join(errs...)
}

// Parse reads one file of scenarios. name is what errors call it. Ids are not
// held against each other. The error joins a [*LoadError] for everything that is
// wrong, and the scenarios in which nothing is are returned beside it: those of
// JSON that is broken are the ones before.
func Parse(name string, data []byte) ([]*Scenario, error) {
	name = path.Clean(name)
	root, broken := readJSON(data)
	if root == nil {
		return nil, loadError(name, broken)
	}
	if root.is != "array" && broken == nil {
		return nil, &LoadError{File: name, Line: root.line, Err: errors.New("not an array of scenarios")}
	}
	var all []*Scenario
	var errs []error
	for _, n := range root.array {
		s := &Scenario{File: name, Line: n.line}
		fine := len(errs)
		decode(n, reflect.ValueOf(s).Elem(), func(line int, err error) {
			id := ""
			if n := n.get("id"); n != nil {
				id, _ = n.value.(string)
			}
			errs = append(errs, &LoadError{File: name, Line: line, ID: id, Err: err})
		})
		if len(errs) > fine {
			continue
		}
		if s.Page.Origin == "" {
			s.Page.Origin = "A"
		}
		all = append(all, s)
	}
	return all, errors.Join(append(errs, loadError(name, broken))...)
}

func loadError(file string, err error) error {
	if e := (*jsonError)(nil); errors.As(err, &e) {
		return &LoadError{File: file, Line: e.line, Err: e.err}
	}
	return err
}
