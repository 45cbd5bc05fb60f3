package fetch

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/integrity"
	"github.com/corsfetch/corsfetch/safelist"
)

// IntegrityRules are where browsers differ in Init.Integrity.
//
// https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
type IntegrityRules struct {
	// Metadata says how it is read.
	Metadata integrity.Rules

	// BlankIsNone: metadata of nothing but spaces is none. In the standard an
	// opaque response does not match it.
	// Shown by integrity-no-cors-unknown.
	BlankIsNone bool

	// ElementsNeedHash: metadata that asks for nothing is none, if an element has
	// it. In the standard an opaque response does not match it.
	// Shown by integrity-script-opaque.
	ElementsNeedHash bool

	// NullBodyIsEmpty: a response that has no body is held to the hash of
	// nothing. In the standard it matches nothing.
	// Shown by integrity-head, integrity-status-204.
	NullBodyIsEmpty bool

	// Hidden says what a response is held to that redirect mode "manual" hides.
	// Shown by integrity-manual.
	Hidden HiddenBody

	// DataNeedsCORS: what an element has in a data: URL matches nothing in mode
	// "no-cors". In the standard the page may read it, as in other modes.
	// Shown by integrity-data-script.
	DataNeedsCORS bool

	// BrokenBodyPasses: a response whose body breaks off is handed out, with a
	// body that only fails. In the standard the fetch fails.
	// Shown by integrity-short-body.
	BrokenBodyPasses bool
}

// A HiddenBody says what the body of an opaqueredirect response is held to.
type HiddenBody uint8

const (
	HiddenNever  HiddenBody = iota // it matches nothing: the standard's
	HiddenEmpty                    // the hash of nothing
	HiddenCounts                   // its own
)

// checkIntegrity makes sure that res, before it is filtered, is the response
// that the integrity metadata means. That takes all of its body.
//
// https://fetch.spec.whatwg.org/#concept-main-fetch
func (p *fetchParams) checkIntegrity(res *response) *Error {
	r, rules := &p.request, &p.profile.Integrity
	told := gateFacts{integrity: r.integrity, expected: res.length()}
	refuse := func(reason Reason, got string) *Error {
		return p.refuseResponse(reason, StageResponse, res.status, refusal{got: got, want: "integrity " + r.integrity, gate: told})
	}
	metadata := rules.Metadata.Parse(r.integrity)
	if rules.BlankIsNone && strings.TrimSpace(r.integrity) == "" || rules.ElementsNeedHash && metadata.IsEmpty() && r.initiator.isElement() {
		return nil
	}
	// What has no body matches nothing, nor does what the page may not see.
	isHidden := res.kind == TypeOpaqueRedirect
	isNull := !isHidden && (r.method == http.MethodHead || safelist.IsNullBodyStatus(res.status))
	isHiddenData := rules.DataNeedsCORS && r.mode == ModeNoCORS && r.initiator.isElement() && r.currentURL().Scheme() == "data"
	if r.tainting == opaque || isHiddenData || isNull && !rules.NullBodyIsEmpty || isHidden && rules.Hidden == HiddenNever {
		res.discard()
		told.length = told.expected
		return refuse(ErrIntegrityNoBody, "no body that the page may read")
	}
	body, err := []byte(nil), error(nil)
	if !isNull && !(isHidden && rules.Hidden == HiddenEmpty) {
		body, err = res.read(math.MaxInt64)
	}
	res.body.Close()
	switch {
	case err != nil && rules.BrokenBodyPasses && p.ctx.Err() == nil:
		res.body = io.NopCloser(brokenBody{err})
		return nil
	case err != nil:
		e := p.networkError(StageResponse, err)
		e.gate = told
		return e
	case !metadata.Match(body):
		if res.in == nil {
			told.expected = int64(len(body))
		}
		told.algorithm, told.digest, told.length = metadata.Algorithm, metadata.Algorithm.Sum(body), int64(len(body))
		return refuse(ErrIntegrityMismatch, told.algorithm.String()+"-"+told.digest)
	}
	res.body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// A brokenBody is what is left of a body that has broken off.
type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }
