package conformance

import "embed"

//go:embed files
var files embed.FS

// File returns one of the bodies that rules and URLs can name: "png" (a red
// pixel), "woff", "wav", "js" (counts that it ran, in self.oracleRan), "css"
// (makes p red) and "events" (one message, "hi").
func File(name string) (body []byte, ok bool) {
	body, err := files.ReadFile("files/" + name)
	return body, err == nil
}
