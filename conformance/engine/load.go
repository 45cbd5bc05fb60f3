package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/initiator"
)

// load does what an element or an EventSource of the step's context does.
func (c *client) load(ctx context.Context, s *conformance.Step) (conformance.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req := c.loadRequest(s)
	resp, err := c.send(ctx, ctx, s, req)
	if err == nil {
		defer resp.Body.Close()
		out := c.use(s, req, resp)
		if ctx.Err() == nil {
			return out, nil
		}
	}
	return c.failed(ctx, err, func(e *fetch.Error) conformance.Outcome {
		if e.Reason == fetch.ErrUnsafePort && s.Via == "eventsource" && c.browser.Profile.Initiator.SilentPorts {
			return conformance.Outcome{Outcome: "timeout"}
		}
		return notLoaded(s)
	})
}

// beaconTime is how long a beacon is waited for; a recording does not wait any
// longer.
const beaconTime = 150 * time.Millisecond

// beacon does what navigator.sendBeacon() does in the step's context.
func (c *client) beacon(ctx context.Context, s *conformance.Step) (conformance.Outcome, error) {
	content, contentType := body(s)
	page, req := c.page(c.web.Scenario.Context(s)), initiator.Beacon(c.web.URL(s.Fetch), content, contentType)
	failed := make(chan error, 1)
	c.beacons.Go(func() {
		resp, err := page.Fetch(c.life, req)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		failed <- err
	})
	select {
	case err := <-failed:
		if err != nil {
			return c.failed(ctx, err, c.notSent)
		}
	case <-time.After(beaconTime):
	case <-ctx.Done():
		return conformance.Outcome{}, ctx.Err()
	}
	return conformance.Outcome{Outcome: "sent"}, nil
}

// notSent is what sendBeacon() returns, or throws, for a beacon that nothing has
// come of.
func (c *client) notSent(e *fetch.Error) conformance.Outcome {
	rules := &c.browser.Profile.Initiator
	switch e.Reason {
	case fetch.ErrInvalidURL, fetch.ErrUnsupportedScheme:
		return conformance.Outcome{Outcome: "rejected", Error: "TypeError"}
	case fetch.ErrKeepaliveLimit:
		return conformance.Outcome{Outcome: "unsent"}
	case fetch.ErrUnsafePort:
		if rules.BeaconsTellPorts {
			return conformance.Outcome{Outcome: "unsent"}
		}
	case fetch.ErrMixedContent:
		if rules.BeaconsTellMixed {
			return conformance.Outcome{Outcome: "unsent"}
		}
	}
	return conformance.Outcome{Outcome: "sent"} // before it was known
}

// loadRequest is what the step's element or EventSource asks for.
func (c *client) loadRequest(s *conformance.Step) *fetch.Request {
	url, attribute := c.web.URL(s.Fetch), crossOrigin(s.Crossorigin)
	var req *fetch.Request
	switch s.Via {
	case "img":
		req = initiator.Image(url, attribute)
	case "script":
		req = initiator.Script(url, attribute)
		if s.Module {
			req = initiator.Module(url, attribute)
		}
	case "style":
		req = initiator.Stylesheet(url, attribute)
	case "font":
		req = initiator.Font(url)
	case "video":
		req = initiator.Video(url, attribute)
	case "eventsource":
		req = initiator.EventSource(url, s.Credentials == "include")
	}
	req.ReferrerPolicy = fetch.ReferrerPolicy(s.ReferrerPolicy)
	req.Integrity = s.Integrity
	return req
}

// crossOrigin is the state of a crossorigin attribute; nil is none.
func crossOrigin(attribute *string) initiator.CrossOrigin {
	switch {
	case attribute == nil:
		return initiator.NoCORS
	case strings.EqualFold(*attribute, "use-credentials"):
		return initiator.UseCredentials
	}
	return initiator.Anonymous
}

// use is what the step's element makes of resp.
func (c *client) use(s *conformance.Step, req *fetch.Request, resp *fetch.Response) conformance.Outcome {
	tainted := resp.Tainted()
	used, err := initiator.Use(req, resp)
	if errors.Is(err, initiator.ErrType) && s.Via == "style" && c.browser.Profile.Initiator.EmptySheets {
		return conformance.Outcome{Outcome: "loaded", Readable: is(!tainted), Applied: is(false)}
	}
	if err != nil {
		return notLoaded(s)
	}
	if s.Via == "eventsource" {
		return listen(used.Body)
	}
	if s.Via == "video" && !takesPart(c.browser.Profile.Initiator.VideoParts, used) {
		return notLoaded(s)
	}
	content, err := io.ReadAll(used.Body)
	if err != nil || !decodes(s.Via, content) {
		return notLoaded(s)
	}
	out := conformance.Outcome{Outcome: "loaded"}
	switch s.Via {
	case "img":
		out.Tainted = is(tainted)
	case "script":
		out.Ran = is(holdsFile(content, "js"))
	case "style":
		out.Readable, out.Applied = is(!tainted), is(holdsFile(content, "css"))
	}
	return out
}

// takesPart reports whether a video takes resp for what it has asked for. By CORS
// nobody is told which part it is, unless the server exposes that.
func takesPart(parts fetch.VideoParts, resp *fetch.Response) bool {
	if resp.Status != http.StatusPartialContent || parts == fetch.VideoPartsAll {
		return true
	}
	contentRange := resp.Header.Get("Content-Range")
	if contentRange == "" {
		return parts == fetch.VideoPartsFirst || resp.Type == fetch.TypeCORS
	}
	return strings.HasPrefix(contentRange, "bytes 0-")
}

// notLoaded is what comes of a step whose element fires an error event.
func notLoaded(s *conformance.Step) conformance.Outcome {
	out := conformance.Outcome{Outcome: "failed"}
	if s.Via == "script" {
		out.Ran = is(false)
	}
	return out
}

func is(b bool) *bool { return &b }

// decodes reports whether content is something that an element can show or use.
// It knows the files that answers can name: there is no decoder here.
func decodes(via string, content []byte) bool {
	switch via {
	case "img":
		return strings.HasPrefix(http.DetectContentType(content), "image/")
	case "font":
		return holdsFile(content, "woff")
	case "video":
		return holdsFile(content, "wav")
	}
	return true
}

// holdsFile reports whether content is one of the files that answers can name.
func holdsFile(content []byte, name string) bool {
	file, ok := conformance.File(name)
	return ok && bytes.Equal(content, file)
}
