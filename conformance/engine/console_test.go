package engine_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/conformance"
)

// consoleLine says, by browser, which lines of a recorded console say why a
// fetch() failed, and what of them is the message. Chromium's recording has
// DevTools' issues and events too, and what a worker's page repeats.
var consoleLine = map[string]*regexp.Regexp{
	"chromium": regexp.MustCompile(`(?s)^(?:javascript|security|network) error: (.*?)(?: @ \S+)?\n?$`),
	"firefox":  regexp.MustCompile(`^[A-Za-z0-9_ -]+ (?:error|warning): (.*)$`),
	"webkit":   regexp.MustCompile(`^(?:SECURITY|JS) (?:ERROR|WARN) (.*)$`),
}

// saidBesides are lines that do not say why a fetch failed: what is said of
// metadata while it is read, of types before they matter, of statuses, and again
// of what has been blocked.
var saidBesides = regexp.MustCompile(`integrity' attribute \(|^Ignoring unrecognized 'integrity'|^The hash contained in the integrity attribute` +
	`|^The integrity attribute does not contain|^The script element has a malformed hash|^Unsupported hash algorithm in the integrity` +
	`|^A resource is blocked by OpaqueResponseBlocking|^Loading failed for the <script>|source URI is not allowed in this document` +
	`|was loaded even though its MIME type|^X-Content-Type-Options header warning` +
	`|^Failed to load resource: the server responded with a status`)

// messages are the lines of a recorded console that say why a fetch() failed.
func messages(browser string, console []string) []string {
	var lines []string
	for _, line := range console {
		if m := consoleLine[browser].FindStringSubmatch(line); m != nil && !saidBesides.MatchString(m[1]) {
			lines = append(lines, m[1])
		}
	}
	return lines
}

// fails reports whether nothing has come of a step.
func fails(o *conformance.Outcome) bool { return o.Outcome == "rejected" || o.Outcome == "failed" }

// knownConsole says in which scenarios the engine's words are not the
// browser's, and why, besides those in which it does something else.
var knownConsole = map[string]map[string]string{
	"chromium": {
		"xhr-schemes":                          "Chromium names the schemes that an XMLHttpRequest can ask for",
		"redirect-location-invalid-space-host": spaceInHost,
		"mode-refused-url-space":               spaceInHost,
		"url-invalid":                          spaceInHost,
		"body-lengths-differ":                  "Chromium says what is wrong with a response that net/http finds malformed",
		"auth-407":                             "Chromium names the error of its network stack",
		"mixed-sandbox":                        sandboxURL,
		"blob-missing-head":                    "Chromium looks for the blob before it looks at the method",
		"local-scheme-filesystem":              "to Chromium a filesystem: URL is of another origin",
		"local-scheme-chrome":                  "Chromium's URL parser takes a chrome: URL for one with a host and a path",
	},
	"firefox": {
		"nosniff-mime-script-cors":             anyOrder,
		"nosniff-script-module":                anyOrder,
		"preflight-redirect-cross":             redirectedPreflight,
		"preflight-https-redirect":             redirectedPreflight,
		"redirect-location-scheme-view-source": "Firefox says the same two lines the other way round",
		"origin-sandbox-same-origin-mode":      opaqueNumber,
		"redirect-auth-there-and-back":         redirectedPreflight,
		"acao-two-lines-name-case":             "Firefox takes lines whose names are spelled differently for one header; net/http does not tell",
		"mixed-redirect":                       mixedFromHome,
		"mixed-redirect-preflight-home":        mixedFromHome,
		"upgrade-own-origin":                   eachUpgrade,
		"upgrade-redirect-itself":              eachUpgrade,
		"blob-missing-no-slash":                "Firefox takes a blob: URL of an origin alone for another origin's",
		"blob-missing-sandbox":                 opaqueNumber,
		"local-file-in-sandbox":                opaqueNumber,
		"local-file-in-data":                   opaqueNumber,
		"local-file-redirect":                  "Firefox blames the page in mode no-cors, not what has redirected",
		"local-scheme-javascript":              silentScheme,
		"local-scheme-chrome":                  silentScheme,
		"local-scheme-ws":                      silentScheme,
		"local-scheme-about":                   silentScheme,
		"misc-port-6697":                       "to Firefox port 0 is none, to net/http one that refuses",
	},
	"webkit": {
		"local-file-redirect":              "WebKit blames a redirect to a file on the file, unless it comes from elsewhere by CORS",
		"nosniff-mime-script-parameters":   otherType,
		"nosniff-mime-script-unreadable":   otherType,
		"nosniff-mime-script-last":         otherType,
		"nosniff-mime-script-last-allowed": otherType,
		"orb-signatures-video":             otherType,
		"misc-mixed-worker":                "WebKit names the document, which a worker does not know",
		"mixed-sandbox":                    sandboxURL,
	},
}

const (
	anyOrder      = "Firefox prints the two lines in any order"
	eachUpgrade   = "Firefox tells of each upgrade before it tells of a failure"
	opaqueNumber  = "Firefox names the page's opaque origin by a random number"
	silentScheme  = "Firefox says nothing in mode same-origin of a scheme that is nobody's"
	otherType     = "WebKit prints the type as the network library tells it, and goes by its own reading"
	mixedFromHome = "Firefox blames CORS for mixed content only where it is another origin that redirects there"
)

const spaceInHost = "Chromium's URL parser takes a space in a host for %20, and looks for that host"

const sandboxURL = "browsers name the document of a sandboxed frame, which has no URL here"

const redirectedPreflight = "Firefox checks CORS on a preflight's redirect to another origin, and prints a header that an Error does not keep"

// judgeConsole holds what the engine says of failed steps against what the
// browser printed. An element prints more than is said of its fetch; of that it
// has to be a part.
func judgeConsole(t *testing.T, got, recording *conformance.Recording, known map[string]string) {
	t.Helper()
	failed, same := 0, 0
	stale := maps.Clone(known)
	for i := range got.Results {
		id := got.Results[i].ID
		want := recording.Find(id)
		for n := range min(len(got.Results[i].Steps), len(want.Steps)) {
			g, w := &got.Results[i].Steps[n], &want.Steps[n]
			if !fails(g) || !fails(w) {
				continue
			}
			failed++
			printed := messages(recording.Browser, w.Console)
			if g.Outcome == "failed" {
				printed = slices.DeleteFunc(printed, func(line string) bool { return !slices.Contains(g.Console, line) })
			}
			diff := cmp.Diff(printed, g.Console, cmpopts.EquateEmpty())
			switch {
			case diff == "":
				same++
			case known[id] != "":
				delete(stale, id)
			default:
				t.Errorf("console of %s, step %d: -printed +said:\n%s", id, n+1, diff)
			}
		}
	}
	for id, reason := range stale {
		t.Errorf("%s: known to say something else (%s), and does not", id, reason)
	}
	t.Logf("of %d failed steps %d have the same console", failed, same)
}
