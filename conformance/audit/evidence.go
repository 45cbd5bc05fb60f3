package audit

import (
	"slices"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// finding is one of the rule that is checked.
func (p *prober) finding(s Severity, c Confidence, page, consequence, fix string, evidence ...Evidence) Finding {
	return Finding{
		ID: p.rule.ID, Name: p.rule.Name, Title: p.rule.Title, Severity: s, Confidence: c,
		URL: p.subject.Request.URL, Page: page, Consequence: consequence, Fix: fix, Evidence: evidence,
	}
}

// proof is a fetch that shows a finding.
func (p *prober) proof(what string, got *fetchtest.Result) Evidence {
	e := Evidence{What: what, Verdict: verdict(got), Exchanges: []Exchange{}}
	for _, x := range got.Wire {
		e.Exchanges = append(e.Exchanges, shown(x, p.guard.header))
	}
	return e
}

// proofOf is a preflight that shows a finding.
func (p *prober) proofOf(what string, pf preflight) Evidence {
	e := p.proof(what, pf.Result)
	if pf.Passed {
		e.Verdict = "the preflight passes"
		e.Exchanges = slices.DeleteFunc(e.Exchanges, func(x Exchange) bool { return !x.Preflight && x.Status == 0 })
	}
	return e
}

// controlOf is a preflight that shows what is otherwise so.
func (p *prober) controlOf(what string, pf preflight) Evidence {
	e := p.proofOf(what, pf)
	e.Control = true
	return e
}

// control is a fetch that shows what is otherwise so.
func (p *prober) control(what string, got *fetchtest.Result) Evidence {
	e := p.proof(what, got)
	e.Control = true
	return e
}

// withoutPreflight is what a page is answered without one.
func (p *prober) withoutPreflight(page string, mode fetch.CredentialsMode) Evidence {
	return p.control(asPage(page, mode)+", without a preflight", p.get(page, mode))
}

// rawProof is an answer to what no page sends that shows a finding.
func (p *prober) rawProof(what string, a *answer) Evidence {
	v := "answered"
	if a.Status == 0 {
		v = "not answered"
	}
	return Evidence{What: what, Verdict: v, Exchanges: []Exchange{shown(a.Exchange, p.guard.header)}}
}

// asPage says which fetch an evidence is of.
func asPage(page string, mode fetch.CredentialsMode) string {
	with := "with credentials"
	if mode == fetch.CredentialsOmit {
		with = "without credentials"
	}
	return page + " reads, " + with
}

// rawControl is rawProof of what is otherwise so.
func (p *prober) rawControl(what string, a *answer) Evidence {
	e := p.rawProof(what, a)
	e.Control = true
	return e
}
