package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Options say what a client is held against. The zero value is what the
// standards say.
type Options struct {
	// Against is what the client should do; nil means the expectations in the
	// scenarios. Scenarios that it lacks are skipped.
	Against *Recording

	// Console says to compare messages and the console too, with
	// Against. Standards say nothing of them.
	Console bool

	// Via is what else the client can besides fetch(); see [Vias]. Scenarios
	// that need more are skipped.
	Via []string

	// Known are scenarios by id in which the client is known to differ, and
	// why.
	Known map[string]string

	// Explain, if not nil, says why a difference is known to be, or "". A scenario
	// of which it explains all differences is as if it was in Known.
	Explain func(*Scenario, Difference) string

	// Retry says to run a scenario that differs once more and to judge that,
	// for clients that hang on time, as browsers do on a busy machine.
	Retry bool

	// Limit is how long a scenario may take, from the opening of its page; 0
	// is [ScenarioTimeout]. One that takes longer is ended, which is an error
	// of it alone.
	Limit time.Duration

	// Servers are the servers to use; nil means to start some.
	Servers *Servers

	// Progress, if not nil, is called before each scenario.
	Progress func(done, total int, s *Scenario)
}

// A Report is how a client did.
type Report struct {
	Scenarios int            `json:"scenarios"`
	Agree     int            `json:"agree"`
	Explained int            `json:"explained"` // differ, as Options.Known or Explain says
	Skipped   int            `json:"skipped"`
	Steps     int            `json:"steps"` // of scenarios not skipped
	Areas     []Area         `json:"areas"` // by name
	Disagree  []Disagreement `json:"disagree"`
	Known     []Disagreement `json:"known"`    // what Explained counts
	Unstable  []Disagreement `json:"unstable"` // with Options.Retry: differed, and when run again did not
	Skips     []Skip         `json:"skips"`
	Stale     []string       `json:"stale"` // ids in Options.Known that do agree, or were not run
	Recorded  *Recording     `json:"-"`     // what the client did
}

// An Area is how a client did with the scenarios whose ids have the same first
// part.
type Area struct {
	Name      string `json:"name"`
	Agree     int    `json:"agree"`
	Explained int    `json:"explained"`
	Disagree  int    `json:"disagree"`
	Skipped   int    `json:"skipped"`
}

// A Disagreement is a scenario in which the client did something else.
type Disagreement struct {
	ID          string       `json:"id"`
	Note        string       `json:"note,omitempty"`
	Reason      string       `json:"reason,omitempty"` // why, if known
	Error       string       `json:"error,omitempty"`  // if the client could not run it
	Level       Level        `json:"level"`            // of the worst difference
	Differences []Difference `json:"differences"`
	Got         *Result      `json:"got"`
	Want        *Result      `json:"want,omitempty"` // nil if held against the standards
}

// A Skip is a scenario that was not run, and why.
type Skip struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// OK reports whether nothing is unexplained.
func (r *Report) OK() bool { return len(r.Disagree) == 0 && len(r.Stale) == 0 }

func (d *Disagreement) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)", d.ID, d.Level)
	for _, text := range []string{d.Note, d.Reason, d.Error} {
		if text != "" {
			b.WriteString("\n  " + text)
		}
	}
	for _, difference := range d.Differences {
		fmt.Fprintf(&b, "\n  step %d, %s\n    got  %s\n    want %s", difference.Step, difference.What, orNothing(difference.Got), orNothing(difference.Want))
	}
	return b.String()
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

// area is the part of an id before the first "-".
func area(id string) string {
	name, _, _ := strings.Cut(id, "-")
	return name
}

// Check runs scenarios in clients, one at a time, and says where they differ
// from what they should do. The error is about the check itself; after one the
// report covers what was run.
func Check(ctx context.Context, scenarios []*Scenario, newClient NewClient, opts Options) (*Report, error) {
	r, close, err := newRunner(newClient, opts)
	if err != nil {
		return nil, err
	}
	defer close()
	report := &Report{Recorded: new(Recording)}
	known := make(map[string]bool)
	for i, s := range scenarios {
		if opts.Progress != nil {
			opts.Progress(i, len(scenarios), s)
		}
		v := r.judge(ctx, s)
		if err := ctx.Err(); err != nil {
			return report, err
		}
		known[s.ID] = v.kind == explained
		report.add(s, v)
	}
	for _, id := range sortedKeys(opts.Known) {
		if !known[id] {
			report.Stale = append(report.Stale, id)
		}
	}
	slices.SortFunc(report.Areas, func(a, b Area) int { return cmp.Compare(a.Name, b.Name) })
	return report, nil
}

// Record runs scenarios and returns what the client did, in the same order.
// The caller adds the name and version. A scenario that the client could not
// finish is recorded with an error; one that it does not support is left out.
func Record(ctx context.Context, scenarios []*Scenario, newClient NewClient, opts Options) (*Recording, error) {
	opts.Against, opts.Known, opts.Explain = nil, nil, nil
	report, err := Check(ctx, scenarios, newClient, opts)
	if report == nil {
		return nil, err
	}
	return report.Recorded, err
}

// A verdict is what is to be said of one scenario.
type verdict struct {
	kind verdictKind
	why  string // it was skipped
	Disagreement
	first *Disagreement // that did not come again
}

type verdictKind int

const (
	agrees verdictKind = iota
	explained
	disagrees
	skipped
)

func (r *Report) add(s *Scenario, v *verdict) {
	i := slices.IndexFunc(r.Areas, func(a Area) bool { return a.Name == s.Area() })
	if i < 0 {
		i = len(r.Areas)
		r.Areas = append(r.Areas, Area{Name: s.Area()})
	}
	r.Scenarios++
	if v.kind != skipped {
		r.Steps += len(s.Steps)
		r.Recorded.Results = append(r.Recorded.Results, *v.Got)
	}
	if v.first != nil {
		r.Unstable = append(r.Unstable, *v.first)
	}
	switch v.kind {
	case agrees:
		r.Agree++
		r.Areas[i].Agree++
	case explained:
		r.Explained++
		r.Areas[i].Explained++
		r.Known = append(r.Known, v.Disagreement)
	case disagrees:
		r.Areas[i].Disagree++
		r.Disagree = append(r.Disagree, v.Disagreement)
	case skipped:
		r.Skipped++
		r.Areas[i].Skipped++
		r.Skips = append(r.Skips, Skip{s.ID, v.why})
	}
}

// A runner runs scenarios.
type runner struct {
	newClient NewClient
	opts      Options
	servers   *Servers
	against   map[string]*Result
}

func newRunner(newClient NewClient, opts Options) (r *runner, close func(), err error) {
	r = &runner{newClient: newClient, opts: opts, servers: opts.Servers}
	close = func() {}
	if r.servers == nil {
		if r.servers, err = Listen(); err != nil {
			return nil, nil, err
		}
		close = r.servers.Close
	}
	if opts.Against != nil {
		r.against = make(map[string]*Result)
		for i := range opts.Against.Results {
			r.against[opts.Against.Results[i].ID] = &opts.Against.Results[i]
		}
	}
	return r, close, nil
}

// judge runs one scenario, and if it differs perhaps again.
func (r *runner) judge(ctx context.Context, s *Scenario) *verdict {
	v := r.judgeOnce(ctx, s)
	if !r.opts.Retry || v.kind != disagrees || ctx.Err() != nil {
		return v
	}
	again := r.judgeOnce(ctx, s)
	if again.kind == agrees {
		again.first = &v.Disagreement
	}
	return again
}

func (r *runner) judgeOnce(ctx context.Context, s *Scenario) *verdict {
	v := &verdict{Disagreement: Disagreement{ID: s.ID, Note: s.Note}}
	if v.why = r.whyNot(s); v.why != "" {
		v.kind = skipped
		return v
	}
	got, err := r.run(ctx, s)
	v.Got = got
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		v.kind, v.why = skipped, err.Error()
		return v
	case r.against != nil:
		v.Want = r.against[s.ID]
		v.Differences = r.compare(got, v.Want)
	default:
		v.Differences = meets(got, s)
	}
	if err != nil && (v.Want == nil || v.Want.Error == "") {
		v.Error = err.Error()
	}
	if len(v.Differences) == 0 && v.Error == "" {
		return v
	}
	v.kind, v.Level = disagrees, LevelConsole
	if v.Error != "" {
		v.Level = LevelOutcome
	}
	for _, d := range v.Differences {
		v.Level = min(v.Level, d.Level)
	}
	if reason := r.reason(s, v); reason != "" {
		v.kind, v.Reason = explained, reason
	}
	return v
}

// reason says why the client is known to differ as it does in v, or "".
func (r *runner) reason(s *Scenario, v *verdict) string {
	if reason, ok := r.opts.Known[s.ID]; ok || r.opts.Explain == nil || v.Error != "" {
		return reason
	}
	var reasons []string
	for _, d := range v.Differences {
		reason := r.opts.Explain(s, d)
		if reason == "" {
			return ""
		}
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	return strings.Join(slices.Compact(reasons), "; ")
}

// whyNot says why a scenario cannot be run, or "".
func (r *runner) whyNot(s *Scenario) string {
	if r.against != nil && r.against[s.ID] == nil {
		return "not in the recording"
	}
	for i := range s.Steps {
		if via := s.Steps[i].Via; via != "" && via != "fetch" && !slices.Contains(r.opts.Via, via) {
			return "it needs " + via
		}
	}
	return ""
}

// run runs one scenario and records it, as far as the client goes.
func (r *runner) run(ctx context.Context, s *Scenario) (*Result, error) {
	web := r.servers.Open(s)
	defer web.Close()
	limit := cmp.Or(r.opts.Limit, ScenarioTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it took more than %v", limit))
	defer cancel()
	defer context.AfterFunc(ctx, web.Close)() // lets go of clients that wait for an answer
	result := &Result{ID: s.ID}
	err := r.runSteps(ctx, web, result)
	if err != nil {
		result.Error = web.Alias(err.Error())
	}
	return result, err
}

func (r *runner) runSteps(ctx context.Context, web *Web, result *Result) error {
	client, err := heed(ctx, func() (Client, error) { return r.newClient(ctx, web) })
	switch {
	case err != nil && ctx.Err() != nil && !errors.Is(err, errDeaf):
		return fmt.Errorf("opening the page: %w", context.Cause(ctx))
	case err != nil:
		return err
	}
	web.Take(nil)
	steps := web.Scenario.Steps
	for i := range steps {
		o, err := heed(ctx, func() (Outcome, error) { return client.Step(ctx, i) })
		if o.Requests == nil {
			o.Requests = web.Take(&steps[i])
		}
		if o.Outcome != "" {
			result.Steps = append(result.Steps, web.aliased(o))
		}
		switch {
		case errors.Is(err, errDeaf):
			return fmt.Errorf("step %d: %w", i+1, err) // it is still in its step: no time to close it
		case ctx.Err() != nil:
			err = fmt.Errorf("step %d: %w", i+1, context.Cause(ctx))
		}
		if err != nil {
			return errors.Join(err, closeClient(ctx, client))
		}
	}
	return closeClient(ctx, client)
}

func closeClient(ctx context.Context, client Client) error {
	_, err := heed(ctx, func() (struct{}, error) { return struct{}{}, client.Close() })
	return err
}

// compare compares as deep as the options say.
func (r *runner) compare(got, want *Result) []Difference {
	all := CompareResults(got, want)
	if r.opts.Console {
		return all
	}
	return slices.DeleteFunc(all, func(d Difference) bool { return d.Level == LevelConsole })
}

// meets holds got against the expectations of s.
func meets(got *Result, s *Scenario) []Difference {
	var all []Difference
	for i := range got.Steps {
		for _, d := range got.Steps[i].Meets(&s.Steps[i]) {
			d.Step = i + 1
			all = append(all, d)
		}
	}
	return all
}
