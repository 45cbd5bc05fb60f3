package fetch

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/orb"
)

// firstURL is the URL that the fetch of e began with.
func firstURL(e *Error) string {
	if e.RequestURL != "" {
		return e.RequestURL
	}
	return e.URL
}

// chromiumGate is what Chromium says of a response that was refused for what it
// is; "" if it was not.
func chromiumGate(e *Error) string {
	const blocked = " The resource has been blocked"
	script := "Refused to execute script from '" + withoutFragment(e.URL) + "' because its MIME type ('" + e.gate.essence + "') is not executable"
	failed, ineligible := "", "response is not eligible for integrity validation."
	switch {
	case e.Initiator.isElement():
		ineligible = "resource requires the request to be CORS enabled to check the integrity, and it is not." +
			blocked + " because the integrity cannot be enforced."
	default:
		failed = "Fetch API cannot load " + firstURL(e) + ". SRI's integrity checks failed.\n"
	}
	module := `Failed to load module script: Expected a JavaScript-or-Wasm module script but the server responded with a MIME type of "` +
		e.gate.essence + `". Strict MIME type checking is enforced for module scripts per HTML spec.`
	switch e.Reason {
	case ErrMIMEType:
		if e.Initiator == InitiatorModule {
			return module
		}
		return script + "."
	case ErrNosniff:
		switch e.Initiator {
		case InitiatorModule:
			return module
		case InitiatorLink:
			return "Refused to apply style from '" + withoutFragment(e.URL) + "' because its MIME type ('" + e.gate.essence +
				"') is not a supported stylesheet MIME type, and strict MIME checking is enabled."
		}
		return script + ", and strict MIME type checking is enabled."
	case ErrIntegrityMismatch:
		algorithm := "SHA-" + strings.TrimPrefix(e.gate.algorithm.String(), "sha")
		return failed + "Failed to find a valid digest in the 'integrity' attribute for resource '" + e.URL +
			"' with computed " + algorithm + " integrity '" + e.gate.digest + "'." + blocked + "."
	case ErrNetwork: // while the body was read to be hashed
		if e.gate.integrity != "" && !e.Initiator.isElement() {
			return "Fetch API cannot load " + firstURL(e) + ". \nFailed to load resource: net::ERR_CONTENT_LENGTH_MISMATCH"
		}
	case ErrIntegrityNoBody:
		return failed + "Subresource Integrity: The resource '" + e.URL + "' has an integrity attribute, but the " + ineligible
	}
	return ""
}

// firefoxGate is what Firefox says of a response that was refused for what it
// is; "" if it was not.
func firefoxGate(e *Error) string {
	url, failed := "“"+withoutFragment(e.URL)+"”", ""
	if e.facts.crossOrigin {
		failed = "\n" + firefoxBlocked(e.URL, "CORS request did not succeed") + " Status code: (null)."
	}
	disallowed := url + " was blocked because of a disallowed MIME type (“" + e.gate.essence + "”)." + failed
	switch e.Reason {
	case ErrMIMEType:
		return "Script from " + disallowed
	case ErrNosniff:
		if e.Initiator == InitiatorModule {
			return "Loading module from " + disallowed
		}
		return "The resource from " + url + " was blocked due to MIME type (“" + e.gate.essence + "”) mismatch (X-Content-Type-Options: nosniff)." + failed
	case ErrOpaqueResponseBlocked:
		return "The resource at " + url + " was blocked by OpaqueResponseBlocking. Reason: “" + firefoxBlocks(e.gate.orb) + "”."
	case ErrIntegrityMismatch:
		return "None of the “" + e.gate.algorithm.String() + "” hashes in the integrity attribute match the content of the subresource at “" +
			firstURL(e) + "”. The computed hash is “" + e.gate.digest + "”."
	case ErrIntegrityNoBody:
		return "“" + firstURL(e) + "” is not eligible for integrity checks since it’s neither CORS-enabled nor same-origin."
	}
	return ""
}

// firefoxBlocks is why Firefox says that it has blocked an opaque response.
func firefoxBlocks(reason orb.Reason) string {
	switch reason {
	case orb.NeverSniffed:
		return "mimeType is an opaque-blocklisted-never-sniffed MIME type"
	case orb.PartialDocument:
		return "response's status is 206 and mimeType is an opaque-blocklisted MIME type"
	case orb.NosniffDocument:
		return "nosniff is true and mimeType is an opaque-blocklisted MIME type or its essence is 'text/plain'"
	case orb.NotFirstPart:
		return "response status is 206 and not first partial response"
	case orb.NotMedia:
		return "after sniff: media request"
	case orb.NosniffOther:
		return "after sniff: nosniff is true"
	case orb.NotOK:
		return "after sniff: status code is not in allowed range"
	case orb.NoSuchMedia:
		return "after sniff: content-type declares image/video/audio, but sniffing fails"
	}
	return "Javascript validation failed"
}

// webkitGate is what WebKit says of a response that was refused for what it is;
// "" if it was not.
func webkitGate(e *Error) string {
	first := withoutFragment(firstURL(e))
	if (e.Reason == ErrMIMEType || e.Reason == ErrNosniff) && e.Initiator == InitiatorModule {
		return "TypeError: '" + cmp.Or(e.gate.essence, "text/plain") + "' is not a valid JavaScript MIME type."
	}
	switch e.Reason {
	case ErrMIMEType:
		return "Refused to execute " + first + " as script because " + e.gate.essence + " is not a script MIME type."
	case ErrNosniff:
		switch {
		case e.Initiator != InitiatorLink:
		case e.Status >= http.StatusBadRequest:
			return "" // it is none for that alone
		default:
			return "Did not parse stylesheet at '" + first + "' because non CSS MIME types are not allowed in strict mode."
		}
		return "Refused to execute " + first + ` as script because "X-Content-Type-Options: nosniff" was given and its Content-Type is not a script MIME type.`
	case ErrIntegrityMismatch, ErrIntegrityNoBody:
		length := "(no content)"
		if e.gate.length > 0 {
			length = strconv.FormatInt(e.gate.length, 10)
		}
		why := "Failed integrity metadata check. Content length: " + length + ", Expected content length: " +
			strconv.FormatInt(max(e.gate.expected, 0), 10) + ", Expected metadata: " + e.gate.integrity
		switch e.Initiator {
		case InitiatorLink:
			return "Cannot load stylesheet " + first + ". " + why
		case InitiatorScript:
			return "Cannot load script " + first + ". " + why
		case InitiatorModule:
			return "Cannot load script " + first + ". " + why + "\nTypeError: Cannot load script due to integrity mismatch"
		}
		return "Failed integrity metadata check. " + first + ". " + why + "\nFetch API cannot load " + first + " due to access control checks."
	}
	return ""
}
