package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/browsers"
	"github.com/corsfetch/corsfetch/conformance/engine"
)

const conformUsage = `usage: corsfetch conform [flags] [DIR...]

Holds a client against scenarios: the *.json files of each DIR, or files
themselves. Without any it is those that come with corsfetch, and what real
browsers did with them. Flags may also follow them.

  -client NAME   engine, or a real browser: chromium, firefox or webkit
  -profile NAME  of the engine: standard, chromium, firefox or webkit
  -against FILE  the recording it should agree with; without: the expectations
                 in the scenarios, or for the scenarios that come with corsfetch
                 what the browser did
  -only ID       the scenario of that id, or all whose ids begin with ID-;
                 may be repeated
  -sample N      so many of them, spread evenly
  -console       compare what a browser tells people too: messages, console
  -limit DUR     of a scenario, after which it is ended; 2m
  -retry         run a scenario that disagrees once more, and judge that
  -record FILE   write what the client did, to be held against later
  -program FILE  the browser's program, where it is not found by itself
  -json          print JSON
  -html FILE     write a report to FILE, too, to be opened in a browser

  -generate N    in place of DIR: N scenarios that nobody wrote
  -about NAME    what they are about: fetch or cookies; fetch
  -seed S        which: the same seed makes the same ones; 1

With -generate and -against-browser it runs them in a browser and in the engine
at a time, shrinks those on which the two disagree, and prints them.

  -against-browser NAME   chromium, firefox or webkit; -program as above
  -profile NAME           of the engine, if not that browser's

exit code: 0 all agrees, 1 not all, or some scenarios are broken, 2 usage or
nothing that is not broken, 3 no browser
`

// engineClient as client is package fetch.
const engineClient = "engine"

// conformOptions is what the command line of conform asks for.
type conformOptions struct {
	client      string
	profile     string // of the engine
	againstFile string // "" is none
	only        []string
	sample      int // 0 is all
	console     bool
	limit       time.Duration // of a scenario; 0 is the usual one
	retry       bool
	recordFile  string // "" is none
	program     string // of the browser; "" is to be found
	json        bool
	htmlFile    string // "" is none
	generate    int    // how many scenarios; 0: those of paths
	about       string
	seed        uint64
	paths       []string // none: the corpus
}

func (o *conformOptions) flags() *flag.FlagSet {
	clients := []string{engineClient}
	for _, kind := range browsers.Kinds() {
		clients = append(clients, string(kind))
	}
	fs := newFlagSet("conform")
	fs.Func("client", "", choose(&o.client, clients...))
	fs.Func("profile", "", choose(&o.profile, profileNames()...))
	fs.StringVar(&o.againstFile, "against", "", "")
	fs.Func("only", "", func(s string) error { o.only = append(o.only, s); return nil })
	fs.Func("sample", "", positive(&o.sample, maxGenerated))
	fs.BoolVar(&o.console, "console", false, "")
	fs.Func("limit", "", duration(&o.limit))
	fs.BoolVar(&o.retry, "retry", false, "")
	fs.StringVar(&o.recordFile, "record", "", "")
	fs.StringVar(&o.program, "program", "", "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.Func("html", "", htmlFlag(&o.htmlFile))
	fs.Func("generate", "", positive(&o.generate, maxGenerated))
	fs.Func("about", "", choose(&o.about, subjects()...))
	fs.Uint64Var(&o.seed, "seed", 1, "")
	return fs
}

func parseConform(args []string) (conformOptions, error) {
	o := conformOptions{client: engineClient}
	paths, err := parseInterspersed(o.flags(), args)
	switch {
	case err != nil:
		return o, err
	case o.client != engineClient && o.profile != "":
		return o, fmt.Errorf("-profile is for -client engine; %s is what it is", o.client)
	case o.client == engineClient && o.program != "":
		return o, errors.New("-program is for a browser, which -client names")
	case o.generate > 0 && len(paths) > 0:
		return o, fmt.Errorf("-generate takes no files: %q", paths[0])
	case o.generate > 0 && o.againstFile == "" && o.recordFile == "":
		return o, errors.New("nothing is expected of what -generate makes: want -against-browser, -against or -record")
	case o.client == engineClient && o.console:
		return o, errors.New("-console is for a browser, which -client names")
	}
	if o.profile == "" {
		o.profile = "standard"
	}
	o.paths = paths
	return o, nil
}

// isCorpus reports whether the scenarios are those of the corpus.
func (o *conformOptions) isCorpus() bool { return len(o.paths) == 0 && o.generate == 0 }

// name is what is held against something.
func (r *conformRun) name() string {
	if r.client == engineClient {
		return r.client + " as " + r.profile
	}
	return r.client + " " + r.version
}

// runConform is the command conform.
func runConform(ctx context.Context, args []string, stdout, stderr io.Writer, colors palette) int {
	if isSearch(args) {
		return runSearch(ctx, args, stdout, stderr, colors)
	}
	o, err := parseConform(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, conformUsage)
		return exitAllowed
	}
	if err != nil {
		fmt.Fprintf(stderr, "corsfetch conform: %s\ncorsfetch conform -h lists the flags\n", sanitize(err.Error()))
		return exitUsage
	}
	r := conformRun{conformOptions: o, stderr: stderr}
	code := r.prepare()
	if r.scenarios != nil {
		code = max(code, r.judge(ctx))
	}
	if r.report != nil {
		err := r.write(stdout, colors)
		if err == nil && r.htmlFile != "" {
			err = writeHTML(r.htmlFile, r.html())
		}
		if err != nil {
			r.complain(err)
			return exitFailed
		}
	}
	return code
}

// A conformRun is one run of conform.
type conformRun struct {
	conformOptions
	stderr    io.Writer
	scenarios []*conformance.Scenario // nil if there is nothing to do
	against   *conformance.Recording  // nil: the expectations
	known     map[string]string       // where the client is known to differ
	version   string                  // of the client
	report    *conformance.Report     // nil if nothing could be run
}

// complain says what is wrong, a line for each thing.
func (r *conformRun) complain(err error) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			r.complain(one)
		}
		return
	}
	fmt.Fprintf(r.stderr, "corsfetch conform: %s\n", sanitize(err.Error()))
}

// prepare reads the files. What is wrong with some of the scenarios does not
// keep others from being run, but it is no success.
func (r *conformRun) prepare() (code int) {
	all, err := r.loadScenarios()
	if err != nil {
		r.complain(err)
		if code = exitBlocked; len(all) == 0 {
			return exitUsage
		}
	}
	if err := r.loadRecording(); err != nil {
		r.complain(err)
		return exitUsage
	}
	selected, err := selectScenarios(all, r.only)
	if err != nil {
		r.complain(err)
		return exitUsage
	}
	for _, file := range []string{r.recordFile, r.htmlFile} {
		// Now, for a browser can take long to get where it could be written.
		if err := tryToWrite(file); err != nil {
			r.complain(err)
			return exitUsage
		}
	}
	selected = spread(selected, r.sample)
	if len(selected) > 0 {
		r.scenarios = selected
	}
	r.known = r.knownAmong(selected)
	return code
}

// tryToWrite says why a file cannot be written; "" is none. It leaves what is
// there, or that nothing is.
func tryToWrite(file string) error {
	if file == "" {
		return nil
	}
	_, statErr := os.Lstat(file)
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	err = f.Close()
	if errors.Is(statErr, fs.ErrNotExist) {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}

// judge runs the scenarios.
func (r *conformRun) judge(ctx context.Context) (code int) {
	newClient, opts, done, err := r.open(ctx)
	if err != nil {
		r.complain(err)
		return exitFailed
	}
	defer done()
	opts.Against, opts.Known, opts.Console, opts.Limit, opts.Retry = r.against, r.known, r.console, r.limit, r.retry
	if r.client == engineClient && !r.isCorpus() && r.against != nil {
		opts.Explain = engine.Explain(r.profile)
	}
	progress := newProgress(r.stderr)
	opts.Progress = progress.step
	r.report, err = conformance.Check(ctx, r.scenarios, newClient, opts)
	progress.end()
	if err != nil {
		r.complain(fmt.Errorf("stopped early: %w", err))
		code = exitFailed
	}
	if r.recordFile != "" && r.report != nil {
		if err := r.writeRecording(); err != nil {
			r.complain(err)
			code = exitFailed
		}
	}
	if code != exitAllowed {
		return code
	}
	if !r.report.OK() || r.report.Scenarios == r.report.Skipped {
		return exitBlocked
	}
	return exitAllowed
}

// writeRecording writes what the client did.
func (r *conformRun) writeRecording() error {
	r.report.Recorded.Browser, r.report.Recorded.Version = r.client, r.version
	f, err := os.Create(r.recordFile)
	if err != nil {
		return err
	}
	_, err = r.report.Recorded.WriteTo(f)
	return errors.Join(err, f.Close())
}

// selectScenarios returns those that only names, or all.
func selectScenarios(all []*conformance.Scenario, only []string) ([]*conformance.Scenario, error) {
	if len(only) == 0 {
		return all, nil
	}
	var selected []*conformance.Scenario
	used := make(map[string]bool)
	for _, s := range all {
		matches := func(id string) bool { return isOrBelow(s.ID, id) }
		if i := slices.IndexFunc(only, matches); i >= 0 {
			selected = append(selected, s)
			for _, id := range only[i:] {
				used[id] = used[id] || matches(id)
			}
		}
	}
	for _, id := range only {
		if !used[id] {
			return nil, fmt.Errorf("-only %s: there is no such scenario", id)
		}
	}
	return selected, nil
}

// spread returns n of all, as far apart as can be, or all if n is 0 or more than
// there are.
func spread(all []*conformance.Scenario, n int) []*conformance.Scenario {
	if n == 0 || n >= len(all) {
		return all
	}
	some := make([]*conformance.Scenario, n)
	for i := range some {
		some[i] = all[i*len(all)/n]
	}
	return some
}
