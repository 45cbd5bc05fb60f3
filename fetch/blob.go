package fetch

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// A Blob is bytes with a type, as a script makes of new Blob([data], {type}).
//
// https://w3c.github.io/FileAPI/#blob-section
type Blob struct {
	Data []byte
	Type string // a MIME type; "" if it has none
}

// CreateObjectURL returns a blob: URL that fetches blob, as
// URL.createObjectURL() does in the page. Pages of the same browser can fetch it
// if they have the page's origin and tab's site, and nobody else can.
//
// The browser holds the blob until RevokeObjectURL.
//
// https://w3c.github.io/FileAPI/#dfn-createObjectURL
func (t *Transport) CreateObjectURL(blob Blob) string {
	b := t.browser()
	// Of an opaque origin the URL says no more than that.
	url := "blob:" + t.env.origin.String() + "/" + newUUID()
	b.blobs.add(url, &blobEntry{
		data:     bytes.Clone(blob.Data),
		mimeType: blobType(blob.Type),
		key:      t.env.storageKey(),
	})
	return url
}

// RevokeObjectURL makes url, which CreateObjectURL has returned, fetch nothing
// any more, as URL.revokeObjectURL() does. It does nothing to a URL that the
// page could not fetch.
//
// https://w3c.github.io/FileAPI/#dfn-revokeObjectURL
func (t *Transport) RevokeObjectURL(url string) {
	t.browser().blobs.remove(url, t.env.storageKey())
}

// newUUID returns a random UUID.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// blobType is the type of a Blob: in lower case, and none if it has a character
// that is not printable ASCII.
//
// https://w3c.github.io/FileAPI/#constructorBlob
func blobType(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ""
		}
	}
	return strings.ToLower(s)
}

// A storageKey says who shares what a page stores.
//
// Note: the standard leaves it to browsers to add the tab's site to the origin,
// and they do.
//
// https://storage.spec.whatwg.org/#obtain-a-storage-key-for-non-storage-purposes
type storageKey struct {
	origin    origin.Origin
	partition string
}

func (env *environment) storageKey() storageKey { return storageKey{env.origin, env.partition} }

// A blobEntry is a blob that has a URL, and whose it is. It never changes.
//
// https://w3c.github.io/FileAPI/#blob-url-entry
type blobEntry struct {
	data     []byte
	mimeType string
	key      storageKey
}

// A blobStore holds blobs by their URLs. The zero blobStore is empty.
//
// https://w3c.github.io/FileAPI/#BlobURLStore
type blobStore struct {
	mu      sync.RWMutex
	entries map[string]*blobEntry // guarded by mu
}

func (s *blobStore) add(url string, e *blobEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries == nil {
		s.entries = make(map[string]*blobEntry)
	}
	s.entries[url] = e
}

// remove removes an entry that belongs to key.
func (s *blobStore) remove(url string, key storageKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[url]; e != nil && e.key == key {
		delete(s.entries, url)
	}
}

// resolve returns the entry of a blob: URL; nil if there is none.
//
// https://w3c.github.io/FileAPI/#blob-url-resolve
func (s *blobStore) resolve(u *weburl.URL) *blobEntry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entries[u.WithoutFragment().String()]
}

// originOf returns the origin of u: of a blob: URL that of the page that has made
// it, if it exists.
//
// https://url.spec.whatwg.org/#concept-url-origin
func (b *Browser) originOf(u *weburl.URL) origin.Origin {
	if u.Scheme() == "blob" {
		if e := b.blobs.resolve(u); e != nil {
			return e.key.origin
		}
	}
	return origin.FromURL(u)
}

// blobFetch fetches the current URL, a blob: URL.
//
// Note: a network error of it has one reason, ErrBlobNotFound, whether there is
// no such blob or it is another's; ErrBlobMethod and ErrBlobRange say what was
// wrong with the request.
//
// https://fetch.spec.whatwg.org/#scheme-fetch
func (p *fetchParams) blobFetch() (*response, *Error) {
	r := &p.request
	// 2. GET is all there is,
	if r.method != http.MethodGet {
		return nil, p.refuse(ErrBlobMethod, refusal{got: r.method, want: "GET of a blob: URL"})
	}
	// 5. and a blob is for those of its storage key.
	e := p.browser.blobs.resolve(r.currentURL())
	if e == nil || e.key != p.env.storageKey() {
		return nil, p.refuse(ErrBlobNotFound, refusal{got: "a blob: URL that names no blob of the page's", want: "one that CreateObjectURL has returned"})
	}
	data := e.data
	res := localResponse(e.mimeType, "")
	// 11. All of it, or 12. a part.
	if value, ok := safelist.Get(r.header["Range"]); ok {
		start, end, ok := p.profile.blobRange(value, int64(len(data)))
		if !ok {
			return nil, p.refuse(ErrBlobRange, refusal{header: "Range", got: value, want: "one range within the blob, which has " + strconv.Itoa(len(data)) + " bytes"})
		}
		data = data[start : end+1]
		res.status = http.StatusPartialContent
		if !p.profile.Scheme.BlobPartsSayOK {
			res.text = http.StatusText(res.status)
		}
		if len(data) > 0 || p.profile.Scheme.EmptyBlobSuffix != EmptySuffixUnnamed {
			res.header["Content-Range"] = []string{fmt.Sprintf("bytes %d-%d/%d", start, end, len(e.data))}
		}
	}
	res.header["Content-Length"] = []string{strconv.Itoa(len(data))}
	if p.profile.Scheme.NoEmptyBlobType && e.mimeType == "" {
		delete(res.header, headerContentType)
	}
	if p.profile.Scheme.BlobReferrerPolicy {
		policy := p.env.referrerPolicy
		if p.env.worker {
			policy = ""
		}
		res.header["Referrer-Policy"] = []string{string(policy)}
	}
	res.body = io.NopCloser(bytes.NewReader(data))
	return res, nil
}

// blobRange returns the first and the last byte that a Range header asks for of
// a blob of the given size.
//
// Deviation: a suffix longer than the blob begins, by the letter of the
// standard, before it; it begins with it.
func (profile *Profile) blobRange(value string, size int64) (start, end int64, ok bool) {
	r, ok := profile.Safelist.ParseRange(value, true)
	if !ok {
		return 0, 0, false
	}
	start, end = r.Offsets()
	if start < 0 { // the end is how many bytes, from behind
		rules := &profile.Scheme
		ok = end > 0 && (size > 0 || rules.EmptyBlobSuffix != EmptySuffixFails) && !(end > size && rules.BlobSuffixWithin)
		return max(size-end, 0), size - 1, ok
	}
	if end < 0 || end >= size {
		end = size - 1
	}
	return start, end, start < size
}
