package origin

import "github.com/corsfetch/corsfetch/origin/weburl"

// A PartitionKey says which partition of the browser's caches and connections a
// request uses. Pages under different top-level sites do not share them.
//
// Keys are comparable. The zero PartitionKey is the standard's null: a request
// with it belongs to no partition and must use no cache.
//
// https://fetch.spec.whatwg.org/#network-partition-key
type PartitionKey struct {
	// Note: the standard's key has a second part, which is null or left to the
	// implementation. Ours has none.
	topLevelSite Site
	isNotNull    bool
}

// NetworkPartitionKey returns the network partition key of a page in a tab whose
// top-level document has the given origin. The zero Origin stands for one that
// is not known yet, as when that document is still being fetched; the key is
// then that of the origin of creationURL, the URL the document is fetched from.
// If that is nil as well, the key is null.
//
// https://fetch.spec.whatwg.org/#determine-the-network-partition-key
func NetworkPartitionKey(topLevel Origin, creationURL *weburl.URL) PartitionKey {
	return noMemo.NetworkPartitionKey(topLevel, creationURL)
}

// NetworkPartitionKey is the function [NetworkPartitionKey].
//
// https://fetch.spec.whatwg.org/#determine-the-network-partition-key
func (s *Sites) NetworkPartitionKey(topLevel Origin, creationURL *weburl.URL) PartitionKey {
	if topLevel.IsZero() {
		if creationURL == nil {
			return PartitionKey{}
		}
		topLevel = FromURL(creationURL)
	}
	return PartitionKey{topLevelSite: s.Site(topLevel), isNotNull: true}
}

// IsNull reports whether k is the zero PartitionKey.
func (k PartitionKey) IsNull() bool { return !k.isNotNull }

// String returns the serialization of the top-level site, or "" if k is null.
//
// The site of an opaque origin is serialized as "null". Different keys can have
// that in common, so it is the keys that must be compared where it matters.
func (k PartitionKey) String() string {
	if k.IsNull() {
		return ""
	}
	return k.topLevelSite.String()
}
