package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/browsers"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/conformance/search"
)

// maxGenerated bounds -generate: a browser takes some 50 ms for each.
const maxGenerated = 1_000_000

// searchOptions is what the command line of conform -against-browser asks for.
type searchOptions struct {
	generate int
	about    string
	seed     uint64
	browser  string
	profile  string // of the engine
	program  string // of the browser; "" is to be found
}

// isSearch reports whether the command line of conform is one of a search.
func isSearch(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		return strings.HasPrefix(arg, "-") && name == "against-browser"
	})
}

func parseSearch(args []string) (searchOptions, error) {
	var o searchOptions
	var kinds []string
	for _, kind := range browsers.Kinds() {
		kinds = append(kinds, string(kind))
	}
	fs := newFlagSet("conform")
	fs.Func("generate", "", positive(&o.generate, maxGenerated))
	fs.Func("about", "", choose(&o.about, subjects()...))
	fs.Uint64Var(&o.seed, "seed", 1, "")
	fs.Func("against-browser", "", choose(&o.browser, kinds...))
	fs.Func("profile", "", choose(&o.profile, profileNames()...))
	fs.StringVar(&o.program, "program", "", "")
	others, err := parseInterspersed(fs, args)
	switch {
	case err != nil:
		return o, err
	case len(others) > 0:
		return o, fmt.Errorf("-generate takes no files: %q", others[0])
	case o.generate == 0:
		return o, errors.New("want -generate N, the number of scenarios")
	}
	if o.profile == "" {
		o.profile = o.browser
	}
	return o, nil
}

// runSearch is the command conform with -against-browser.
func runSearch(ctx context.Context, args []string, stdout, stderr io.Writer, colors palette) int {
	o, err := parseSearch(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, conformUsage)
		return exitAllowed
	}
	complain := func(err error) { fmt.Fprintf(stderr, "corsfetch conform: %s\n", sanitize(err.Error())) }
	if err != nil {
		complain(err)
		fmt.Fprintln(stderr, "corsfetch conform -h lists the flags")
		return exitUsage
	}
	d, err := startDuel(ctx, o, complain)
	if err != nil {
		complain(err)
		return exitFailed
	}
	defer d.close()
	found, err := d.search(o, newProgress(stderr))
	if err != nil {
		complain(fmt.Errorf("stopped early: %w", err))
	}
	p := printer{colors: colors}
	p.findings(o, d.browser.Version(), found)
	if _, writeErr := io.WriteString(stdout, p.b.String()); writeErr != nil {
		complain(writeErr)
		return exitFailed
	}
	switch {
	case err != nil:
		return exitFailed
	case len(found.Found) > 0:
		return exitBlocked
	}
	return exitAllowed
}

// A duel is the engine and a browser, each with servers of its own.
type duel struct {
	ctx       context.Context
	browser   *browsers.Browser
	newEngine conformance.NewClient
	explain   func(*conformance.Scenario, conformance.Difference) string
	servers   [2]*conformance.Servers // the browser's and the engine's
}

func startDuel(ctx context.Context, o searchOptions, complain func(error)) (*duel, error) {
	d := &duel{ctx: ctx, newEngine: engine.New(profileNamed(o.profile)), explain: engine.Explain(o.browser)}
	for i, start := range []func() (*conformance.Servers, error){conformance.Listen, conformance.InMemory} {
		var err error
		if d.servers[i], err = start(); err != nil {
			d.close()
			return nil, err
		}
	}
	log := func(message string) { complain(errors.New(message)) }
	b, err := browsers.Start(ctx, browsers.Kind(o.browser), d.servers[0], browsers.Options{Path: o.program, NoConsole: true, Log: log})
	if err != nil {
		d.close()
		return nil, fmt.Errorf("%s does not start: %w", o.browser, err)
	}
	d.browser = b
	return d, nil
}

func (d *duel) close() {
	if d.browser != nil {
		d.browser.Close()
	}
	for _, s := range d.servers {
		if s != nil {
			s.Close()
		}
	}
}

// search runs the scenarios of o, and shrinks those that disagree.
func (d *duel) search(o searchOptions, progress *progress) (*search.Findings, error) {
	defer progress.end()
	done := -1
	return search.Find(generate(o.about, o.seed, o.generate), d.judge, func(s *conformance.Scenario, isShrinking bool) {
		if !isShrinking {
			done++
		}
		progress.step(done, o.generate, s)
	})
}

// judge is a [search.Judge]. What the engine skips is not run in the browser.
func (d *duel) judge(s *conformance.Scenario) (search.Verdict, error) {
	one := []*conformance.Scenario{s}
	got, err := conformance.Check(d.ctx, one, d.newEngine, conformance.Options{Servers: d.servers[1]})
	if err != nil {
		return search.Verdict{}, err
	}
	if got.Skipped > 0 {
		return search.Verdict{Skipped: got.Skips[0].Reason}, nil
	}
	want, err := conformance.Record(d.ctx, one, d.browser.NewClient, conformance.Options{Servers: d.servers[0]})
	if err != nil {
		return search.Verdict{}, err
	}
	if result := want.Results[0]; result.Error != "" {
		return search.Verdict{Skipped: "the browser: " + result.Error}, d.ctx.Err()
	}
	var v search.Verdict
	for _, difference := range conformance.CompareResults(&got.Recorded.Results[0], &want.Results[0]) {
		if difference.Level == conformance.LevelConsole {
			continue
		}
		if reason := d.explain(s, difference); reason != "" {
			v.Explained = reason
			continue
		}
		v.Differences = append(v.Differences, difference)
	}
	return v, nil
}

// findings is the whole report of a search.
func (p *printer) findings(o searchOptions, version string, all *search.Findings) {
	p.line(span{bold, "engine as " + o.profile}, span{plain, " against " + version + ", seed " + strconv.FormatUint(o.seed, 10)})
	for _, f := range all.Found {
		p.line()
		p.disagreement(f)
	}
	for _, id := range all.Unstable {
		p.line(span{yellow, "disagreed once and not again: "}, span{plain, id})
	}
	p.line()
	color := green
	if len(all.Found) > 0 {
		color = red
	}
	p.line(span{color, fmt.Sprintf("%d of %d scenarios disagree", all.Disagreed, all.Scenarios)},
		span{plain, fmt.Sprintf(", in %d ways; %d more do for known reasons, %d were skipped.", len(all.Found), all.Explained, all.Skipped)})
}

// disagreement shows both sides, and the scenario as files have
// them.
func (p *printer) disagreement(f *search.Finding) {
	p.line(span{red, strings.Join(f.From, ", ")})
	for _, d := range f.Differences {
		p.line(span{plain, fmt.Sprintf("  step %d, %s (%s)", d.Step, d.What, d.Level)})
		p.line(span{plain, "    got  " + d.Got})
		p.line(span{plain, "    want " + d.Want})
	}
	p.b.Write(search.Marshal(f.Scenario)) // ASCII, and to be copied whole
	p.line()
}
