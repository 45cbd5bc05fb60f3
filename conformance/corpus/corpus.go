package corpus

import (
	"embed"
	"fmt"

	"github.com/corsfetch/corsfetch/conformance"
)

//go:embed *.json recordings
var files embed.FS

// Scenarios returns the scenarios of all files, in the order of the files' names
// and as they are in each. They are the caller's. The error is a
// [*conformance.LoadError], or several joined; what is fine is returned beside it.
func Scenarios() ([]*conformance.Scenario, error) {
	return conformance.Load(files)
}

// Recording returns what a browser did with the scenarios: "chromium", "firefox"
// or "webkit". It is the caller's. The error wraps [io/fs.ErrNotExist] if there
// is no recording of that name.
func Recording(browser string) (*conformance.Recording, error) {
	name := "recordings/" + browser + ".json"
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("a recording of %q: %w", browser, err)
	}
	return conformance.ReadRecording(name, data)
}
