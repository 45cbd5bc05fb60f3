package main

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/corpus"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/conformance/search"
)

// loadScenarios returns the scenarios that the command line names: generated
// ones, those of files, or the corpus.
func (o *conformOptions) loadScenarios() ([]*conformance.Scenario, error) {
	switch {
	case o.generate > 0:
		return slices.Collect(generate(o.about, o.seed, o.generate)), nil
	case o.isCorpus():
		return corpus.Scenarios()
	}
	return readScenarios(o.paths)
}

// subjects are what generated scenarios can be about.
func subjects() []string { return []string{"fetch", "cookies"} }

// generate makes up scenarios about a subject; "" is the first.
func generate(subject string, seed uint64, n int) iter.Seq[*conformance.Scenario] {
	if subject == "cookies" {
		return search.GenerateCookies(seed, n)
	}
	return search.Generate(seed, n)
}

// readScenarios reads files of scenarios: those named, and the *.json files of
// directories named. It returns what can be used; the error joins all that is
// wrong.
func readScenarios(paths []string) ([]*conformance.Scenario, error) {
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

// loadRecording reads what the client is to agree with.
func (r *conformRun) loadRecording() (err error) {
	file, browser := r.againstFile, r.browser()
	switch {
	case file != "":
		var data []byte
		if data, err = os.ReadFile(file); err == nil {
			r.against, err = conformance.ReadRecording(filepath.ToSlash(file), data)
		}
	case r.isCorpus() && browser != "standard":
		r.against, err = corpus.Recording(browser)
	}
	return err
}

// browser is whose behaviour the client has.
func (o *conformOptions) browser() string {
	if o.client == engineClient {
		return o.profile
	}
	return o.client
}

// knownAmong returns where the engine is known to differ, of the scenarios of
// the corpus that are to be run.
func (r *conformRun) knownAmong(scenarios []*conformance.Scenario) map[string]string {
	if r.client != engineClient || !r.isCorpus() || r.againstFile != "" {
		return nil
	}
	known := engine.Known(r.profile)
	maps.DeleteFunc(known, func(id, _ string) bool {
		return !slices.ContainsFunc(scenarios, func(s *conformance.Scenario) bool { return s.ID == id })
	})
	return known
}

// isOrBelow reports whether an id is what is asked for, or begins with it and a
// hyphen.
func isOrBelow(id, asked string) bool { return id == asked || strings.HasPrefix(id, asked+"-") }
