package safelist

// IsNullBodyStatus reports whether a response with this status has no body.
//
// https://fetch.spec.whatwg.org/#null-body-status
func IsNullBodyStatus(status int) bool {
	switch status {
	case 101, 103, 204, 205, 304:
		return true
	}
	return false
}

// IsOKStatus reports whether status is 200 to 299.
//
// https://fetch.spec.whatwg.org/#ok-status
func IsOKStatus(status int) bool { return 200 <= status && status <= 299 }

// IsRangeStatus reports whether status answers a range request: 206 or 416.
//
// https://fetch.spec.whatwg.org/#range-status
func IsRangeStatus(status int) bool { return status == 206 || status == 416 }

// IsRedirectStatus reports whether status may lead elsewhere: 301, 302, 303, 307
// or 308. The other statuses from 300 to 399 never do.
//
// https://fetch.spec.whatwg.org/#redirect-status
func IsRedirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}
