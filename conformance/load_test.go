package conformance_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
)

// scenariosEnv names directories of scenarios, as a list of paths, whose results/ are recordings
// of browsers.
const scenariosEnv = "CORSFETCH_SCENARIOS"

func ptr[T any](v T) *T { return &v }

func TestParse(t *testing.T) {
	const file = `[
{"id": "cors-put", "note": "why", "spec": "https://fetch.spec.whatwg.org/#cors-preflight-fetch", "points": ["PRE-001"],
 "page": {"origin": "AS", "context": "worker", "headers": ["Referrer-Policy: origin"]},
 "cookies": {"B": ["k=v"]},
 "server": {"B/x": [{"on": "OPTIONS", "times": 1, "status": 204, "reason": "", "headers": ["A: {origin}"], "delay": 5, "hangup": true}, {"body": ""}]},
 "steps": [{"fetch": "B/x?{n}", "method": "PUT", "body": "", "referrer": "", "expect": "OPTIONS PUT => cors 200", "wire": ["1 Origin: {A}"]},
           {"sleep": 5}, {"cookie": "a=b"}, {"fetch": "B/i", "via": "img", "crossorigin": ""}]},
{"id": "b", "page": "X", "steps": [{"fetch": "A/x"}]}
]`
	got, err := conformance.Parse("dir/../f.json", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []*conformance.Scenario{{
		ID: "cors-put", Note: "why", Spec: "https://fetch.spec.whatwg.org/#cors-preflight-fetch", Points: []string{"PRE-001"},
		Page:    conformance.Page{Origin: "AS", Context: "worker", Headers: []string{"Referrer-Policy: origin"}},
		Cookies: map[string][]string{"B": {"k=v"}},
		Server: map[string][]conformance.Rule{"B/x": {
			{On: "OPTIONS", Times: 1, Status: 204, Reason: ptr(""), Headers: []string{"A: {origin}"}, Delay: 5, Hangup: true},
			{Body: ptr("")},
		}},
		Steps: []conformance.Step{
			{Fetch: "B/x?{n}", Method: "PUT", Body: ptr(""), Referrer: ptr(""), Expect: "OPTIONS PUT => cors 200", Wire: []string{"1 Origin: {A}"}},
			{Sleep: 5}, {Cookie: "a=b"}, {Fetch: "B/i", Via: "img", Crossorigin: ptr("")},
		},
		File: "f.json", Line: 2,
	}, {
		ID: "b", Page: conformance.Page{Origin: "X"}, Steps: []conformance.Step{{Fetch: "A/x"}}, File: "f.json", Line: 8,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- is what was expected, + what was read\n%s", diff)
	}
}

// loadErrors are files, what is wrong with them, and where. Each {} stands for
// a scenario "a" whose second line is what follows.
var loadErrors = []struct {
	name string
	file string
	want []string // of each error, its beginning
}{
	{"not JSON", "[\n{\"id\": \"a\",\n oops}]", []string{"f.json:3: invalid character 'o'"}},
	{"cut off", "[\n{\"id\": \"a\"", []string{"f.json:2: it ends too early"}},
	{"empty", "", []string{"f.json:1: it ends too early"}},
	{"more", "[]\n[]", []string{"f.json:2: more after the end"}},
	{"nested", "[\n" + strings.Repeat("[", 40), []string{"f.json:2: nested too deeply"}},
	{"not an array", `{"id": "a"}`, []string{"f.json:1: not an array of scenarios"}},
	{"not an object", "[\n1]", []string{"f.json:2: not an object"}},
	{"null", "[\n{\"id\": \"a\", \"note\":\nnull, \"steps\": [{\"sleep\": 1}]}]", []string{"f.json:3: a: note: null"}},
	{"number for text", "[\n{\"id\": \"a\", \"note\":\n7, \"steps\": [{\"sleep\": 1}]}]", []string{"f.json:3: a: note: not a string"}},
	{"no whole number", "[\n{\"id\": \"a\", \"steps\": [\n{\"sleep\": 1.5}]}]", []string{"f.json:3: a: steps: sleep: not a whole number", "f.json:3: a: steps: a step is a fetch, a cookie or a sleep"}},
	{"unknown key", step(`"fetch": "B/x", "fetsh": 1`), []string{`f.json:3: a: steps: unknown key "fetsh"`}},
	{"unknown key of a scenario", "[\n{\"id\": \"a\",\n\"step\": [],\n\"steps\": [{\"sleep\": 1}]}]", []string{`f.json:3: a: unknown key "step"`}},
	{"unknown key of a rule", rule(`"statsu": 200`), []string{`f.json:3: a: server: unknown key "statsu"`}},
	{"key twice", step(`"fetch": "B/x", "fetch": "B/y"`), []string{`f.json:3: a: steps: "fetch" is there twice`}},
	{"id twice", "[\n{\"id\": \"a\", \"steps\": [{\"sleep\": 1}]},\n{\"id\": \"a\", \"steps\": [{\"sleep\": 1}]}]", []string{"f.json:3: a: there is one of that id at f.json:2"}},
	{"id with a space", "[\n{\"id\": \"a b\", \"steps\": [{\"sleep\": 1}]}]", []string{`f.json:2: a b: id: "a b" is not an id`}},
	{"no id", "[\n{\"steps\": [{\"sleep\": 1}]}]", []string{`f.json:2: id: "" is not an id`}},
	{"no steps", "[\n{\"id\": \"a\"}]", []string{"f.json:2: a: steps: no steps"}},
	{"unknown alias of a page", "[\n{\"id\": \"a\", \"steps\": [{\"sleep\": 1}],\n\"page\": \"Q\"}]", []string{`f.json:3: a: page: unknown alias "Q"`}},
	{"unknown alias of a page that is an object", "[\n{\"id\": \"a\", \"steps\": [{\"sleep\": 1}],\n\"page\": {\"headers\": [],\n\"origin\": \"Q\"}}]", []string{`f.json:4: a: page: unknown alias "Q"`}},
	{"unknown alias of a server", "[\n{\"id\": \"a\", \"steps\": [{\"sleep\": 1}],\n\"server\": {\"A/x\": [],\n\"Q/x\": []}}]", []string{`f.json:4: a: server: unknown alias "Q"`}},
	{"query of a server", "[\n{\"id\": \"a\", \"steps\": [{\"sleep\": 1}],\n\"server\": {\"A/x?y\": []}}]", []string{`f.json:3: a: server: "A/x?y" is not an alias and a path`}},
	{"unknown alias of cookies", "[\n{\"id\": \"a\", \"steps\": [{\"sleep\": 1}],\n\"cookies\": {\"Q\": []}}]", []string{`f.json:3: a: cookies: unknown alias "Q"`}},
	{"unknown alias in a header", rule(`"headers": ["A: b",` + "\n" + `"A: {Q}"]`), []string{`f.json:4: a: server: headers: unknown alias "Q"`}},
	{"unknown part of an origin", rule(`"body": "{A.port}"`), []string{`f.json:3: a: server: body: unknown value ".port"`}},
	{"no header line", rule(`"headers": ["A"]`), []string{`f.json:3: a: server: headers: "A" is no header line`}},
	{"two header lines", rule(`"headers": ["A: b\r\nC: d"]`), []string{`f.json:3: a: server: headers: "A: b\r\nC: d" is more than a line`}},
	{"unknown file", rule(`"file": "gif"`), []string{`f.json:3: a: server: file: unknown file "gif"`}},
	{"file and body", rule(`"file": "png", "body": ""`), []string{"f.json:3: a: server: both a body and a file"}},
	{"delay", rule(`"delay": 1000000001`), []string{"f.json:3: a: server: delay: 1000000001 is not from 0 to 1000000000 ms"}},
	{"sleep", step(`"sleep": -1`), []string{"f.json:3: a: steps: sleep: -1 is not from 0 to 1000000000 ms"}},
	{"a body too long", step(`"fetch": "B/x", "method": "PUT", "body": "abcd", "repeat": 5000000`), []string{"f.json:3: a: steps: repeat: a body of more than 16777216 bytes"}},
	{"status", rule(`"status": 20`), []string{"f.json:3: a: server: status: 20 is not a status"}},
	{"methods with commas", rule(`"on": "GET, HEAD"`), []string{`f.json:3: a: server: on: "GET," is not a method`}},
	{"two kinds", step(`"fetch": "B/x", "sleep": 1`), []string{"f.json:3: a: steps: a step is a fetch, a cookie or a sleep"}},
	{"unknown via", step(`"fetch": "B/x", "via": "ping"`), []string{`f.json:3: a: steps: via: unknown value "ping"`}},
	{"unknown context", step(`"fetch": "B/x", "in": "frame"`), []string{`f.json:3: a: steps: in: unknown value "frame"`}},
	{"unknown frame", step(`"fetch": "B/x", "in": "frame:Q"`), []string{`f.json:3: a: steps: in: unknown alias "Q"`}},
	{"unknown bodyType", step(`"fetch": "B/x", "body": "", "bodyType": "json"`), []string{`f.json:3: a: steps: bodyType: unknown value "json"`}},
	{"bodyType alone", step(`"fetch": "B/x", "bodyType": "text"`), []string{"f.json:3: a: steps: a bodyType or repeat without a body"}},
	{"unknown mode", step(`"fetch": "B/x", "mode": "CORS"`), []string{`f.json:3: a: steps: mode: unknown value "CORS"`}},
	{"unknown credentials", step(`"fetch": "B/x", "credentials": "yes"`), []string{`f.json:3: a: steps: credentials: unknown value "yes"`}},
	{"unknown redirect", step(`"fetch": "B/x", "redirect": "none"`), []string{`f.json:3: a: steps: redirect: unknown value "none"`}},
	{"unknown cache", step(`"fetch": "B/x", "cache": "no"`), []string{`f.json:3: a: steps: cache: unknown value "no"`}},
	{"unknown policy", step(`"fetch": "B/x", "referrerPolicy": "never"`), []string{`f.json:3: a: steps: referrerPolicy: unknown value "never"`}},
	{"of no use", step(`"fetch": "B/x", "via": "img", "mode": "cors"`), []string{"f.json:3: a: steps: mode: of no use here (img)"}},
	{"of no use to a sleep", step(`"sleep": 1, "expect": "=> TypeError"`), []string{"f.json:3: a: steps: expect: of no use here (none)"}},
	{"image in a worker", step(`"fetch": "B/x", "via": "img", "in": "worker"`), []string{"f.json:3: a: steps: via: a worker has no img"}},
	{"expect without arrow", step(`"fetch": "B/x", "expect": "cors 200"`), []string{`f.json:3: a: steps: expect: no => in "cors 200"`}},
	{"expect of no type", step(`"fetch": "B/x", "expect": "GET => crs 200"`), []string{`f.json:3: a: steps: expect: unknown outcome in`}},
	{"expect of no fact", step(`"fetch": "B/x", "expect": "GET => loaded taint=true"`), []string{`f.json:3: a: steps: expect: unknown fact taint=true`}},
	{"expect with half a list", step(`"fetch": "B/x", "expect": "GET => cors 200 [a"`), []string{`f.json:3: a: steps: expect: no ] at the end`}},
	{"wire without number", step(`"fetch": "B/x", "wire": ["1 A: b",` + "\n" + `"A: b"]`), []string{`f.json:4: a: steps: wire: "A: b" does not begin with the number of a request`}},
	{"wire without name", step(`"fetch": "B/x", "wire": ["1 A"]`), []string{`f.json:3: a: steps: wire: "1 A" is neither Name: value nor !Name`}},
}

// step is a file whose third line is a step.
func step(members string) string {
	return "[\n{\"id\": \"a\", \"steps\": [\n{" + members + "}]}]"
}

// rule is a file whose third line is a rule.
func rule(members string) string {
	return "[\n{\"id\": \"a\", \"steps\": [{\"fetch\": \"B/x\"}], \"server\": {\"B/x\": [\n{" + members + "}]}}]"
}

func TestLoadErrors(t *testing.T) {
	for _, test := range loadErrors {
		t.Run(test.name, func(t *testing.T) {
			got, err := conformance.Load(fstest.MapFS{"f.json": {Data: []byte(test.file)}})
			if err == nil {
				t.Fatalf("got %d scenarios; want errors %q", len(got), test.want)
			}
			if e := (*conformance.LoadError)(nil); !errors.As(err, &e) {
				t.Errorf("%v is no *LoadError", err)
			}
			lines := strings.Split(err.Error(), "\n")
			ok := len(lines) == len(test.want) && !slices.ContainsFunc(lines, func(line string) bool {
				return !slices.ContainsFunc(test.want, func(want string) bool { return strings.HasPrefix(line, want) })
			})
			if !ok {
				t.Errorf("got\n%s\nwant\n%s", err, strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestLoadKeepsTheRest: a scenario that is broken keeps no other from being
// loaded, of its own file or of another.
func TestLoadKeepsTheRest(t *testing.T) {
	const sleeps = `"steps": [{"sleep": 1}]}`
	for _, test := range []struct {
		name string
		file string
		want string   // ids
		errs []string // the beginnings of errors
	}{
		{"unknown alias", "[{\"id\": \"a\", " + sleeps + ",\n{\"id\": \"b\", \"page\": \"Q\", " + sleeps + ",\n{\"id\": \"c\", " + sleeps + "]", "a c",
			[]string{"f.json:2: b: page: unknown alias"}},
		{"key twice", "[{\"id\": \"a\", \"page\": \"A\", \"page\": \"B\", " + sleeps + ",\n{\"id\": \"b\", " + sleeps + "]", "b", []string{`f.json:1: a: "page" is there twice`}},
		{"place twice", "[{\"id\": \"a\", \"server\": {\"A/x\": [],\n\"A/x\": []}, " + sleeps + ",\n{\"id\": \"b\", " + sleeps + "]", "b", []string{`f.json:2: a: server: "A/x" is there twice`}},
		{"id twice", "[{\"id\": \"a\", " + sleeps + ",\n{\"id\": \"a\", " + sleeps + ",\n{\"id\": \"g\", " + sleeps + "]", "a g",
			[]string{"f.json:2: a: there is one of that id at f.json:1", "g.json:1: g: there is one of that id at f.json:3"}},
		{"no object", "[7, {\"id\": \"a\", " + sleeps + "]", "a", []string{"f.json:1: not an object"}},
		{"it ends in the second", "[{\"id\": \"a\", " + sleeps + ",\n{\"id\": \"b\", \"steps\": [{\"sleep\"", "a", []string{"f.json:2: it ends too early"}},
		{"it breaks in the second", "[{\"id\": \"a\", " + sleeps + ",\n{\"id\": b}]", "a", []string{"f.json:2: invalid character"}},
		{"more than an array", "[{\"id\": \"a\", " + sleeps + "]\n]", "a", []string{"f.json:2: more after the end"}},
		{"no array", `{"id": "a", ` + sleeps, "", []string{"f.json:1: not an array"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			const other = `[{"id": "g", ` + sleeps + `]`
			got, err := conformance.Load(fstest.MapFS{"f.json": {Data: []byte(test.file)}, "g.json": {Data: []byte(other)}})
			var ids []string
			for _, s := range got {
				ids = append(ids, s.ID)
			}
			want := strings.Fields(test.want)
			if !slices.Contains(want, "g") {
				want = append(want, "g")
			}
			if diff := cmp.Diff(want, ids); diff != "" {
				t.Errorf("loaded: -want +got\n%s", diff)
			}
			lines := strings.Split(fmt.Sprint(err), "\n")
			if !slices.EqualFunc(lines, test.errs, strings.HasPrefix) {
				t.Errorf("got\n%v\nwant\n%s", err, strings.Join(test.errs, "\n"))
			}
		})
	}
}

func TestLoadWithoutFiles(t *testing.T) {
	if got, err := conformance.Load(fstest.MapFS{"f.txt": {}}); err == nil {
		t.Errorf("got %d scenarios; want an error", len(got))
	}
}

// eachShared runs test with the scenarios of each directory that scenariosEnv
// names, or skips.
func eachShared(t *testing.T, test func(t *testing.T, dir string, scenarios []*conformance.Scenario)) {
	t.Helper()
	dirs := filepath.SplitList(os.Getenv(scenariosEnv))
	if len(dirs) == 0 {
		t.Skipf("%s is not set", scenariosEnv)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			scenarios, err := conformance.Load(os.DirFS(dir))
			if err != nil {
				t.Fatal(err)
			}
			test(t, dir, scenarios)
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, test := range loadErrors {
		f.Add([]byte(test.file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		scenarios, _ := conformance.Parse("f.json", data)
		for _, s := range scenarios {
			if s.ID == "" || len(s.Steps) == 0 || s.Page.Origin == "" {
				t.Errorf("accepted %+v", s)
			}
		}
	})
}
