package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A node is a JSON value that knows where it is.
type node struct {
	line    int
	value   any // nil, bool, json.Number or string, unless one of the below
	array   []*node
	members []member
	is      string // "object", "array" or "value"
}

type member struct {
	key   string
	line  int
	again bool // the object has the key already
	value *node
}

func (m *member) twice() error { return fmt.Errorf("%q is there twice", m.key) }

// get returns the member or the element that key names, or nil.
func (n *node) get(key string) *node {
	for i := range n.members {
		if n.members[i].key == key {
			return n.members[i].value
		}
	}
	if i, err := strconv.Atoi(key); err == nil && i < len(n.array) {
		return n.array[i]
	}
	return nil
}

// A jsonError is an error at a line.
type jsonError struct {
	line int
	err  error
}

func (e *jsonError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }

// maxDepth bounds nesting, far above what any file here needs.
const maxDepth = 32

// A jsonReader reads nodes.
type jsonReader struct {
	data   []byte
	tokens *json.Decoder
	line   int   // of offset
	offset int64 // where lines have been counted to
}

// readJSON reads the one value that data holds. Of an array that is broken it
// returns the elements before, beside the error.
func readJSON(data []byte) (*node, error) {
	r := &jsonReader{data: data, tokens: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.tokens.UseNumber()
	n, err := r.value(0)
	if err == nil {
		if _, more := r.tokens.Token(); more != io.EOF {
			err = errors.New("more after the end")
		}
	}
	if err == nil {
		return n, nil
	}
	at := r.tokens.InputOffset()
	if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
		at = max(at, e.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at, err = int64(len(data)), errors.New("it ends too early")
	}
	return n, &jsonError{r.lineAt(at), err}
}

// lineAt returns the line of an offset; offsets never go back.
func (r *jsonReader) lineAt(offset int64) int {
	offset = min(offset, int64(len(r.data)))
	if offset > r.offset {
		r.line += bytes.Count(r.data[r.offset:offset], []byte("\n"))
		r.offset = offset
	}
	return r.line
}

func (r *jsonReader) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	token, err := r.tokens.Token()
	if err != nil {
		return nil, err
	}
	n := &node{line: r.lineAt(r.tokens.InputOffset()), value: token, is: "value"}
	switch token {
	case json.Delim('['):
		n.is, n.value = "array", nil
		for r.tokens.More() {
			element, err := r.value(depth + 1)
			if err != nil {
				return n, err
			}
			n.array = append(n.array, element)
		}
		_, err = r.tokens.Token()
	case json.Delim('{'):
		n.is, n.value = "object", nil
		err = r.object(n, depth)
	}
	return n, err
}

func (r *jsonReader) object(n *node, depth int) error {
	seen := make(map[string]bool)
	for r.tokens.More() {
		token, err := r.tokens.Token()
		if err != nil {
			return err
		}
		m := member{key: fmt.Sprint(token), line: r.lineAt(r.tokens.InputOffset())}
		m.again, seen[m.key] = seen[m.key], true
		if m.value, err = r.value(depth + 1); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
	_, err := r.tokens.Token()
	return err
}

// A checker is a value that can say more about itself than its types do. path
// leads to the member that an error is about; none is the value as a whole.
type checker interface {
	check(report func(err error, path ...string))
}

// decode stores n in v, which is what encoding/json would have stored, and
// reports each key that v has no place for and each value of another type.
func decode(n *node, v reflect.Value, report func(line int, err error)) {
	if page, ok := v.Addr().Interface().(*Page); ok && n.is == "value" {
		decode(n, reflect.ValueOf(&page.Origin).Elem(), report)
		return
	}
	if n.is == "value" && n.value == nil {
		report(n.line, errors.New("null"))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		decode(n, v.Elem(), report)
	case reflect.Struct:
		decodeStruct(n, v, report)
	case reflect.Map:
		if n.is != "object" {
			report(n.line, errors.New("not an object"))
			return
		}
		v.Set(reflect.MakeMapWithSize(v.Type(), len(n.members)))
		for _, m := range n.members {
			if m.again {
				report(m.line, m.twice())
			}
			element := reflect.New(v.Type().Elem()).Elem()
			decode(m.value, element, report)
			v.SetMapIndex(reflect.ValueOf(m.key), element)
		}
	case reflect.Slice:
		if n.is != "array" {
			report(n.line, errors.New("not an array"))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(n.array), len(n.array)))
		for i, element := range n.array {
			decode(element, v.Index(i), report)
		}
	default:
		decodeScalar(n, v, report)
	}
}

func decodeStruct(n *node, v reflect.Value, report func(line int, err error)) {
	if n.is != "object" {
		report(n.line, errors.New("not an object"))
		return
	}
	fields := make(map[string]reflect.Value)
	for _, field := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields[name] = v.FieldByIndex(field.Index)
		}
	}
	for _, m := range n.members {
		if m.again {
			report(m.line, m.twice())
		}
		field, known := fields[m.key]
		if !known {
			report(m.line, fmt.Errorf("unknown key %q", m.key))
			continue
		}
		decode(m.value, field, func(line int, err error) { report(line, fmt.Errorf("%s: %w", m.key, err)) })
	}
	if c, ok := v.Addr().Interface().(checker); ok {
		c.check(func(err error, path ...string) {
			if err == nil {
				return
			}
			at := n
			for _, key := range path {
				if next := at.get(key); next != nil {
					at = next
				}
			}
			if len(path) > 0 {
				err = fmt.Errorf("%s: %w", path[0], err)
			}
			report(at.line, err)
		})
	}
}

func decodeScalar(n *node, v reflect.Value, report func(line int, err error)) {
	switch x := n.value.(type) {
	case string:
		if v.Kind() == reflect.String {
			v.SetString(x)
			return
		}
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(x)
			return
		}
	case json.Number:
		if i, err := x.Int64(); err == nil && v.Kind() == reflect.Int && !v.OverflowInt(i) {
			v.SetInt(i)
			return
		}
	}
	what := map[reflect.Kind]string{reflect.String: "a string", reflect.Bool: "true or false", reflect.Int: "a whole number"}[v.Kind()]
	report(n.line, fmt.Errorf("not %s", what))
}

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
