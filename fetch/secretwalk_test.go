package fetch_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"
)

// findSecret returns the paths at which v, or whatever can be reached from it
// by reflection, holds the secret: exported or not, through pointers,
// interfaces, maps, and in a slice up to its capacity. What only a function
// holds is not found.
func findSecret(v any, secret string) []string {
	f := finder{secret: secret, seen: map[visit]bool{}}
	f.walk(reflect.ValueOf(v), "v")
	// What it says of itself.
	if err, ok := v.(error); ok && strings.Contains(err.Error(), secret) {
		f.found = append(f.found, "v.Error()")
	}
	for _, verb := range []string{"%v", "%+v", "%q"} {
		if strings.Contains(fmt.Sprintf(verb, v), secret) {
			f.found = append(f.found, verb)
		}
	}
	return f.found
}

type visit struct {
	at unsafe.Pointer
	t  reflect.Type
}

type finder struct {
	secret string
	seen   map[visit]bool
	found  []string
}

func (f *finder) walk(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), f.secret) {
			f.found = append(f.found, path)
		}
	case reflect.Interface:
		f.walk(v.Elem(), path)
	case reflect.Pointer:
		if at := (visit{v.UnsafePointer(), v.Type()}); !v.IsNil() && !f.seen[at] {
			f.seen[at] = true
			f.walk(v.Elem(), path)
		}
	case reflect.Struct:
		f.walkStruct(v, path)
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			f.walk(it.Key(), path+"[key]")
			f.walk(it.Value(), fmt.Sprintf("%s[%v]", path, it.Key()))
		}
	case reflect.Slice:
		if v.Cap() > 0 {
			at := visit{v.UnsafePointer(), v.Type()}
			if f.seen[at] {
				return
			}
			f.seen[at] = true
			f.walkList(v.Slice(0, v.Cap()), path)
		}
	case reflect.Array:
		f.walkList(v, path)
	}
}

func (f *finder) walkList(v reflect.Value, path string) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		b := make([]byte, v.Len())
		for i := range b {
			b[i] = byte(v.Index(i).Uint())
		}
		if strings.Contains(string(b), f.secret) {
			f.found = append(f.found, path)
		}
		return
	}
	for i := range v.Len() {
		f.walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

func (f *finder) walkStruct(v reflect.Value, path string) {
	// An atomic.Pointer[T] is a [0]*T and an unsafe.Pointer.
	if t := v.Type(); t.PkgPath() == "sync/atomic" && strings.HasPrefix(t.Name(), "Pointer[") {
		f.walk(reflect.NewAt(t.Field(0).Type.Elem().Elem(), v.FieldByName("v").UnsafePointer()), path+".Load()")
		return
	}
	for i := range v.NumField() {
		f.walk(v.Field(i), path+"."+v.Type().Field(i).Name)
	}
}

// TestFindSecret makes sure that a secret would be found.
func TestFindSecret(t *testing.T) {
	const secret = "s3cr3t"
	type inner struct{ s string }
	type outer struct {
		i any
		m map[string]*inner
		p atomic.Pointer[inner]
		l []string
		b []byte
	}
	self := &struct{ next any }{}
	self.next = self
	atomically := &outer{}
	atomically.p.Store(&inner{secret})
	for _, c := range []struct {
		name string
		v    any
		want bool
	}{
		{"nothing", &outer{i: inner{"public"}, m: map[string]*inner{"k": {}}}, false},
		{"nil", nil, false},
		{"a cycle", self, false},
		{"interface", &outer{i: inner{"a " + secret}}, true},
		{"map value", outer{m: map[string]*inner{"k": {secret}}}, true},
		{"map key", &outer{m: map[string]*inner{secret: nil}}, true},
		{"atomic pointer", atomically, true},
		{"slice", &outer{l: []string{"", secret}}, true},
		{"capacity of a slice", &outer{l: []string{"", secret}[:1]}, true},
		{"bytes", &outer{b: []byte("x" + secret)}, true},
		{"error", fmt.Errorf("a: %w", errors.New(secret)), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := findSecret(c.v, secret); (len(got) > 0) != c.want {
				t.Errorf("found at %q; want it found: %v", got, c.want)
			}
		})
	}
}
