package conformance

import (
	"strings"
)

// A Payload is the body that a step gives a request.
type Payload struct {
	Body []byte
	// ContentType is what comes with the type of the body; "" is nothing.
	// A header of the step's own goes before it.
	ContentType string
	Stream      bool // it can be read once only
}

// formBoundary separates the parts of forms. Recordings have "*" in its place.
const formBoundary = "----conformance-boundary-7d1f"

// Payload returns the body of a step, or nil if it has none.
func (s *Step) Payload() *Payload {
	if s.Body == nil {
		return nil
	}
	body := strings.Repeat(*s.Body, max(s.Repeat, 1))
	p := &Payload{Body: []byte(body)}
	switch s.BodyType {
	case "", "text":
		p.ContentType = "text/plain;charset=UTF-8"
	case "urlencoded":
		p.ContentType = "application/x-www-form-urlencoded;charset=UTF-8"
		p.Body = []byte(urlencoded(body))
	case "formdata":
		p.ContentType = "multipart/form-data; boundary=" + formBoundary
		p.Body = []byte("--" + formBoundary + "\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n" + body + "\r\n--" + formBoundary + "--\r\n")
	case "stream":
		p.Stream = true
	default: // "bytes" has no type
		p.ContentType, _ = strings.CutPrefix(s.BodyType, "blob:")
		if s.BodyType == "bytes" {
			p.ContentType = ""
		}
	}
	return p
}

// HeaderLines calls f for the name and value of each header that the script of
// a step sets, in order. Values are bytes.
func (w *Web) HeaderLines(s *Step, f func(name, value string)) {
	for _, line := range s.Headers {
		name, value, _ := strings.Cut(line, ":")
		f(name, IsomorphicEncode(w.Resolve(strings.TrimPrefix(value, " "))))
	}
}
