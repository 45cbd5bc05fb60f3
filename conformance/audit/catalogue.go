package audit

import "slices"

// A Rule is an entry of the catalogue: something that may be wrong with a policy.
type Rule struct {
	ID    string // that stays: "F01"
	Name  string // "trust.any-credentialed"; what stands before the dot groups them
	Title string
	CWE   int // of the Common Weakness Enumeration; 0 if it is no weakness
}

// Rules returns the catalogue, in the order of the ids.
func Rules() []Rule {
	rules := make([]Rule, len(catalogue))
	for i := range catalogue {
		rules[i] = catalogue[i].Rule
	}
	return slices.Clone(rules)
}

// Weaknesses that findings are instances of.
const (
	cwePermissive  = 942 // permissive cross-domain policy with untrusted domains
	cweOriginCheck = 346 // origin validation error
	cweForgery     = 352 // cross-site request forgery
	cweCacheKey    = 524 // a cache that has what is for one
	cweExposure    = 200 // exposure to an unauthorized actor
	cweServerFetch = 918 // server-side request forgery
	cweInjection   = 113 // CR and LF in a header
	cweResources   = 400 // uncontrolled resource consumption
)

// catalogue is all that an audit looks for. A check returns what it has found.
var catalogue = []struct {
	Rule
	check func(*prober) []Finding
}{
	{Rule{"F01", "trust.any-credentialed", "Any origin may read with credentials", cwePermissive}, (*prober).trustAnyCredentialed},
	{Rule{"F02", "trust.any-anonymous", "Any origin is reflected, without credentials", cwePermissive}, (*prober).trustAnyAnonymous},
	{Rule{"F03", "trust.null-credentialed", "The origin null may read with credentials", cwePermissive}, (*prober).trustNullCredentialed},
	{Rule{"F04", "trust.null-anonymous", "The origin null may read without credentials", cwePermissive}, (*prober).trustNullAnonymous},
	{Rule{"F05", "trust.suffix", "Any host that ends as a trusted one may read", cweOriginCheck}, (*prober).trustSuffix},
	{Rule{"F06", "trust.prefix", "Any origin that begins as a trusted one may read", cweOriginCheck}, (*prober).trustPrefix},
	{Rule{"F07", "trust.substring", "Any origin that contains a trusted name may read", cweOriginCheck}, (*prober).trustSubstring},
	{Rule{"F08", "trust.regex-dot", "A dot in the pattern stands for any character", cweOriginCheck}, (*prober).trustRegexDot},
	{Rule{"F09", "trust.host-charset", "Characters that end no host pass the pattern", cweOriginCheck}, (*prober).trustHostCharset},
	{Rule{"F10", "trust.public-suffix", "A wildcard covers names that anybody may register", cwePermissive}, (*prober).trustPublicSuffix},
	{Rule{"F11", "trust.subdomain-any", "Any subdomain may read", cwePermissive}, (*prober).trustSubdomainAny},
	{Rule{"F12", "trust.insecure-scheme", "A page without TLS may read what is behind TLS", cwePermissive}, (*prober).trustInsecureScheme},
	{Rule{"F13", "trust.port-any", "Every port of a trusted host may read", cweOriginCheck}, (*prober).trustPortAny},
	{Rule{"F14", "trust.other-scheme", "Any extension or app may read", cwePermissive}, (*prober).trustOtherScheme},
	{Rule{"F15", "trust.loopback-in-production", "Pages of the user's own machine or network may read", cwePermissive}, (*prober).trustLoopback},
	{Rule{"F16", "trust.loopback-lookalike", "Any host whose name begins as this machine's may read", cweOriginCheck}, (*prober).trustLoopbackLookalike},
	{Rule{"F17", "trust.wildcard-sensitive", "Anybody may read what is not public", cweExposure}, (*prober).trustWildcardSensitive},
	{Rule{"F18", "trust.private-target-open", "Any web site may read a server in the user's own network", cwePermissive}, (*prober).trustPrivateTarget},
	{Rule{"F19", "trust.shared-host", "A host where anybody may have pages may read", cwePermissive}, (*prober).trustSharedHost},
	{Rule{"F20", "trust.pairwise", "Combinations of trusted origins may read", cweOriginCheck}, (*prober).trustPairwise},
	{Rule{"F21", "trust.origin-from-elsewhere", "The origin that may read is not taken from Origin", cweOriginCheck}, (*prober).trustOriginFromElsewhere},
	{Rule{"F22", "trust.nondeterministic", "The same request is answered differently", 0}, (*prober).trustNondeterministic},
	{Rule{"F23", "cred.wildcard-origin", "Any origin is allowed with *, and credentials with it", 0}, (*prober).credWildcardOrigin},
	{Rule{"F24", "cred.acac-value", "Access-Control-Allow-Credentials is not exactly true", 0}, (*prober).credValue},
	{Rule{"F25", "cred.acac-unneeded", "Credentials are allowed that nothing uses", cwePermissive}, (*prober).credUnneeded},
	{Rule{"F26", "cred.half", "Credentials are allowed by the preflight or the response, not both", 0}, (*prober).credHalf},
	{Rule{"F27", "cred.wildcard-lists", "* in a list, where credentials make it a name", 0}, (*prober).credWildcardLists},
	{Rule{"F28", "cred.acac-to-strangers", "Strangers are told what those may who are trusted", 0}, (*prober).credToStrangers},
	{Rule{"F29", "cred.cookie-cannot-travel", "Cookies are relied on that browsers do not send", 0}, (*prober).credCookieCannotTravel},
	{Rule{"F30", "write.simple", "Any page may change something without a preflight", cweForgery}, (*prober).writeSimple},
	{Rule{"F31", "write.csrf-header-opened", "Any page may set the header that shows the server's own pages", cweForgery}, (*prober).writeTokenOpened},
	{Rule{"F32", "write.guard-conflict", "Something else refuses what CORS allows", 0}, (*prober).writeGuardConflict},
	{Rule{"F33", "preflight.auth", "Preflights are asked who the user is", 0}, (*prober).preflightAuth},
	{Rule{"F34", "preflight.route", "Preflights are answered as any OPTIONS", 0}, (*prober).preflightRoute},
	{Rule{"F35", "preflight.redirect", "Preflights are redirected", 0}, (*prober).preflightRedirect},
	{Rule{"F36", "preflight.method-missing", "A method that the resource has is not allowed", 0}, (*prober).preflightMethodMissing},
	{Rule{"F37", "preflight.method-case", "A method is allowed in other letters than it is sent in", 0}, (*prober).preflightMethodCase},
	{Rule{"F38", "preflight.header-missing", "A header that the page needs is not allowed", 0}, (*prober).preflightHeaderMissing},
	{Rule{"F39", "preflight.authorization-wildcard", "* is to stand for Authorization", 0}, (*prober).preflightAuthorizationWildcard},
	{Rule{"F40", "preflight.list-syntax", "A list is no list", 0}, (*prober).preflightListSyntax},
	{Rule{"F41", "preflight.acrh-fragile", "The answer depends on how the list of headers is spelled", 0}, (*prober).preflightSpelling},
	{Rule{"F42", "preflight.side-effects", "Preflights do what the resource does", 0}, (*prober).preflightSideEffects},
	{Rule{"F43", "preflight.options-swallowed", "Every OPTIONS is taken for a preflight", 0}, (*prober).preflightSwallowsOptions},
	{Rule{"F44", "preflight.too-wide", "Any method and any header is allowed", cwePermissive}, (*prober).preflightTooWide},
	{Rule{"F45", "preflight.meaningless-names", "Names are allowed that no page has a use for", 0}, (*prober).preflightMeaninglessNames},
	{Rule{"F46", "preflight.amplification", "Any number of header names is read and sent back", cweResources}, (*prober).preflightAmplification},
	{Rule{"F47", "cache.vary-missing", "Who may read varies by Origin, and Vary does not say so", cweCacheKey}, (*prober).cacheVaryMissing},
	{Rule{"F48", "cache.vary-asymmetric", "Only some of the answers say that they vary by Origin", cweCacheKey}, (*prober).cacheVaryAsymmetric},
	{Rule{"F49", "cache.vary-clobbered", "One layer's Vary takes the place of another's", cweCacheKey}, (*prober).cacheVaryClobbered},
	{Rule{"F50", "cache.vary-needless", "What is the same for all says that it varies by Origin", 0}, (*prober).cacheVaryNeedless},
	{Rule{"F51", "cache.max-age-missing", "Preflights are repeated every few seconds", 0}, (*prober).cacheMaxAgeMissing},
	{Rule{"F52", "cache.max-age-excessive", "Preflights are to be kept longer than any browser does", 0}, (*prober).cacheMaxAgeExcessive},
	{Rule{"F53", "cache.max-age-malformed", "How long preflights are to be kept is no number of seconds", 0}, (*prober).cacheMaxAgeMalformed},
	{Rule{"F54", "cache.preflight-http-cacheable", "A CDN may give a preflight's answer to another", cweCacheKey}, (*prober).cachePreflightShared},
	{Rule{"F55", "cache.refusal-cacheable", "A cache may give a stranger's refusal to others", cweCacheKey}, (*prober).cacheRefusalCacheable},
	{Rule{"F56", "acao.multiple", "Access-Control-Allow-Origin has several values", 0}, (*prober).acaoMultiple},
	{Rule{"F57", "acao.unserialised", "Access-Control-Allow-Origin is no origin as browsers write it", 0}, (*prober).acaoUnserialised},
	{Rule{"F58", "acao.partial-wildcard", "Access-Control-Allow-Origin has a wildcard for a part", 0}, (*prober).acaoPartialWildcard},
	{Rule{"F59", "acao.static-for-many", "All are told the one origin, and several are meant", 0}, (*prober).acaoStaticForMany},
	{Rule{"F60", "acao.missing-on-errors", "The page cannot read errors", 0}, (*prober).acaoMissingOnErrors},
	{Rule{"F61", "redirect.no-optin", "A redirect, or where it leads, does not let the page read", 0}, (*prober).redirectNoOptIn},
	{Rule{"F62", "redirect.null-origin", "A redirect makes the page's origin null", 0}, (*prober).redirectNullOrigin},
	{Rule{"F63", "redirect.drops", "A redirect loses the method, the body or who asks", 0}, (*prober).redirectDrops},
	{Rule{"F64", "expose.missing", "Response headers that scripts go by are hidden from them", 0}, (*prober).exposeMissing},
	{Rule{"F65", "expose.useless-or-sensitive", "Headers are exposed to no end, or to too many", cweExposure}, (*prober).exposeUseless},
	{Rule{"F66", "headers.misplaced", "CORS headers stand where no browser looks", 0}, (*prober).headersMisplaced},
	{Rule{"F67", "policy.inconsistent", "The same resource has another policy by another way", cwePermissive}, (*prober).policyInconsistent},
	{Rule{"F68", "proxy.open-cors", "Any web site reads any URL through the server", cweServerFetch}, (*prober).proxyOpenCORS},
	{Rule{"F69", "same-origin.blocked", "The resource's own pages are refused for saying Origin", 0}, (*prober).sameOriginBlocked},
	{Rule{"F70", "config.unreachable-entry", "A trusted origin is never recognized", 0}, (*prober).configUnreachableEntry},
	{Rule{"F71", "config.scheme-blind-same-origin", "Another scheme or port is taken for the same origin", 0}, (*prober).configSchemeBlind},
	{Rule{"F72", "raw.origin-grammar", "What is no origin is taken for a trusted one", cweOriginCheck}, (*prober).rawOriginGrammar},
	{Rule{"F73", "pna.legacy", "Any web site is let into the private network", cwePermissive}, (*prober).pnaLegacy},
	{Rule{"F74", "tao.wide", "More pages see timings than may read", cweExposure}, (*prober).taoWide},
	{Rule{"F75", "url.mixed-content", "Pages that came by https are to ask by http", 0}, (*prober).urlMixedContent},
	{Rule{"F76", "policy.as-access-control", "Origin is taken for a proof of who asks", 0}, (*prober).policyAsAccessControl},
}
