package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// Marshal returns s as an element of a file of scenarios: a block with a line
// for each rule and each step, without members that say nothing.
func Marshal(s *conformance.Scenario) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{%s", member("id", s.ID))
	for _, m := range []struct{ key, value string }{{"note", s.Note}, {"spec", s.Spec}} {
		if m.value != "" {
			b.WriteString(", " + member(m.key, m.value))
		}
	}
	if len(s.Points) > 0 {
		b.WriteString(", " + member("points", s.Points))
	}
	switch p := s.Page; {
	case p.Context != "" || len(p.Headers) > 0:
		b.WriteString(", \"page\": " + object(p))
	case p.Origin != "A" && p.Origin != "":
		b.WriteString(", " + member("page", p.Origin))
	}
	if len(s.Cookies) > 0 {
		b.WriteString(",\n " + member("cookies", s.Cookies))
	}
	if len(s.Server) > 0 {
		b.WriteString(",\n \"server\": {")
		for i, place := range sortedKeys(s.Server) {
			b.WriteString(separator(i, "\n  ") + quote(place) + ": [")
			for j := range s.Server[place] {
				b.WriteString(separator(j, "\n   ") + object(s.Server[place][j]))
			}
			b.WriteString("]")
		}
		b.WriteString("}")
	}
	b.WriteString(",\n \"steps\": [")
	for i := range s.Steps {
		b.WriteString(separator(i, "\n  ") + object(s.Steps[i]))
	}
	b.WriteString("]}")
	return b.Bytes()
}

// MarshalFile returns scenarios as a file.
func MarshalFile(scenarios []*conformance.Scenario) []byte {
	var b bytes.Buffer
	b.WriteString("[")
	for i, s := range scenarios {
		b.WriteString(separator(i, "\n"))
		b.Write(Marshal(s))
	}
	b.WriteString("\n]\n")
	return b.Bytes()
}

func separator(i int, s string) string {
	if i == 0 {
		return s
	}
	return "," + s
}

// object is a struct on one line, without members of the zero value.
func object(v any) string {
	var members []string
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		field := value.Field(i)
		isEmpty := field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0
		if key := value.Type().Field(i).Tag.Get("json"); !isEmpty {
			members = append(members, member(key, field.Interface()))
		}
	}
	return "{" + strings.Join(members, ", ") + "}"
}

func member(key string, value any) string {
	return quote(key) + ": " + text(reflect.ValueOf(value))
}

// text is a value on one line, as people write JSON.
func text(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		return text(v.Elem())
	case reflect.String:
		return quote(v.String())
	case reflect.Slice:
		elements := make([]string, v.Len())
		for i := range elements {
			elements[i] = text(v.Index(i))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case reflect.Map:
		var members []string
		for _, key := range sortedKeys(v.Interface().(map[string][]string)) {
			members = append(members, quote(key)+": "+text(v.MapIndex(reflect.ValueOf(key))))
		}
		return "{" + strings.Join(members, ", ") + "}"
	default: // bool and int
		return fmt.Sprint(v.Interface())
	}
}

// quote returns s as JSON in ASCII: code points in headers stand for bytes, and
// some of those cannot be seen.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // no string fails
	}
	var out strings.Builder
	for _, r := range strings.TrimSuffix(b.String(), "\n") {
		switch {
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&out, "\\u%04x\\u%04x", 0xD800+r>>10, 0xDC00+r&0x3FF)
		case r >= 0x7F:
			fmt.Fprintf(&out, "\\u%04x", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
