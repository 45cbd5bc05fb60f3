package audit

import (
	"fmt"
	"strings"
)

// SARIF is the report as the value of a SARIF 2.1.0 file, for encoding/json.
// Accepted findings are suppressed results.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func (r *Report) SARIF() any {
	rules := make([]sarifRule, len(catalogue))
	index := make(map[string]int)
	for i := range catalogue {
		rule := &catalogue[i].Rule
		index[rule.ID] = i
		rules[i] = sarifRule{ID: rule.ID, Name: rule.Name, ShortDescription: sarifText{rule.Title}}
		rules[i].Properties.Tags = []string{"cors"}
		if rule.CWE != 0 {
			rules[i].Properties.Tags = append(rules[i].Properties.Tags, "security", fmt.Sprintf("external/cwe/cwe-%d", rule.CWE))
		}
	}
	results := make([]sarifResult, len(r.Findings))
	for i := range r.Findings {
		results[i] = sarifOf(&r.Findings[i], index)
	}
	run := sarifRun{Results: results}
	run.Tool.Driver = sarifDriver{Name: "corsfetch", InformationURI: "https://github.com/corsfetch/corsfetch", Rules: rules}
	return sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		Name             string    `json:"name"`
		ShortDescription sarifText `json:"shortDescription"`
		Properties       struct {
			Tags []string `json:"tags"`
		} `json:"properties"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Level               string             `json:"level"`
		Message             sarifText          `json:"message"`
		Locations           []sarifLocation    `json:"locations"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		WebRequest          *sarifRequest      `json:"webRequest,omitempty"`
		WebResponse         *sarifResponse     `json:"webResponse,omitempty"`
		Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
		Properties          sarifProperties    `json:"properties"`
	}
	sarifLocation struct {
		PhysicalLocation struct {
			ArtifactLocation struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region struct {
				StartLine int `json:"startLine"` // without one some readers show nothing
			} `json:"region"`
		} `json:"physicalLocation"`
	}
	sarifRequest struct {
		Method  string            `json:"method"`
		Target  string            `json:"target"`
		Headers map[string]string `json:"headers"`
	}
	sarifResponse struct {
		StatusCode int               `json:"statusCode"`
		Headers    map[string]string `json:"headers"`
	}
	sarifSuppression struct {
		Kind string `json:"kind"`
	}
	sarifProperties struct {
		Severity         Severity   `json:"severity"`
		SecuritySeverity string     `json:"security-severity,omitempty"`
		Confidence       Confidence `json:"confidence"`
		Page             string     `json:"page,omitempty"`
		Fix              string     `json:"fix"`
	}
)

// sarifOf is a finding as a result. index says where its rule is.
func sarifOf(f *Finding, index map[string]int) sarifResult {
	text := f.Title + ": " + f.Consequence
	if f.Page != "" {
		text += " Page: " + f.Page + "."
	}
	out := sarifResult{
		RuleID: f.ID, RuleIndex: index[f.ID], Level: sarifLevel(f.Severity),
		Message:             sarifText{text + " Fix: " + f.Fix},
		Locations:           make([]sarifLocation, 1),
		PartialFingerprints: map[string]string{"corsfetch/v1": f.Key()},
		Properties: sarifProperties{
			Severity: f.Severity, SecuritySeverity: securitySeverity[f.Severity], Confidence: f.Confidence, Page: f.Page, Fix: f.Fix,
		},
	}
	out.Locations[0].PhysicalLocation.ArtifactLocation.URI = f.URL
	out.Locations[0].PhysicalLocation.Region.StartLine = 1
	if f.Accepted {
		out.Suppressions = []sarifSuppression{{"external"}}
	}
	for _, e := range f.Evidence {
		if n := len(e.Exchanges); n > 0 && !e.Control {
			x := &e.Exchanges[n-1]
			out.WebRequest = &sarifRequest{x.Method, x.URL, joined(x.Request)}
			if x.Status != 0 {
				out.WebResponse = &sarifResponse{x.Status, joined(x.Response)}
			}
			break
		}
	}
	return out
}

// sarifLevel is a severity as SARIF has it.
func sarifLevel(s Severity) string {
	switch {
	case s.Compare(Broken) >= 0:
		return "error"
	case s.Compare(Low) >= 0:
		return "warning"
	}
	return "note"
}

// securitySeverity are what readers of SARIF sort the severities of security by,
// from 0 to 10.
var securitySeverity = map[Severity]string{Low: "3.0", Medium: "5.5", High: "8.0", Critical: "9.5"}

// joined is a header with a value for each name.
func joined(h map[string][]string) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		out[name] = strings.Join(values, ", ")
	}
	return out
}
