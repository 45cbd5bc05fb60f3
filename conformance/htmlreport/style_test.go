package htmlreport

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// schemes are the colours of the style by name, in the light and in the dark.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	light, dark, ok := strings.Cut(styleCSS, "@media screen and (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("there is no dark scheme")
	}
	dark, _, _ = strings.Cut(dark, "\n}")
	color := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)
	all := make(map[string]map[string]string)
	for name, css := range map[string]string{"light": light, "dark": dark} {
		all[name] = make(map[string]string)
		for _, m := range color.FindAllStringSubmatch(css, -1) {
			all[name][m[1]] = m[2]
		}
	}
	return all
}

// luminance is that of a colour as #rrggbb.
//
// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
func luminance(color string) float64 {
	n, _ := strconv.ParseUint(color[1:], 16, 32) // the regular expression has seen to that
	part := func(shift int) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

// contrast is that of two colours.
//
// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// TestContrast: every colour of text can be read on every ground, and every line
// can be seen.
func TestContrast(t *testing.T) {
	if got := contrast("#000000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Fatalf("black on white: got %v; want 21", got)
	}
	for scheme, colors := range schemes(t) {
		pairs := 0
		for name, color := range colors {
			least := 0.0
			switch {
			case strings.HasPrefix(name, "text"):
				least = 4.5
			case strings.HasPrefix(name, "line"):
				least = 3
			default:
				continue
			}
			for ground, behind := range colors {
				if strings.HasPrefix(ground, "ground") {
					pairs++
					if got := contrast(color, behind); got < least {
						t.Errorf("%s: %s on %s: contrast %.2f; want %v", scheme, name, ground, got, least)
					}
				}
			}
		}
		if pairs < 8*5 {
			t.Errorf("%s: %d pairs of colours; want all", scheme, pairs)
		}
	}
}

// TestColorsHaveNames: there are no colours but those that are tested, and both
// schemes have all.
func TestColorsHaveNames(t *testing.T) {
	all := schemes(t)
	for name := range all["light"] {
		if all["dark"][name] == "" {
			t.Errorf("%s has no dark colour", name)
		}
	}
	declared := regexp.MustCompile(`--[a-z-]+: #[0-9a-f]{6};`)
	if other := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|color-mix)a?\(`).FindString(declared.ReplaceAllString(styleCSS, "")); other != "" {
		t.Errorf("the style has %s; want a name", other)
	}
	for _, m := range regexp.MustCompile(`(?:color|background): var\(--([a-z-]+)\)`).FindAllStringSubmatch(styleCSS, -1) {
		if all["light"][m[1]] == "" {
			t.Errorf("there is no colour %s", m[1])
		}
	}
}
