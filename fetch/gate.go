package fetch

import (
	"github.com/corsfetch/corsfetch/fetch/integrity"
	"github.com/corsfetch/corsfetch/fetch/orb"
)

// gateFacts are what a console message depends on besides what an [Error] tells
// everybody, if the response was refused for what it is.
type gateFacts struct {
	essence   string // of its MIME type
	orb       orb.Reason
	integrity string // the metadata
	algorithm integrity.Algorithm
	digest    string // of the body, as metadata has it
	length    int64  // of the body
	expected  int64  // by Content-Length; below 0 is unknown
}
