package audit

import "testing"

// TestTravels: a cookie goes along with what another site's page asks for if it
// says None, and Secure.
func TestTravels(t *testing.T) {
	for line, want := range map[string]bool{
		"":                               false,
		"a=1":                            false,
		"a=1; Secure":                    false,
		"a=1; SameSite=None":             false,
		"a=1; SameSite=Lax; Secure":      false,
		"a=1; SameSite=Strict":           false,
		"a=1; SameSite=None; Secure":     true,
		"a=1;secure ; samesite = NONE ;": true,
		"a=SameSite=None; Secure":        false,
		"SameSite=None; Secure":          false,
		"a=1; SameSite=None; SameSite=Lax; Secure": false,
		"a=1; SameSite; Secure; =; ;;":             false,
	} {
		if got := travels(line); got != want {
			t.Errorf("travels(%q) = %t; want %t", line, got, want)
		}
	}
	if staysHome(nil) {
		t.Error("no cookies stay at home; want that there are some")
	}
	if staysHome([]string{"a=1", "b=2; SameSite=None; Secure"}) {
		t.Error("all cookies stay at home; want that one travels")
	}
}
