package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// A source is what the comments of a package say.
type source struct {
	types  map[string]string            // by type
	fields map[string]map[string]string // by struct and field
	values map[string][]string          // of a type's constants, in their order
}

// sources are the packages that the fields of a profile come from, by path.
type sources map[string]*source

// of returns the source of the package that a type is of.
func (all sources) of(t testing.TB, of reflect.Type) *source {
	t.Helper()
	if s := all[of.PkgPath()]; s != nil {
		return s
	}
	dir := filepath.Join("..", "..", filepath.FromSlash(strings.TrimPrefix(of.PkgPath(), "github.com/corsfetch/corsfetch/")))
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no source in %s (%v)", dir, err)
	}
	s := &source{types: make(map[string]string), fields: make(map[string]map[string]string), values: make(map[string][]string)}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if d, ok := d.(*ast.GenDecl); ok {
				s.read(d)
			}
		}
	}
	all[of.PkgPath()] = s
	return s
}

func (s *source) read(d *ast.GenDecl) {
	constants := "" // the type that iota counts for
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			s.types[spec.Name.Name] = d.Doc.Text()
			if of, ok := spec.Type.(*ast.StructType); ok {
				s.fields[spec.Name.Name] = fieldComments(of)
			}
		case *ast.ValueSpec:
			if of, ok := spec.Type.(*ast.Ident); ok {
				constants = of.Name
			}
			if d.Tok == token.CONST && constants != "" {
				s.values[constants] = append(s.values[constants], unnamed(spec.Names[0].Name, spec.Doc.Text()+spec.Comment.Text()))
			}
		}
	}
}

func fieldComments(of *ast.StructType) map[string]string {
	comments := make(map[string]string)
	for _, f := range of.Fields.List {
		for _, name := range f.Names {
			comments[name.Name] = f.Doc.Text() + f.Comment.Text()
		}
	}
	return comments
}

// unnamed is a comment on one line, without the name that it begins with: what
// stands after "NAME:", or after "NAME is", "NAME are" and "NAME says".
func unnamed(name, comment string) string {
	comment = strings.Join(strings.Fields(comment), " ")
	rest, ok := strings.CutPrefix(comment, name)
	if !ok {
		return comment
	}
	return regexp.MustCompile(`^(:| is| are| says) `).ReplaceAllString(rest, "")
}

// A point is what the comment of a field says.
type point struct {
	text  string   // what browsers do, and what the standard says
	shown []string // the scenarios that it names
	why   string   // there is none
	test  string   // that proves it then
}

var (
	shownBy  = regexp.MustCompile(`^(.*) Shown by ([a-z0-9, -]+)\.$`)
	notShown = regexp.MustCompile(`^(.*) No scenario shows it, as (.+); (Test\w+) does\.$`)
)

// point reads the comment of a field.
func (all sources) point(t testing.TB, f *field) point {
	t.Helper()
	comment := all.of(t, f.owner).fields[f.owner.Name()][f.name]
	if comment == "" {
		t.Fatalf("%s has no comment", f.path)
	}
	comment = unnamed(f.name, comment)
	if m := shownBy.FindStringSubmatch(comment); m != nil {
		return point{text: m[1], shown: strings.Split(m[2], ", ")}
	}
	if m := notShown.FindStringSubmatch(comment); m != nil {
		return point{text: m[1], why: m[2], test: m[3]}
	}
	return point{text: comment}
}
