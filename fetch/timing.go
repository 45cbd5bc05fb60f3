package fetch

import (
	"net/http"
	"slices"

	"github.com/corsfetch/corsfetch/safelist"
)

// A Timing is what Resource Timing lets a script see of a fetch. The zero
// Timing is that there is no entry.
//
// https://www.w3.org/TR/resource-timing/#sec-performanceresourcetiming
type Timing struct {
	// Entry: performance.getEntriesByName(url) has an entry.
	Entry bool

	// Detail: the times between start and end are told, requestStart among them.
	Detail bool

	// Size: so is transferSize.
	Size bool

	// Status is responseStatus; 0 if it is not told.
	Status int
}

const headerTimingAllowOrigin = "Timing-Allow-Origin"

// taoCheck decides whether a response with the headers h lets times be told to a
// request of the given serialized origin and response tainting.
//
// Note: what the standard says of navigations has no use here, as their times
// are no script's.
//
// https://fetch.spec.whatwg.org/#concept-tao-check
func taoCheck(origin string, tainting tainting, h http.Header) bool {
	if tainting == basic {
		return true
	}
	values := h[headerTimingAllowOrigin]
	return len(values) > 0 && slices.ContainsFunc(safelist.GetDecodeSplit(values), func(v string) bool { return v == "*" || v == origin })
}

// timing is what a script sees of a fetch that ends with res.
//
// https://fetch.spec.whatwg.org/#finalize-and-report-timing
func (res *response) timing(r *request, rules TimingRules) Timing {
	if !r.urls[0].IsHTTP() {
		return Timing{}
	}
	t := Timing{Entry: true}
	if !rules.NoStatus {
		t.Status = res.status
	}
	switch {
	case res.kind == TypeOpaqueRedirect && rules.RedirectsHidden,
		res.kind == TypeOpaque && rules.OpaqueErrorsHidden && r.lastStatus >= http.StatusBadRequest:
		return t
	case res.kind == TypeOpaqueRedirect && rules.RedirectsTold:
		t.Status = r.lastStatus
	}
	t.Detail = !r.timingAllowFailed
	t.Size = t.Detail
	if rules.SizeOfOwn {
		t.Size = r.beganSameOrigin()
	}
	return t
}

// failedTiming is what a script sees of a fetch that has failed at a stage, on a
// response with a status if there was one.
//
// https://fetch.spec.whatwg.org/#finalize-and-report-timing
func (p *fetchParams) failedTiming(reason Reason, stage Stage, status int) Timing {
	r, rules := &p.request, p.profile.Timing
	wasSent := stage != StageRequest || len(r.urls) > 1
	if !r.urls[0].IsHTTP() || !wasSent || rules.NoFailures {
		return Timing{}
	}
	t := Timing{Entry: true}
	switch {
	case reason == ErrRedirectDisallowed && rules.RedirectsTold:
		t.Detail, t.Status = !r.timingAllowFailed, status
	case stage == StageResponse && rules.RefusedAsOthers:
		t.Detail = !r.timingAllowFailed
	}
	t.Size = t.Detail && reason != ErrCorpNotSameOrigin && reason != ErrCorpNotSameSite
	return t
}
