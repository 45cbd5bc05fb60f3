package htmlreport

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Flow is a fetch: what a page asks of its browser, what goes over the wire, and
// how it ends.
type Flow struct {
	Caption   string
	Page      string // its origin; "" is not told
	Browser   string // its name; likewise
	Call      string // what the page's script does; likewise
	Exchanges []Exchange
	Stop      *Stop // why the browser goes no further, after the last exchange; nil if it does
	End       Mark  // what the script gets
}

// An Exchange is a request and its answer.
type Exchange struct {
	Method, URL string
	Preflight   bool
	Cached      bool   // the preflight cache has the answer, and nothing is sent
	Status      string // as "204 No Content"; "" if nothing came back
	Error       string // why nothing came back
	OneWay      bool   // what came back is not known: only the request is told
	Redirect    string // the URL of a redirect that is followed
	Request     http.Header
	Response    http.Header

	// Visible are the names of the response's headers that the script sees. Nil
	// is that it is not known, which is not the same as none.
	Visible []string
}

// A Stop is why a browser goes no further.
type Stop struct {
	Text string // as "MissingAllowOriginHeader at response"

	// Header is the name of the last response's header that decides, "" if none
	// does, Got is what came, "" if nothing did, and Want what was wanted.
	Header, Got, Want string
}

// How much of a flow is shown.
const (
	exchangeLimit = 60 // a fetch follows 20 redirects, each of which may have a preflight
	serverLanes   = 4
)

// Shown are the exchanges that are shown.
func (f *Flow) Shown() []Exchange { return f.Exchanges[:min(len(f.Exchanges), exchangeLimit)] }

// Left is how many exchanges are not shown.
func (f *Flow) Left() int { return len(f.Exchanges) - len(f.Shown()) }

// decides returns what decides in the exchange of that index, nil if nothing does.
func (f *Flow) decides(i int) *Stop {
	if f.Stop == nil || f.Stop.Header == "" || i != len(f.Exchanges)-1 || f.Exchanges[i].Status == "" {
		return nil
	}
	return f.Stop
}

// A lane is somebody in a diagram.
type lane struct{ Who, Name string }

// The lanes that each diagram has, from 1. Those of servers follow.
const (
	pageLane    = 1
	browserLane = 2
)

// Lanes are who takes part.
func (f *Flow) Lanes() []lane {
	lanes := []lane{{"Page", f.Page}, {"Browser", f.Browser}}
	for _, origin := range f.origins() {
		lanes = append(lanes, lane{"Server", origin})
	}
	return lanes
}

// others is the lane of all origins for which there is none.
const others = "others"

// origins are those of the servers that have a lane.
func (f *Flow) origins() []string {
	var all []string
	for _, x := range f.Shown() {
		if origin := originOf(x.URL); !slices.Contains(all, origin) {
			all = append(all, origin)
		}
	}
	if len(all) > serverLanes {
		all = append(all[:serverLanes-1], others)
	}
	return all
}

// originOf is the origin of a URL, or what there is of it.
func originOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" {
		scheme, _, _ := strings.Cut(rawURL, ":")
		return scheme + ":"
	}
	return u.Scheme + "://" + u.Host
}

// A step is a row of a diagram: a message from one lane to another, or what
// happens in the browser.
type step struct {
	From, To int // the same: it happens there
	Number   int // of the exchange, at its request
	Who      string
	Label    string
	Mark     Mark
	Lost     bool // the message gets no answer
	Lines    []line
}

// A line is a header below a step.
type line struct {
	Name, Value string
	Tone        Tone
}

// IsNote reports whether s is no message.
func (s step) IsNote() bool { return s.From == s.To }

// Steps are the rows of the diagram.
func (f *Flow) Steps() []step {
	steps := []step{}
	if f.Call != "" {
		steps = append(steps, step{From: pageLane, To: browserLane, Who: "page to browser", Label: f.Call})
	}
	origins := f.origins()
	for i, x := range f.Shown() {
		steps = append(steps, f.exchange(i, x, origins)...)
	}
	if f.Stop != nil {
		steps = append(steps, f.Stop.step())
	}
	if f.End.Text != "" {
		steps = append(steps, step{From: browserLane, To: pageLane, Who: "browser to page", Label: f.End.Text, Mark: Mark{Tone: f.End.Tone}})
	}
	return steps
}

// exchange is the steps of one exchange.
func (f *Flow) exchange(i int, x Exchange, origins []string) []step {
	if x.Cached {
		return []step{{
			From: browserLane, To: browserLane, Number: i + 1, Who: "browser", Mark: Mark{"preflight cache hit", Good},
			Label: "nothing is sent for " + x.Method + " " + path(x.URL), Lines: lines(x.Request, askedNames, nil),
		}}
	}
	origin := originOf(x.URL)
	server, target := slices.Index(origins, origin), path(x.URL)
	if server < 0 {
		server, target = len(origins)-1, x.URL
	}
	server += browserLane + 1
	ask := step{From: browserLane, To: server, Number: i + 1, Who: "browser to " + origin, Label: x.Method + " " + target, Lines: lines(x.Request, askedNames, nil)}
	if x.Preflight {
		ask.Mark = Mark{"preflight", Plain}
	}
	if x.OneWay {
		return []step{ask}
	}
	if x.Status == "" {
		ask.Lost = true
		if f.Stop != nil && i == len(f.Exchanges)-1 {
			return []step{ask} // the stop says why
		}
		return []step{ask, {From: browserLane, To: browserLane, Who: "browser", Label: x.Error}}
	}
	answer := step{From: server, To: browserLane, Who: origin + " to browser", Label: x.Status, Lines: lines(x.Response, answeredNames, f.decides(i))}
	if answer.Lines != nil && answer.Lines[0].Tone == Bad {
		answer.Mark.Tone = Bad
	}
	steps := []step{ask, answer}
	if x.Redirect != "" {
		steps = append(steps, step{From: browserLane, To: browserLane, Who: "browser", Mark: Mark{"redirect", Plain}, Label: "goes on to " + x.Redirect})
	}
	return steps
}

// step is where the browser goes no further.
func (s *Stop) step() step {
	return step{From: browserLane, To: browserLane, Who: "browser", Mark: Mark{"stops here", Bad}, Label: s.Text}
}

// path is what a server is asked for.
func path(rawURL string) string {
	rest, ok := strings.CutPrefix(rawURL, originOf(rawURL))
	if !ok || rest == "" {
		return "/"
	}
	return rest
}

// The headers that a diagram shows, of requests and of responses.
var (
	askedNames    = []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"}
	answeredNames = []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
		"Access-Control-Allow-Headers", "Access-Control-Max-Age", "Location"}
)

// lines are the headers of h that have one of the names, and first of all the one
// that decides.
func lines(h http.Header, names []string, decides *Stop) []line {
	var all []line
	if decides != nil {
		all = append(all, line{decides.Header, came(decides.Got), Bad})
	}
	for _, name := range names {
		if values := h[name]; len(values) > 0 && (decides == nil || decides.Header != name) {
			all = append(all, line{Name: name, Value: strings.Join(values, ", ")})
		}
	}
	return all
}

// came is a value, or that there is none.
func came(value string) string {
	if value == "" {
		return "(nothing)"
	}
	return value
}
