package safelist

import "strings"

// isSafelistedClientHint reports whether the header is a client hint with a value
// that Chromium would send itself. It is a rule of Chromium's alone.
//
// Precondition: lowerName is byte-lowercase.
func isSafelistedClientHint(lowerName []byte, value string) bool {
	switch string(lowerName) {
	case "save-data":
		return equalFold(value, "on")
	case "device-memory", "dpr", "downlink":
		return isDecimal(value)
	case "width", "viewport-width", "rtt":
		return isDigits(value)
	case "ect":
		return value == "slow-2g" || value == "2g" || value == "3g" || value == "4g"
	case "intervention",
		"sec-ch-device-memory",
		"sec-ch-dpr",
		"sec-ch-prefers-color-scheme",
		"sec-ch-prefers-reduced-motion",
		"sec-ch-prefers-reduced-transparency",
		"sec-ch-ua",
		"sec-ch-ua-arch",
		"sec-ch-ua-bitness",
		"sec-ch-ua-form-factors",
		"sec-ch-ua-full-version",
		"sec-ch-ua-full-version-list",
		"sec-ch-ua-mobile",
		"sec-ch-ua-model",
		"sec-ch-ua-platform",
		"sec-ch-ua-platform-version",
		"sec-ch-ua-wow64",
		"sec-ch-viewport-height",
		"sec-ch-viewport-width",
		"sec-ch-width":
		return true
	}
	return false
}

// isDecimal reports whether s is digits, which a point and more digits may follow.
func isDecimal(s string) bool {
	whole, fraction, hasPoint := strings.Cut(s, ".")
	return isDigits(whole) && (!hasPoint || isDigits(fraction))
}
