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
// their names. It is all or nothing: the error joins a [*LoadError] for
// everything that is wrong.
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
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		scenarios, err := Parse(name, data)
		all, errs = append(all, scenarios...), append(errs, err)
	}
	if err := errors.Join(append(errs, checkUnique(all))...); err != nil {
		return nil, err
	}
	return all, nil
}

// Parse reads one file of scenarios. name is what errors call it. Ids are not
// held against those of other files.
func Parse(name string, data []byte) ([]*Scenario, error) {
	name = path.Clean(name)
	root, err := readJSON(data)
	if err != nil {
		return nil, loadError(name, "", err)
	}
	if root.is != "array" {
		return nil, &LoadError{File: name, Line: root.line, Err: errors.New("not an array of scenarios")}
	}
	var all []*Scenario
	var errs []error
	for _, n := range root.array {
		s := &Scenario{File: name, Line: n.line}
		decode(n, reflect.ValueOf(s).Elem(), func(line int, err error) {
			id := ""
			if n := n.get("id"); n != nil {
				id, _ = n.value.(string)
			}
			errs = append(errs, &LoadError{File: name, Line: line, ID: id, Err: err})
		})
		if s.Page.Origin == "" {
			s.Page.Origin = "A"
		}
		all = append(all, s)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return all, nil
}

func loadError(file, id string, err error) error {
	if e := (*jsonError)(nil); errors.As(err, &e) {
		return &LoadError{File: file, Line: e.line, ID: id, Err: e.err}
	}
	return err
}

// checkUnique reports ids that are there twice.
func checkUnique(all []*Scenario) error {
	var errs []error
	first := make(map[string]*Scenario)
	for _, s := range all {
		if f := first[s.ID]; f != nil {
			errs = append(errs, &LoadError{File: s.File, Line: s.Line, ID: s.ID, Err: fmt.Errorf("there is one of that id at %s:%d", f.File, f.Line)})
			continue
		}
		first[s.ID] = s
	}
	return errors.Join(errs...)
}
