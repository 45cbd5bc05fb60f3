package corsfetch_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/corsfetch/corsfetch"

// arrows says which packages of ours each package may import. What is not
// drawn here is forbidden; a new package has to be drawn.
var arrows = map[string][]string{
	"":                            nil,
	"origin/weburl":               nil,
	"origin":                      {"origin/weburl"},
	"safelist":                    nil,
	"preflightcache":              nil,
	"redirect":                    {"origin", "origin/weburl", "safelist"},
	"fetch":                       {"fetch/cookies", "fetch/hsts", "fetch/httpauth", "fetch/integrity", "fetch/orb", "origin", "origin/weburl", "safelist", "preflightcache", "redirect"},
	"fetch/cookies":               {"fetch/storefile", "origin", "origin/weburl"},
	"fetch/integrity":             nil,
	"fetch/orb":                   {"safelist"},
	"fetch/hsts":                  {"fetch/storefile"},
	"fetch/httpauth":              nil,
	"fetch/storefile":             nil,
	"fetch/initiator":             {"fetch", "safelist"},
	"fetch/fetchtest":             {"fetch", "fetch/cookies", "fetch/initiator", "origin", "origin/weburl", "safelist"},
	"conformance":                 nil,
	"conformance/browsers":        {"conformance"},
	"conformance/corpus":          {"conformance"},
	"conformance/engine":          {"conformance", "fetch", "fetch/cookies", "fetch/initiator", "origin", "origin/weburl"},
	"conformance/search":          {"conformance"},
	"conformance/policy":          {"fetch", "fetch/fetchtest", "origin", "origin/weburl"},
	"conformance/audit":           {"conformance/policy", "fetch", "fetch/cookies", "fetch/fetchtest", "origin", "origin/weburl", "safelist"},
	"conformance/audit/specimens": {"conformance/audit", "conformance/policy", "fetch/fetchtest", "safelist"},
	"conformance/htmlreport":      nil,
	"conformance/audit/scanners":  nil,
	"cmd/corsfetch":               {"fetch", "origin", "origin/weburl", "safelist", "preflightcache", "redirect", "conformance", "conformance/audit", "conformance/browsers", "conformance/corpus", "conformance/engine", "conformance/htmlreport", "conformance/policy", "conformance/search", "fetch/fetchtest"},
}

// outside says which modules of others each package may import besides the
// standard library. Users get these, and no others.
var outside = map[string][]string{
	"origin/weburl":  {"golang.org/x/net/idna"},
	"origin":         {"golang.org/x/net/publicsuffix"},
	"preflightcache": {"github.com/hashicorp/golang-lru/v2/simplelru"},

	"conformance/audit":  {"golang.org/x/net/idna", "golang.org/x/net/publicsuffix"},
	"conformance/policy": {"github.com/google/go-cmp/cmp", "golang.org/x/net/publicsuffix"},
}

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports " "}}`, "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for line := range strings.Lines(strings.TrimSpace(string(out))) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), "|")
		pkg := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		allowed, drawn := arrows[pkg]
		if !drawn {
			t.Errorf("package %q is not drawn", pkg)
			continue
		}
		for _, imported := range strings.Fields(imports) {
			if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
				if !slices.Contains(allowed, ours) {
					t.Errorf("%s imports %s, which is not drawn", pkg, ours)
				}
			} else if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") && !slices.Contains(outside[pkg], imported) {
				t.Errorf("%s imports %s, which is not listed", pkg, imported)
			}
		}
	}
}

// TestArrowsAreSeen makes sure that the check above can fail: the packages it
// lists exist.
func TestArrowsAreSeen(t *testing.T) {
	out, err := exec.Command("go", "list", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range arrows {
		path := strings.TrimSuffix(module+"/"+pkg, "/")
		if pkg != "" && !slices.Contains(strings.Fields(string(out)), path) {
			t.Errorf("package %q is drawn but does not exist", pkg)
		}
	}
}
