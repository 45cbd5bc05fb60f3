package engine

import (
	"bufio"
	"io"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// listen is what an EventSource's listener for messages hears first of a
// stream.
//
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
func listen(stream io.Reader) conformance.Outcome {
	var data []string
	event := ""
	for lines := bufio.NewScanner(stream); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "" && data != nil && (event == "" || event == "message"):
			return conformance.Outcome{Outcome: "open", Data: strings.Join(data, "\n")}
		case lines.Text() == "":
			data, event = nil, ""
		case field == "data":
			data = append(data, value)
		case field == "event":
			event = value
		}
	}
	return conformance.Outcome{Outcome: "failed"}
}
