package fetch

import (
	"errors"
	"fmt"
	"net/textproto"
)

// errMalformed stands for an error that quotes the response it is about.
var errMalformed = errors.New("malformed HTTP response")

// networkError returns the error for a request that was not answered.
func (p *fetchParams) networkError(stage Stage, err error) *Error {
	if p.ctx.Err() != nil {
		e := p.aborted()
		e.Stage = stage
		return e
	}
	e := p.refuseResponse(ErrNetwork, stage, 0, refusal{})
	e.Err = err
	if quotesResponse(err) {
		e.Reason, e.Err = ErrInvalidResponse, errMalformed
	}
	return e
}

// quotesResponse reports whether err's text may hold bytes of a response. They
// are the server's, and the page has not been allowed to read them.
func quotesResponse(err error) bool {
	for err != nil {
		if _, ok := err.(textproto.ProtocolError); ok {
			return true
		}
		switch fmt.Sprintf("%T", err) {
		case "*http.badStringError", "*http.unsupportedTEError", "http.http2GoAwayError", "http2.GoAwayError":
			return true
		}
		err = errors.Unwrap(err)
	}
	return false
}
