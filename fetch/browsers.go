package fetch

import (
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/preflightcache"
	"github.com/corsfetch/corsfetch/redirect"
	"github.com/corsfetch/corsfetch/safelist"
)

// Standard returns the profile of the Fetch Standard.
func Standard() *Profile { return &Profile{Name: "standard"} }

// Chromium returns the profile of Chromium 156.
func Chromium() *Profile {
	return &Profile{
		Name:           "chromium",
		Console:        chromiumConsole(),
		Cookies:        cookies.Rules{LaxAllowingUnsafe: true, RedirectsIgnored: true, SecureOnLoopback: true},
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
		AcceptLanguage: "en-US,en;q=0.9",
		Safelist: safelist.Rules{
			JoinRepeated: true,
			RangeLimited: true,
			ClientHints:  true,
		},
		IgnoresUserAgent:            true,
		RewritesRange:               true,
		TrimsHeaderNames:            true,
		WildcardCoversAuthorization: true,
		PreflightCacheMode:          true,
		ConditionalRevalidates:      true,
		MaxAgeCap:                   7200 * time.Second,
		MaxAge:                      MaxAgeInteger,
		Preflights: preflightcache.Rules{
			WholeAnswers:       true,
			SafelistedUnlisted: true,
			MaxURLLength:       1023,
			NoOpaqueOrigins:    true,
		},
		PreflightsNotRead:      []CacheMode{CacheNoStore, CacheReload, CacheNoCache},
		PreflightsNotKept:      []CacheMode{CacheNoStore},
		PreflightSiteOfItsURL:  true,
		HintsRemovedOnRedirect: true,
		ManualNeedsURL:         true,
		ErrorNeedsLocation:     true,
		NoAboutBlank:           true,
		PreflightsCleared:      ClearedNever,
		Redirects: redirect.Rules{
			EqualLocations:    true,
			EmptyLocation:     redirect.EmptyIsNone,
			RefuseCredentials: true,
		},
		OriginUnmasked:                true,
		PreflightModeAlways:           true,
		StorageAccess:                 "active",
		StorageAccessBack:             "active",
		TrimsStatusText:               true,
		OriginNullAfterNoCORSRedirect: true,
		DowngradeByScheme:             true,
		MixedContentFromHTTPS:         true,
		OpenPorts:                     []uint16{4190, 6679},

		ClientCertificateWithoutCredentials: true,
	}
}

// Firefox returns the profile of Firefox 153 ESR.
func Firefox() *Profile {
	return &Profile{
		Name:           "firefox",
		Console:        firefoxConsole(),
		Cookies:        cookies.Rules{SameSiteDefaultNone: true, Schemeless: true, SecureOnLoopback: true, ThirdParty: cookies.ThirdPartyPartitioned},
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
		AcceptLanguage: "en-US,en;q=0.5",
		Safelist: safelist.Rules{
			NameRepeated:    true,
			NoTotalLimit:    true,
			HighBytesUnsafe: true,
			CommaUnsafe:     true,
			RangeLimited:    true,
		},
		OneContentType:              true,
		Streams:                     StreamsStringified,
		Attempts:                    10,
		WildcardCoversAuthorization: true,
		PreflightAsAtFirst:          true,
		PreflightUntaintedOrigin:    true,
		PreflightCacheMode:          true,
		MaxAgeCap:                   86400 * time.Second,
		MaxAge:                      MaxAgeStrict,
		Preflights: preflightcache.Rules{
			LiteralWildcard:     true,
			SeparateCredentials: true,
			SafelistedUnlisted:  true,
			ListHEAD:            true,
		},
		PreflightsNotRead:        []CacheMode{CacheNoStore, CacheReload},
		PreflightsCleared:        ClearedByCORSCheckToo,
		EmptyRepeatsIgnored:      true,
		ExposeStarSurvives:       true,
		OverrideUnquoted:         true,
		MasksWithoutReferrer:     true,
		Redirects:                redirect.Rules{EqualLocations: true},
		TrimsCrossSiteReferrer:   true,
		SchemelessSites:          true,
		StorageAccess:            "none",
		StorageAccessBack:        "inactive",
		CrossSiteAfterRedirects:  true,
		NoStorageAccessInWorkers: true,
		PreflightSiteOfItsURL:    true,
		OneLocation:              true,
		StorageAccessOnPreflight: true,
		DowngradeByScheme:        true,
		MixedContentFromHTTPS:    true,
		OpenPorts:                []uint16{0},
		DataURLLength:            true,
	}
}

// WebKit returns the profile of WebKitGTK 2.50.
func WebKit() *Profile {
	return &Profile{
		Name:           "webkit",
		Console:        webkitConsole(),
		Cookies:        cookies.Rules{SameSiteDefaultNone: true, InsecureNone: true, Schemeless: true, TopLevelDecides: true, RedirectsIgnored: true, NoPartitioned: true},
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
		AcceptLanguage: "en-US",
		Safelist: safelist.Rules{
			JoinRepeated: true,
			NoTotalLimit: true,
			RangeAnyCase: true,
			RangeLimited: true,
		},
		CacheModeUntilCrossOrigin:    true,
		BodyTypeUnguarded:            true,
		HighBytesAsUTF8:              true,
		Streams:                      StreamsRefused,
		PreflightUserAgent:           true,
		PreflightReferrerOfHopBefore: true,
		OnlyIfCachedLoads:            true,
		NoCredentialless:             true,
		ShortBodiesEnd:               true,
		WildcardCoversAuthorization:  true,
		PreflightStatusFirst:         true,
		PreflightAsAtFirst:           true,
		ErrorNeedsLocation:           true,
		PreflightListsRemoved:        true,
		MaxAgeCap:                    600 * time.Second,
		MaxAge:                       MaxAgeInteger,
		Preflights: preflightcache.Rules{
			WholeAnswers:                true,
			WildcardByRequest:           true,
			WildcardCoversAuthorization: true,
			SafelistedUnlisted:          true,
		},
		PreflightsStoredOnRefusal: true,
		PreflightsCleared:         ClearedNever,
		CredentialsFlagKept:       true,
		Redirects: redirect.Rules{
			JoinLocations:          true,
			EmptyLocation:          redirect.EmptyIsFailure,
			Latin1Location:         true,
			CrossOriginDeleteAsGET: true,
		},
		OriginKeptOnSameOriginRedirect: true,
		NoMetadataOnLeaving:            true,
		DowngradeByScheme:              true,
		MixedContentFromHTTPS:          true,
		MixedLoopbackBlocked:           true,
		NoAboutBlank:                   true,
		OpaqueOriginsApart:             true,
		OverrideUnquoted:               true,
		MasksWithoutReferrer:           true,

		ClientCertificateWithoutCredentials: true,
	}
}
