package cookies

import "time"

// An Entry is one cookie of a Store. It shares nothing with the store.
type Entry struct {
	Name, Value string

	// Domain is a serialized host. With HostOnly the cookie is for that host
	// alone, else for all below it, too.
	Domain   string
	HostOnly bool
	Path     string

	Secure   bool
	HTTPOnly bool
	SameSite SameSite

	Expires    time.Time // zero: at the end of the session
	Created    time.Time
	LastAccess time.Time

	// Partition is the serialized site of the tab that the cookie is for; ""
	// if it is for all. That of an opaque origin is "null", and not saved.
	Partition string
	// ThirdParty: in that tab, it is for requests to or from other sites.
	ThirdParty bool
}

// expired reports whether the cookie is no more at the time.
func (e *Entry) expired(now time.Time) bool {
	return !e.Expires.IsZero() && !e.Expires.After(now)
}
