package htmlreport

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
)

var (
	//go:embed document.html
	documentHTML string
	//go:embed style.css
	styleCSS string
)

// page is the template of a document.
var page = template.Must(template.New("document").Funcs(template.FuncMap{
	"line":     func(s string) []piece { return inLine(lineLimit, s) },
	"lines":    func(s string) []piece { return inLines(linesLimit, s) },
	"label":    func(s string) []piece { return inLine(labelLimit, s) },
	"plain":    func(s string) string { return plain(labelLimit, s) },
	"compared": compared,
	"below":    below,
	"sign":     sign,
	"tone":     func(s string) Tone { return Tone(s) },
}).Parse(documentHTML))

// A view is a document with what the template needs besides.
type view struct {
	*Document
	Style  template.CSS
	Policy string // the Content-Security-Policy
}

// A level is a section and how deep it is; those of a document are at 2, as h2.
type level struct {
	Section
	Level int
}

// below is s at one level below that of its parent.
func below(parent int, s Section) level { return level{s, min(parent+1, 6)} }

// sign is what a tone has besides its colour.
func sign(t Tone) string {
	switch t {
	case Good:
		return "✓"
	case Bad:
		return "✕"
	case Warn:
		return "!"
	}
	return ""
}

// contentPolicy lets the document have its style, and nothing else.
func contentPolicy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// WriteTo writes the document as HTML. It writes nothing before it has all.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	if err := page.Execute(&b, view{d, template.CSS(styleCSS), contentPolicy(styleCSS)}); err != nil {
		return 0, err
	}
	return b.WriteTo(w)
}
