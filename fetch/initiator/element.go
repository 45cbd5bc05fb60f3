package initiator

import (
	"github.com/corsfetch/corsfetch/fetch"
)

// A CrossOrigin is a CORS settings attribute: crossorigin on an element. The
// zero value is none.
//
// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attribute
type CrossOrigin uint8

// The states of the attribute.
const (
	NoCORS         CrossOrigin = iota // there is none
	Anonymous                         // crossorigin, crossorigin="anonymous", or whatever it says
	UseCredentials                    // crossorigin="use-credentials"
)

// Image returns the request of an <img>, as of any image.
//
// https://html.spec.whatwg.org/multipage/images.html#update-the-image-data
func Image(url string, attribute CrossOrigin) *fetch.Request {
	return potentialCORS(url, fetch.InitiatorImage, "image", attribute)
}

// Shape returns the request of an image that shapes text, or masks: an
// url() in shape-outside or mask-image.
//
// https://drafts.csswg.org/css-shapes-1/#shape-outside-property
func Shape(url string) *fetch.Request { return Image(url, Anonymous) }

// Script returns the request of a classic <script>.
//
// https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script
func Script(url string, attribute CrossOrigin) *fetch.Request {
	return potentialCORS(url, fetch.InitiatorScript, "script", attribute)
}

// Module returns the request of a <script type=module>. Without the attribute
// it is as with Anonymous.
//
// https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
func Module(url string, attribute CrossOrigin) *fetch.Request {
	return potentialCORS(url, fetch.InitiatorModule, "script", max(attribute, Anonymous))
}

// Stylesheet returns the request of a <link rel=stylesheet>.
//
// https://html.spec.whatwg.org/multipage/semantics.html#default-fetch-and-process-the-linked-resource
func Stylesheet(url string, attribute CrossOrigin) *fetch.Request {
	return potentialCORS(url, fetch.InitiatorLink, "style", attribute)
}

// Font returns the request of an @font-face rule, or of a FontFace.
//
// https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements
func Font(url string) *fetch.Request {
	return potentialCORS(url, fetch.InitiatorFont, "font", Anonymous)
}

// Video returns the request of a <video>. The standard asks for all of it;
// browsers ask for a range that has it all, and for others if the answer is
// 206.
//
// https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource
func Video(url string, attribute CrossOrigin) *fetch.Request {
	return potentialCORS(url, fetch.InitiatorVideo, "video", attribute)
}

// Prefetch returns the request of a <link rel=prefetch>: of what may be wanted
// next. Nobody uses the response; any fires a load event, but that Chromium fires
// an error event for one whose status is not ok.
//
// https://html.spec.whatwg.org/multipage/links.html#link-type-prefetch
func Prefetch(url string, attribute CrossOrigin) *fetch.Request {
	return potentialCORS(url, fetch.InitiatorPrefetch, "", attribute)
}

// Navigation returns the request of a tab for its document. Unlike a browser's
// it follows redirects by itself.
//
// https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching
func Navigation(url string) *fetch.Request {
	return &fetch.Request{URL: url, Init: fetch.Init{
		Mode:        fetch.ModeNavigate,
		Credentials: fetch.CredentialsInclude,
		Destination: "document",
	}}
}

// potentialCORS returns a request that is subject to CORS if the attribute is
// there.
//
// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request
func potentialCORS(url string, by fetch.Initiator, destination fetch.Destination, attribute CrossOrigin) *fetch.Request {
	init := fetch.Init{Mode: fetch.ModeCORS, Credentials: fetch.CredentialsInclude, Destination: destination, Initiator: by}
	switch attribute {
	case NoCORS:
		init.Mode = fetch.ModeNoCORS
	case Anonymous:
		init.Credentials = fetch.CredentialsSameOrigin
	}
	return &fetch.Request{URL: url, Init: init}
}
