package browsers

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// Find returns the path of a browser's program: path itself if it is not
// empty, else one of the usual names. If there is none, the error names the
// package to install.
func Find(kind Kind, path string) (string, error) {
	if path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", kind, err)
		}
		return found, nil
	}
	for _, name := range usual[kind].programs {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
		if found, _ := filepath.Glob(name); len(found) > 0 && filepath.IsAbs(name) {
			return found[0], nil
		}
	}
	if pkg := usual[kind].pkg; pkg != "" {
		return "", fmt.Errorf("%s is not there: install Debian's package %s, or say where it is", kind, pkg)
	}
	return "", fmt.Errorf("%q is no browser: there are %q", kind, Kinds())
}

// usual says under which names programs are found, and in which package.
var usual = map[Kind]struct {
	programs []string // in the search path, or patterns
	pkg      string
}{
	Chromium: {[]string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"}, "chromium"},
	Firefox:  {[]string{"firefox-esr", "firefox"}, "firefox-esr"},
	WebKit:   {[]string{"/usr/lib/*/webkit2gtk-4.*/MiniBrowser", "/usr/libexec/webkit2gtk-4.*/MiniBrowser"}, "libwebkit2gtk-4.1-0"},
}
