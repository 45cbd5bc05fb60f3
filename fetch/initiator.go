package fetch

import (
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

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
	InitiatorPrefetch       Initiator = "prefetch"
	InitiatorBeacon         Initiator = "beacon"
	InitiatorEventSource    Initiator = "eventsource" // Note: to the standard it is "other"
)

// valid reports whether i is an initiator.
func (i Initiator) valid() bool {
	switch i {
	case InitiatorFetch, InitiatorXMLHttpRequest, InitiatorPrefetch, InitiatorBeacon, InitiatorEventSource:
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
// make.
//
// https://fetch.spec.whatwg.org/#request-initiator-type
type InitiatorRules struct {
	// AcceptImage is the Accept of images. "" is the standard's.
	// Shown by img-plain, initiator-home.
	AcceptImage string

	// AcceptFont is the Accept of fonts. "" is the standard's, as of all else.
	// Shown by font-plain, initiator-home.
	AcceptFont string

	// AcceptVideo is the Accept of videos. "" is the standard's, as of all else.
	// Shown by video-plain, initiator-home.
	AcceptVideo string

	// SaysOrigin: what elements but videos fetch in mode "cors" says Origin to the
	// page's own origin, too. In the standard a GET says it to others alone.
	// Shown by img-credentials-same-origin, initiator-home.
	SaysOrigin bool

	// VideoSaysOrigin: what a video fetches in mode "cors" says Origin to the
	// page's own origin, too. In the standard a GET says it to others alone.
	// Shown by video-crossorigin, initiator-home.
	VideoSaysOrigin bool

	// FontsUnchecked: fonts are fetched in mode "no-cors", with credentials. In
	// the standard their mode is "cors".
	// Shown by font-plain, font-credentials.
	FontsUnchecked bool

	// NoUserinfo: an element asks for no URL with a username or a password. In the
	// standard it does, but tells neither.
	// Shown by img-userinfo.
	NoUserinfo bool

	// Charset says what becomes of the charset that a script gives the body of an
	// XMLHttpRequest.
	// Shown by xhr-charset, xhr-charset-urlencoded.
	Charset CharsetRewriting

	// WorkerCharset: in a worker the string that an XMLHttpRequest sends is
	// "text/plain;charset=utf-8", and what the script says of it stays. In the
	// standard a worker's are as a page's.
	// Shown by xhr-charset-worker, xhr-worker.
	WorkerCharset bool

	// ConditionalXHRCached: an XMLHttpRequest that a script makes conditional
	// keeps its cache mode. In the standard it becomes "no-store".
	// Shown by xhr-conditional.
	ConditionalXHRCached bool

	// UploadNeedsBody: listening for upload progress forces no preflight without
	// a body. In the standard it does with and without.
	// Shown by xhr-upload-no-body.
	UploadNeedsBody bool

	// VideoRange: a video is asked for with Range: bytes=0-. In the standard that
	// is for a part of it.
	// Shown by video-plain, initiator-home.
	VideoRange bool

	// VideoMetadata: a video is asked for with Icy-Metadata: 1. The standard knows
	// no such header.
	// Shown by video-plain, initiator-home.
	VideoMetadata bool

	// VideoParts says which parts a video takes for what it has asked for.
	// Shown by range-video-later, range-video-no-content-range.
	VideoParts VideoParts

	// BeaconsRevalidate: beacons say Cache-Control: max-age=0. In the standard
	// they say nothing of caches.
	// Shown by beacon-plain, beacon-redirects.
	BeaconsRevalidate bool

	// OversizeBeacons: there is no limit on what beacons hold. In the standard it
	// is that of all keepalive requests of a page, 64 KiB at a time.
	// Shown by beacon-limit.
	OversizeBeacons bool

	// BeaconsTellPorts: sendBeacon() says false to a bad port. In the standard it
	// has answered before the port is looked at.
	// Shown by beacon-bad-port.
	BeaconsTellPorts bool

	// BeaconsTellMixed: sendBeacon() says false to mixed content. In the standard
	// it has answered before.
	// Shown by beacon-https.
	BeaconsTellMixed bool

	// BeaconsOfURL: a beacon of a page with an opaque origin says the Origin of
	// the page's URL. In the standard it is null.
	// Shown by beacon-sandbox.
	BeaconsOfURL bool

	// EventsRevalidate: an EventSource says Cache-Control: no-cache whatever
	// becomes of its cache mode on redirects. In the standard the mode says it all
	// along.
	// Shown by eventsource-redirect.
	EventsRevalidate bool

	// NoDataEvents: an EventSource cannot listen to a data: URL. In the standard
	// it can.
	// Shown by eventsource-data-url.
	NoDataEvents bool

	// NoBlobEvents: an EventSource cannot listen to a blob: URL. In the standard
	// it can.
	// Shown by eventsource-blob-url.
	NoBlobEvents bool

	// SilentPorts: an EventSource hears nothing, not even of an error, of a bad
	// port. In the standard it hears of an error.
	// Shown by eventsource-schemes.
	SilentPorts bool

	// RedirectsToData: a redirect leads an element without CORS to a data: URL,
	// whose response is opaque. In the standard it fails.
	// Shown by img-redirect-data, script-redirect-data.
	RedirectsToData bool

	// OpaquePages says what a page with an opaque origin tells of its URL, if it
	// has one, in requests that fetch() does not make.
	// Shown by initiator-sandbox, xhr-sandbox, img-sandbox.
	OpaquePages OpaqueReferrer

	// EmptySheets: a stylesheet that is none, by its type, loads as an empty one.
	// In the standard it fires an error event.
	// Shown by style-type, style-type-cross.
	EmptySheets bool
}

// VideoParts are the answers with status 206 that a video takes for all of it.
//
// https://html.spec.whatwg.org/multipage/media.html#verify-a-media-response
type VideoParts uint8

const (
	VideoPartsAll   VideoParts = iota // any: what is asked for is all there is
	VideoPartsFirst                   // one that does not say that it begins later
	VideoPartsTold                    // one that says that it begins at the beginning
)

// An OpaqueReferrer is what a page with an opaque origin tells of its URL.
type OpaqueReferrer uint8

const (
	OpaqueTellsNothing OpaqueReferrer = iota
	OpaqueTellsURL                    // as a page of its URL's origin would
	OpaqueTellsOrigin                 // as a page of another origin would; not for fonts, nor in an XMLHttpRequest
)

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
	case by.isElement() && rules.NoUserinfo && u.IncludesCredentials():
		return ErrURLContainsCredentials
	case by == InitiatorEventSource && (rules.NoDataEvents && u.Scheme() == "data" || rules.NoBlobEvents && u.Scheme() == "blob"):
		return ErrCorsDisabledScheme
	}
	return ""
}

// accept is the Accept of a request with a destination and without a
// developer's.
//
// https://fetch.spec.whatwg.org/#concept-fetch
func (rules *InitiatorRules) accept(by Initiator, d Destination) string {
	switch {
	case by == InitiatorPrefetch: // of a document, mostly
		return accept("document")
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
	case InitiatorEventSource:
		if rules.EventsRevalidate {
			o.setAbsent("Cache-Control", "no-cache")
		}
	}
}

// saysOrigin reports whether a request in mode "cors" says Origin to the page's
// own origin, though it be a GET.
func (rules *InitiatorRules) saysOrigin(by Initiator) bool {
	if by == InitiatorVideo {
		return rules.VideoSaysOrigin
	}
	return rules.SaysOrigin && by.isElement()
}

// opaqueReferrer is the referrer of what a page with an opaque origin and the
// given URL requests.
func (rules *InitiatorRules) opaqueReferrer(by Initiator, page *weburl.URL) referrer {
	switch {
	case page == nil || by == InitiatorFetch || rules.OpaquePages == OpaqueTellsNothing:
		return referrer{}
	case rules.OpaquePages == OpaqueTellsURL:
		return newReferrer(page)
	case by == InitiatorFont || by == InitiatorXMLHttpRequest:
		return referrer{}
	}
	from := newReferrer(page)
	from.origin = origin.NewOpaque()
	return from
}
