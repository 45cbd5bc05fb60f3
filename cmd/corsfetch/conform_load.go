package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// loadScenarios reads files of scenarios: those named, and the *.json files of
// directories named. It returns what can be used; the error joins all that is
// wrong.
func loadScenarios(paths []string) ([]*conformance.Scenario, error) {
	var all []*conformance.Scenario
	var errs []error
	first := make(map[string]*conformance.Scenario)
	for _, path := range paths {
		files, err := scenarioFiles(path)
		errs = append(errs, err)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			scenarios, err := conformance.Parse(filepath.ToSlash(file), data)
			errs = append(errs, err)
			for _, s := range scenarios {
				if f := first[s.ID]; f != nil {
					errs = append(errs, fmt.Errorf("%s:%d: %s: there is one of that id at %s:%d", s.File, s.Line, s.ID, f.File, f.Line))
					continue
				}
				first[s.ID] = s
				all = append(all, s)
			}
		}
	}
	return all, errors.Join(errs...)
}

// scenarioFiles returns path, or the *.json files in it if it is a directory.
func scenarioFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") && !e.IsDir() {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no *.json files of scenarios", path)
	}
	return files, nil
}

// readRecording reads a file; "" is none.
func readRecording(file string) (*conformance.Recording, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return conformance.ReadRecording(filepath.ToSlash(file), data)
}

// isOrBelow reports whether an id is what is asked for, or begins with it and a
// hyphen.
func isOrBelow(id, asked string) bool { return id == asked || strings.HasPrefix(id, asked+"-") }
