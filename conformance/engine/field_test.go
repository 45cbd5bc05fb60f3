package engine_test

import (
	"reflect"

	"github.com/corsfetch/corsfetch/fetch"
)

// A field is a point on which profiles differ: a field of fetch.Profile that is
// no struct, by its path.
type field struct {
	path  string // as "Preflight.AsAtFirst"
	index []int
	owner reflect.Type // the struct it is of
	name  string
}

// identity are the fields of a profile that say who a browser is and what it
// tells its user, not what it does.
var identity = map[string]bool{"Name": true, "UserAgent": true, "AcceptLanguage": true, "Console": true}

// fields are all fields, in the order that they are written in.
func fields() []field {
	var all []field
	var walk func(t reflect.Type, path string, index []int)
	walk = func(t reflect.Type, path string, index []int) {
		for f := range t.Fields() {
			at := field{path: path + f.Name, index: append(index[:len(index):len(index)], f.Index...), owner: t, name: f.Name}
			switch {
			case path == "" && identity[f.Name]:
			case f.Type.Kind() == reflect.Struct:
				walk(f.Type, at.path+".", at.index)
			default:
				all = append(all, at)
			}
		}
	}
	walk(reflect.TypeFor[fetch.Profile](), "", nil)
	return all
}

// in is f's value in a profile.
func (f *field) in(p *fetch.Profile) reflect.Value {
	return reflect.ValueOf(p).Elem().FieldByIndex(f.index)
}

// differs reports whether f is not the standard's in a profile.
func (f *field) differs(p *fetch.Profile) bool { return !f.in(p).IsZero() }

// reset returns p with f as the standard has it. p is changed.
func (f *field) reset(p *fetch.Profile) *fetch.Profile {
	f.in(p).SetZero()
	return p
}
