package fetch

import (
	"math"
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/fetch/httpauth"
	"github.com/corsfetch/corsfetch/fetch/integrity"
	"github.com/corsfetch/corsfetch/fetch/orb"
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
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
		AcceptLanguage: "en-US,en;q=0.9",
		Console:        chromiumConsole,
		Cookies:        cookies.Rules{LaxAllowingUnsafe: true, RedirectsIgnored: true, SecureOnLoopback: true, RenewedByValue: true},
		Safelist: safelist.Rules{
			JoinRepeated: true,
			RangeMax:     math.MaxInt64 - 1,
			ClientHints:  true,
		},
		Initiator: InitiatorRules{
			AcceptImage:      "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
			SaysOrigin:       true,
			UploadNeedsBody:  true,
			NoUserinfo:       true,
			Charset:          CharsetInPlace,
			BeaconsTellMixed: true,
			VideoRange:       true,
			VideoParts:       VideoPartsTold,
			EmptySheets:      true,
		},
		Request:      RequestRules{IgnoresUserAgent: true},
		Header:       HeaderRules{RewritesRange: true},
		CacheMode:    CacheModeRules{ConditionalRevalidates: true, CredentiallessReloads: true},
		LocalNetwork: LocalNetworkRules{Checked: true},
		Block: BlockRules{
			OpenPorts:             []uint16{4190, 6679},
			MixedContentFromHTTPS: true,
		},
		Scheme: SchemeRules{NoAboutBlank: true, BlobPartsSayOK: true, EmptyBlobSuffix: EmptySuffixIsPart},
		Auth: AuthRules{
			Challenges:      httpauth.Rules{OnePerHeader: true, AuthIntIgnored: true, DigestByPath: true},
			KnownUnderCORS:  true,
			PromptUnderCORS: true,
		},
		Keepalive: KeepaliveRules{BeforePreflight: true},
		Upgrade:   UpgradeRules{KnownRedirected: true, LoopbackKept: true, MixedAtFirst: true, URLKept: true},
		Preflight: PreflightRules{
			CacheModeOfRequest:          true,
			ModeAlways:                  true,
			SiteOfItsURL:                true,
			WildcardCoversAuthorization: true,
		},
		PreflightCache: PreflightCacheRules{
			Entries: preflightcache.Rules{
				WholeAnswers:       true,
				SafelistedUnlisted: true,
				MaxURLLength:       1023,
				NoOpaqueOrigins:    true,
			},
			MaxAge:    MaxAgeInteger,
			MaxAgeCap: 7200 * time.Second,
			NotRead:   []CacheMode{CacheNoStore, CacheReload, CacheNoCache},
			NotKept:   []CacheMode{CacheNoStore},
			Cleared:   ClearedNever,
		},
		Redirect: RedirectRules{
			Location: redirect.Rules{
				EqualLocations:    true,
				EmptyLocation:     redirect.EmptyIsNone,
				RefuseCredentials: true,
			},
			HintsRemoved:       true,
			ManualNeedsURL:     true,
			ErrorNeedsLocation: true,
		},
		Origin:   OriginRules{NullAfterNoCORSRedirect: true, Unmasked: true},
		Referrer: ReferrerRules{DowngradeByScheme: true},
		Metadata: MetadataRules{StorageAccess: "active", StorageAccessBack: "active"},
		Network:  NetworkRules{ClientCertificateWithoutCredentials: true},
		Response: ResponseRules{
			SpacedNames:      SpacedNamesTrimmed,
			StatusTextBefore: " ",
			StatusTextAfter:  " ",
			UnequalRefused:   true,
			Types:            TypesLoose,
			CSVByPrefix:      true,
			ORB:              orb.Chromium(),
		},
		Integrity: IntegrityRules{
			Metadata: integrity.Rules{
				Space:            " \t\n\v\f\r",
				Dashed:           true,
				MalformedIgnored: true,
				EqualsInside:     true,
				Decoded:          true,
				PaddingIgnored:   true,
			},
			ElementsNeedHash: true,
			NullBodyIsEmpty:  true,
		},
		Timing: TimingRules{RedirectsHidden: true},
	}
}

// Firefox returns the profile of Firefox 153 ESR.
func Firefox() *Profile {
	return &Profile{
		Name:           "firefox",
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
		AcceptLanguage: "en-US,en;q=0.9",
		Console:        firefoxConsole,
		Cookies: cookies.Rules{
			SameSiteDefaultNone:   true,
			Schemeless:            true,
			RedirectsIgnoredToSet: true,
			BareNames:             true,
			DefaultPathIsRoot:     true,
			ReplacesInvalidUTF8:   true,
			SecureOnLoopback:      true,
			ThirdParty:            cookies.ThirdPartyPartitioned,
		},
		Safelist: safelist.Rules{
			NameRepeated:    true,
			NoTotalLimit:    true,
			HighBytesUnsafe: true,
			CommaUnsafe:     true,
			SemicolonUnsafe: true,
			RangeMax:        math.MaxUint64,
		},
		Initiator: InitiatorRules{
			AcceptImage:          "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
			AcceptFont:           "application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8",
			AcceptVideo:          "video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5",
			NoDataEvents:         true,
			NoBlobEvents:         true,
			BeaconsTellPorts:     true,
			BeaconsTellMixed:     true,
			Charset:              CharsetParsedOfForms,
			WorkerCharset:        true,
			ConditionalXHRCached: true,
			OpaquePages:          OpaqueTellsOrigin,
			OversizeBeacons:      true,
			VideoRange:           true,
			VideoParts:           VideoPartsFirst,
		},
		Request:      RequestRules{OverrideUnquoted: true, Streams: StreamsStringified},
		Header:       HeaderRules{SetInTurn: true},
		LocalNetwork: LocalNetworkRules{Checked: true, AskedAlone: true},
		Block: BlockRules{
			OpenPorts:             []uint16{0},
			MixedContentFromHTTPS: true,
			UnknownCORPAllows:     true,
		},
		Scheme: SchemeRules{DataURLLength: true, BlobSuffixWithin: true},
		Auth: AuthRules{
			Challenges:       httpauth.Rules{StrongestDigest: true, AuthIntIgnored: true, DigestByPath: true, UserHashIgnored: true},
			KnownUnderCORS:   true,
			PromptUnderCORS:  true,
			RedirectUserinfo: true,
			ScriptAnswers:    true,
			Partitioned:      true,
			ServersSay407:    true,
		},
		Keepalive: KeepaliveRules{BeforePreflight: true},
		Upgrade:   UpgradeRules{KnownByTab: true, LoopbackKept: true, MixedKept: true, SaysRedirected: true, OwnRedirect: true, NotInWorkers: true},
		Preflight: PreflightRules{
			OnceForAll:                  true,
			CacheModeOfRequest:          true,
			UntaintedOrigin:             true,
			HomeUnchecked:               true,
			SiteOfItsURL:                true,
			StorageAccess:               true,
			WildcardCoversAuthorization: true,
		},
		PreflightCache: PreflightCacheRules{
			Entries: preflightcache.Rules{
				LiteralWildcard:     true,
				SeparateCredentials: true,
				SafelistedUnlisted:  true,
				ListHEAD:            true,
			},
			MaxAge:    MaxAgeStrict,
			MaxAgeCap: 86400 * time.Second,
			NotRead:   []CacheMode{CacheNoStore, CacheReload},
			Cleared:   ClearedByCORSCheckToo,
		},
		Redirect: RedirectRules{
			Location: redirect.Rules{EscapeTabs: true},
			Removals: RemovalsByHop,
		},
		Origin:   OriginRules{MaskedWithoutReferrer: true},
		Referrer: ReferrerRules{TrimmedCrossSite: true, DowngradeByScheme: true},
		Metadata: MetadataRules{
			SchemelessSites:            true,
			CrossSiteAfterHTTP:         true,
			StorageAccess:              "none",
			StorageAccessBack:          "inactive",
			NoStorageAccessInWorkers:   true,
			NoStorageAccessOnceTainted: true,
		},
		Network: NetworkRules{Attempts: 10},
		Response: ResponseRules{
			SpacedNames:         SpacedNamesDropped,
			StatusTextBefore:    " \t",
			UnequalRefused:      true,
			FirstOfOne:          true,
			TypesAddUp:          true,
			TypesJoinedTight:    true,
			ChallengesHidden:    true,
			EmptyRepeatsIgnored: true,
			ExposeStarSurvives:  true,
			Types:               TypesLoose,
			CSVByPrefix:         true,
			ORB:                 orb.Firefox(),
			ShortBodies:         ShortBodiesFailIfOK,
		},
		Integrity: IntegrityRules{
			Metadata:         integrity.Rules{Space: " \t\n\r", MalformedIgnored: true, Decoded: true},
			NullBodyIsEmpty:  true,
			Hidden:           HiddenCounts,
			DataNeedsCORS:    true,
			BrokenBodyPasses: true,
		},
		Timing: TimingRules{RefusedAsOthers: true, RedirectsTold: true, OpaqueErrorsHidden: true},
	}
}

// WebKit returns the profile of WebKitGTK 2.50.
func WebKit() *Profile {
	return &Profile{
		Name:           "webkit",
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
		AcceptLanguage: "en-US",
		Console:        webkitConsole,
		Cookies: cookies.Rules{
			SameSiteDefaultNone: true,
			InsecureNone:        true,
			Schemeless:          true,
			TabDecides:          true,
			NoPartitioned:       true,
			NoPrefixes:          true,
			LooseSyntax:         true,
			AnySameSiteSet:      true,
			StandsInForSecure:   true,
			NearestFirst:        true,
		},
		Safelist: safelist.Rules{
			JoinRepeated: true,
			RangeAnyCase: true,
			RangePlus:    true,
			RangeMax:     math.MaxUint64,
		},
		Initiator: InitiatorRules{
			AcceptImage:       "image/webp,image/avif,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
			SaysOrigin:        true,
			FontsUnchecked:    true,
			NoDataEvents:      true,
			BeaconsTellPorts:  true,
			VideoSaysOrigin:   true,
			Charset:           CharsetParsedOfForms,
			BeaconsTellMixed:  true,
			BeaconsOfURL:      true,
			EventsRevalidate:  true,
			RedirectsToData:   true,
			OpaquePages:       OpaqueTellsURL,
			SilentPorts:       true,
			VideoMetadata:     true,
			BeaconsRevalidate: true,
		},
		Request: RequestRules{
			OverrideUnquoted:  true,
			BodyTypeUnguarded: true,
			Streams:           StreamsRefused,
		},
		Header:    HeaderRules{HighBytesAsUTF8: true},
		CacheMode: CacheModeRules{UntilCrossOrigin: true, OnlyIfCachedLoads: true},
		Block: BlockRules{
			MixedContentFromHTTPS: true,
			LoopbackIsMixed:       true,
			MixedAfterPreflight:   true,
			NoCredentialless:      true,
		},
		Scheme:  SchemeRules{NoAboutBlank: true, EmptyBlobSuffix: EmptySuffixUnnamed, NoEmptyBlobType: true, BlobReferrerPolicy: true},
		Upgrade: UpgradeRules{TaintedLate: true},
		Auth: AuthRules{
			Challenges:       httpauth.Rules{MD5Only: true, LoosePaths: true, CountLast: true},
			KnownUnderCORS:   true,
			PromptSameOrigin: true,
			RedirectUserinfo: true,
			UserinfoSpent:    true,
			KnownFirst:       true,
			ServersSay407:    true,
		},
		Keepalive: KeepaliveRules{BeforePreflight: true},
		Preflight: PreflightRules{
			ListsRemoved:                true,
			UserAgentOfRequest:          true,
			OnceForAll:                  true,
			ReferrerOfFirstHop:          true,
			StatusFirst:                 true,
			WildcardCoversAuthorization: true,
		},
		PreflightCache: PreflightCacheRules{
			Entries: preflightcache.Rules{
				WholeAnswers:                true,
				WildcardByRequest:           true,
				WildcardCoversAuthorization: true,
				SafelistedUnlisted:          true,
			},
			MaxAge:             MaxAgeInteger,
			MaxAgeCap:          600 * time.Second,
			OpaqueOriginsApart: true,
			StoresRefusals:     true,
			Cleared:            ClearedNever,
		},
		CORSCheck: CORSCheckRules{CredentialsFlagKept: true},
		Redirect: RedirectRules{
			Removals: BodyHeadersByHop,
			Location: redirect.Rules{
				JoinLocations:          true,
				EmptyLocation:          redirect.EmptyIsFailure,
				Latin1Location:         true,
				CrossOriginDeleteAsGET: true,
			},
			ErrorNeedsLocation: true,
		},
		Origin:   OriginRules{KeptOnSameOriginRedirect: true, MaskedWithoutReferrer: true},
		Referrer: ReferrerRules{DowngradeByScheme: true, FramesInherit: true},
		Metadata: MetadataRules{NoneOnLeaving: true},
		Network:  NetworkRules{ClientCertificateWithoutCredentials: true},
		Response: ResponseRules{
			SpacedNames:         SpacedNamesDropped,
			StatusTextBefore:    " \t",
			StatusTextAfter:     " \t",
			ReplacesInvalidUTF8: true,
			ResetHasBody:        true,
			ShortBodies:         ShortBodiesEnd,
			Types:               TypesFirst,
		},
		Integrity: IntegrityRules{
			Metadata: integrity.Rules{
				AnyCase:          true,
				MalformedIgnored: true,
				PrintableOptions: true,
				Decoded:          true,
				PaddingIgnored:   true,
			},
			BlankIsNone:     true,
			NullBodyIsEmpty: true,
			Hidden:          HiddenEmpty,
		},
		Timing: TimingRules{NoFailures: true, SizeOfOwn: true, NoStatus: true},
	}
}
