package fetch

import "github.com/corsfetch/corsfetch/origin/weburl"

// An Initiator is what makes a request. The zero value is fetch(); package
// initiator makes the requests of the others.
//
// What a script makes, with fetch() or an XMLHttpRequest, has its headers
// guarded and may need a preflight. What an element makes is neither, and its
// response can be used though no script may read it; see Response.Unsafe.
//
// https://fetch.spec.whatwg.org/#request-initiator-type
type Initiator string

// The initiators.
const (
	InitiatorFetch          Initiator = ""
	InitiatorXMLHttpRequest Initiator = "xmlhttprequest"
	InitiatorImage          Initiator = "img"
	InitiatorScript         Initiator = "script"
	InitiatorModule         Initiator = "module" // Note: to the standard it is "script" too
	InitiatorLink           Initiator = "link"   // a stylesheet
	InitiatorFont           Initiator = "font"   // of an @font-face rule
	InitiatorVideo          Initiator = "video"
	InitiatorBeacon         Initiator = "beacon"
	InitiatorEventSource    Initiator = "eventsource" // Note: to the standard it is "other"
)

// valid reports whether i is an initiator.
func (i Initiator) valid() bool {
	switch i {
	case InitiatorFetch, InitiatorXMLHttpRequest, InitiatorBeacon, InitiatorEventSource:
		return true
	}
	return i.isElement()
}

// guardsHeader reports whether the request's headers are a script's own choice,
// some of which it does not have.
//
// https://fetch.spec.whatwg.org/#concept-headers-guard
func (i Initiator) guardsHeader() bool { return i == InitiatorFetch || i == InitiatorXMLHttpRequest }

// isUnsafe reports whether the request may need a preflight for its method and
// headers: the standard's unsafe-request flag.
//
// https://fetch.spec.whatwg.org/#unsafe-request-flag
func (i Initiator) isUnsafe() bool { return i.guardsHeader() || i == InitiatorBeacon }

// isElement reports whether the page itself uses the response, for an element
// or a rule of a stylesheet.
func (i Initiator) isElement() bool {
	switch i {
	case InitiatorImage, InitiatorScript, InitiatorModule, InitiatorLink, InitiatorFont, InitiatorVideo:
		return true
	}
	return false
}

// InitiatorRules are where browsers differ in requests that fetch() does not
// make. No scenario shows it, as those of the corpus are about fetch();
// TestOutside does.
//
// https://fetch.spec.whatwg.org/#request-initiator-type
type InitiatorRules struct {
	// AcceptImage is the Accept of images. "" is the standard's.
	AcceptImage string

	// AcceptFont is the Accept of fonts. "" is the standard's, as of all else.
	AcceptFont string

	// AcceptVideo is the Accept of videos. "" is the standard's, as of all else.
	AcceptVideo string

	// SaysOrigin: what elements fetch in mode "cors" says Origin to the page's
	// own origin, too.
	SaysOrigin bool

	// FontsUnchecked: fonts are fetched in mode "no-cors", with credentials.
	FontsUnchecked bool

	// UploadNeedsBody: listening for upload progress forces no preflight
	// without a body.
	UploadNeedsBody bool

	// VideoRange: a video is asked for with Range: bytes=0-.
	VideoRange bool

	// VideoMetadata: a video is asked for with Icy-Metadata: 1.
	VideoMetadata bool

	// BeaconsRevalidate: beacons say Cache-Control: max-age=0.
	BeaconsRevalidate bool

	// OversizeBeacons: there is no limit on what beacons hold.
	OversizeBeacons bool

	// BeaconsTellPorts: sendBeacon() says false to a bad port.
	BeaconsTellPorts bool

	// SilentPorts: an element hears nothing, not even of an error, of what it
	// has asked of a bad port.
	SilentPorts bool

	// NoDataEvents: an EventSource cannot listen to a data: URL.
	NoDataEvents bool

	// NoBlobEvents: an EventSource cannot listen to a blob: URL.
	NoBlobEvents bool

	// OpaquePageReferrer: elements of a page with an opaque origin tell the
	// page's URL, if it has one.
	OpaquePageReferrer bool

	// EmptySheets: a stylesheet that is none, by its type, loads as an empty
	// one.
	EmptySheets bool
}

// of returns init as the browser makes it where it does not follow the
// standards.
func (rules *InitiatorRules) of(init Init) Init {
	if init.Initiator == InitiatorFont && rules.FontsUnchecked {
		init.Mode, init.Credentials = ModeNoCORS, CredentialsInclude
	}
	return init
}

// refuses returns why what makes the request does not ask for u at all, or "".
//
// https://w3c.github.io/beacon/#sec-processing-model
func (rules *InitiatorRules) refuses(by Initiator, u *weburl.URL) Reason {
	switch {
	case by == InitiatorBeacon && !u.IsHTTP():
		return ErrUnsupportedScheme
	case by == InitiatorEventSource && (rules.NoDataEvents && u.Scheme() == "data" || rules.NoBlobEvents && u.Scheme() == "blob"):
		return ErrCorsDisabledScheme
	}
	return ""
}

// accept is the Accept of a request with a destination and without a
// developer's.
//
// https://fetch.spec.whatwg.org/#concept-fetch
func (rules *InitiatorRules) accept(d Destination) string {
	switch {
	case d == "image" && rules.AcceptImage != "":
		return rules.AcceptImage
	case d == "font" && rules.AcceptFont != "":
		return rules.AcceptFont
	case d == "video" && rules.AcceptVideo != "":
		return rules.AcceptVideo
	}
	return accept(d)
}

// addHeader adds the headers that the browser has for an initiator of its own.
func (rules *InitiatorRules) addHeader(o *outgoing, by Initiator) {
	switch by {
	case InitiatorVideo:
		if rules.VideoRange {
			o.setAbsent("Range", "bytes=0-")
		}
		if rules.VideoMetadata {
			o.setAbsent("Icy-Metadata", "1")
		}
	case InitiatorBeacon:
		if rules.BeaconsRevalidate {
			o.setAbsent("Cache-Control", "max-age=0")
		}
	}
}
