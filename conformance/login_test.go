package conformance_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestLogin: a login asks until it is answered, and nothing of it is recorded.
func TestLogin(t *testing.T) {
	web := serve(t, `{"id": "x", "logins": {"AS/dir/": ["Basic realm=\"r\"", "New a={AS}"]}, "steps": [{"sleep": 1}]}`)
	base := web.Servers().Transport()
	defer base.CloseIdleConnections()
	places := web.Logins()
	if len(places) != 1 {
		t.Fatalf("got %q; want one login", places)
	}
	get := func(authorization string) *http.Response {
		t.Helper()
		req, err := http.NewRequest("GET", web.LoginURL(places[0]), nil)
		if err != nil {
			t.Fatal(err)
		}
		if user := req.URL.User.String(); user != "u:p" {
			t.Errorf("userinfo %q, want u:p", user)
		}
		if authorization != "" {
			req.Header.Set("Authorization", authorization)
		}
		resp, err := base.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		return resp
	}
	asked := get("")
	if got := strings.Join(asked.Header["Www-Authenticate"], "; "); asked.StatusCode != 401 || got != `Basic realm="r"; New a=`+web.Origin("AS") {
		t.Errorf("unasked: %d, %q; want 401 and both challenges", asked.StatusCode, got)
	}
	if in := get("Basic dTpw"); in.StatusCode != 200 {
		t.Errorf("with an answer: %d; want 200", in.StatusCode)
	}
	if len(asked.TLS.VerifiedChains) == 0 {
		t.Error("the certificate is not verified; want it to be, by the servers' authority")
	}
	if got := web.Take(nil); len(got) != 0 {
		t.Errorf("recorded: %v; want nothing", got)
	}
}

// TestRecordedWithoutChance: of what a client makes up nothing is recorded, and
// of a long body little.
func TestRecordedWithoutChance(t *testing.T) {
	web := serve(t, `{"id": "x", "steps": [{"sleep": 1}]}`)
	base := web.Servers().Transport()
	defer base.CloseIdleConnections()
	for _, tt := range []struct{ authorization, body, wantAuthorization, wantBody string }{
		{`Digest username="u", response="a", qop=auth, nc=00000007, cnonce="b"`, "b", `Digest username="u", response="*", qop=auth, nc="*", cnonce="*"`, "b"},
		{`Digest username="u", response="a"`, strings.Repeat("k", 4096), `Digest username="u", response="a"`, strings.Repeat("k", 4096)},
		{"Basic nc=1", strings.Repeat("k", 65536), "Basic nc=1", strings.Repeat("k", 32) + "… (65536 bytes, SHA-256 82453847604f296a)"},
	} {
		req, err := http.NewRequest("POST", web.Origin("A")+"/x", strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", tt.authorization)
		resp, err := base.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		got := web.Take(nil)
		if len(got) != 1 || got[0].Body != tt.wantBody || !strings.Contains(strings.Join(got[0].Headers, "\n"), "Authorization: "+tt.wantAuthorization) {
			t.Errorf("got %+v; want Authorization %q and body %.60q", got, tt.wantAuthorization, tt.wantBody)
		}
	}
}
