package httpauth_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch/httpauth"
)

// answer adds u for what a header asks and returns the answer to it.
func answer(t *testing.T, header string, u httpauth.User, r httpauth.Request, rules httpauth.Rules) string {
	t.Helper()
	best, ok := httpauth.Choose(httpauth.Parse([]string{header}, rules), rules)
	if !ok {
		t.Fatalf("%q cannot be answered", header)
	}
	var s httpauth.Store
	s.Add(httpauth.Space{}, &best, r.Target, u, rules)
	return s.Answer(httpauth.Space{}, &best, r, rules).Header
}

// TestAnswer holds answers against the examples of the RFCs, and against what
// browsers have sent.
func TestAnswer(t *testing.T) {
	mufasa := httpauth.User{Name: "Mufasa", Password: "Circle of Life"}
	up := httpauth.User{Name: "u", Password: "p"}
	index := httpauth.Request{Method: "GET", Target: "/dir/index.html", Nonce: func() string { return "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ" }}
	tests := []struct {
		desc, header string
		user         httpauth.User
		request      httpauth.Request
		want         string
	}{
		// https://www.rfc-editor.org/rfc/rfc7617#section-2
		{"Basic", `Basic realm="WallyWorld"`, httpauth.User{Name: "Aladdin", Password: "open sesame"}, index, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
		{"Basic in UTF-8", `Basic realm="foo", charset="UTF-8"`, httpauth.User{Name: "test", Password: "123£"}, index, "Basic dGVzdDoxMjPCow=="},
		// https://www.rfc-editor.org/rfc/rfc7616#section-3.9.1
		{
			"Digest with MD5", `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
			mufasa, index,
			`Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", algorithm=MD5, response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"`,
		},
		{
			"Digest with SHA-256", `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
			mufasa, index,
			`Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", algorithm=SHA-256, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"`,
		},
		// What Chromium 156 has sent.
		{
			"Digest without qop", `Digest realm="r", nonce="abc"`, up, httpauth.Request{Method: "GET", Target: "/x"},
			`Digest username="u", realm="r", nonce="abc", uri="/x", response="359a8fef19d2cfc0d0554f0917b1aae9"`,
		},
		{
			"Digest without qop, with SHA-256", `Digest realm="r", nonce="abc", algorithm=SHA-256`, up, httpauth.Request{Method: "GET", Target: "/x"},
			`Digest username="u", realm="r", nonce="abc", uri="/x", algorithm=SHA-256, response="074938032293404b177a6c76481f03de17fb04dacb3ae1cdc21c7e94632efccd"`,
		},
		{
			"a user as a hash", `Digest realm="r", nonce="abc", algorithm=SHA-256, userhash=true`, up, httpauth.Request{Method: "GET", Target: "/x"},
			`Digest username="1d8a03a6e21a4ce775060ea57360329ac750dea5d847297b42f0d46539af8ab2", realm="r", nonce="abc", uri="/x", algorithm=SHA-256, response="074938032293404b177a6c76481f03de17fb04dacb3ae1cdc21c7e94632efccd", userhash=true`,
		},
		{
			"quotes in what is quoted", `Digest realm="a\"b", nonce="\\"`, httpauth.User{Name: `u"`, Password: "p"}, httpauth.Request{Method: "GET", Target: "/"},
			`Digest username="u\"", realm="a\"b", nonce="\\", uri="/", response="018d2e58755cf9906b02512f2c0c8431"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.desc, func(t *testing.T) {
			if got := answer(t, tt.header, tt.user, tt.request, std); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestSession: with MD5-sess the client nonce is part of the secret, however it
// is spelled. The response is what Python's hashlib makes of the same.
func TestSession(t *testing.T) {
	r := httpauth.Request{Method: "GET", Target: "/x", Nonce: func() string { return "c" }}
	u := httpauth.User{Name: "u", Password: "p"}
	const want = `Digest username="u", realm="r", nonce="n", uri="/x", algorithm=MD5-sess, response="0223f74a821f39096c53860f14848b13", qop=auth, nc=00000001, cnonce="c"`
	if got := answer(t, `Digest realm="r", nonce="n", algorithm=md5-SESS, qop="auth"`, u, r, std); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestSpelling: what WebKitGTK 2.50 has sent, and Firefox 153.
func TestSpelling(t *testing.T) {
	r := httpauth.Request{Method: "GET", Target: "/x", Nonce: func() string { return "c" }}
	u := httpauth.User{Name: "u", Password: "p"}
	for _, tt := range []struct {
		header string
		rules  httpauth.Rules
		want   string
	}{
		{`Digest realm="r", nonce="abc"`, httpauth.Rules{CountLast: true}, `Digest username="u", realm="r", nonce="abc", uri="/x", algorithm=MD5, response="359a8fef19d2cfc0d0554f0917b1aae9"`},
		{
			`Digest realm="r", nonce="n", opaque="o p", algorithm=MD5-sess, qop="auth"`, httpauth.Rules{CountLast: true},
			`Digest username="u", realm="r", nonce="n", uri="/x", algorithm=MD5-sess, response="0223f74a821f39096c53860f14848b13", opaque="o p", cnonce="c", nc=00000001, qop=auth`,
		},
		{
			`Digest realm="r", nonce="abc", userhash=true`, httpauth.Rules{UserHashIgnored: true},
			`Digest username="u", realm="r", nonce="abc", uri="/x", response="359a8fef19d2cfc0d0554f0917b1aae9"`,
		},
	} {
		if got := answer(t, tt.header, u, r, tt.rules); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

func TestChoose(t *testing.T) {
	const (
		basic  = `Basic realm="b"`
		md5    = `Digest realm="m", nonce="n"`
		sha256 = `Digest realm="s", nonce="n", algorithm=SHA-256`
	)
	tests := []struct {
		desc   string
		values []string
		rules  httpauth.Rules
		want   string // the realm; "-" is none that can be answered
	}{
		{"nothing", nil, httpauth.Rules{}, "-"},
		{"unknown schemes", []string{"Negotiate", "Bearer realm=x", "NTLM abc"}, httpauth.Rules{}, "-"},
		{"Basic", []string{"Bearer realm=x", basic}, httpauth.Rules{}, "b"},
		{"Basic without realm", []string{"Basic"}, httpauth.Rules{}, ""},
		{"Digest before Basic", []string{basic, md5}, httpauth.Rules{}, "m"},
		{"Digest before Basic, the other way round", []string{md5, basic}, httpauth.Rules{}, "m"},
		{"the first Digest", []string{md5, sha256}, httpauth.Rules{}, "m"},
		{"the first Digest, the other way round", []string{sha256, md5}, httpauth.Rules{}, "s"},
		{"the strongest Digest", []string{basic, md5, sha256}, httpauth.Rules{StrongestDigest: true}, "s"},
		{"Digest without nonce", []string{"Digest realm=x", basic}, httpauth.Rules{}, "b"},
		{"Digest of an unknown algorithm", []string{`Digest realm=x, nonce=n, algorithm=SHA-512-256`, basic}, httpauth.Rules{}, "b"},
		{"Digest with SHA-256 where there is none", []string{sha256, basic}, httpauth.Rules{MD5Only: true}, "b"},
		{"auth-int alone", []string{`Digest realm=x, nonce=n, qop="auth-int"`}, httpauth.Rules{}, "-"},
		{"auth-int alone, ignored", []string{`Digest realm=x, nonce=n, qop="auth-int"`}, httpauth.Rules{AuthIntIgnored: true}, "x"},
		{"one per header", []string{basic + ", " + md5}, httpauth.Rules{OnePerHeader: true}, "b"},
	}
	for _, tt := range tests {
		t.Run(tt.desc, func(t *testing.T) {
			got := "-"
			if best, ok := httpauth.Choose(httpauth.Parse(tt.values, tt.rules), tt.rules); ok {
				got = best.Realm()
			}
			if got != tt.want {
				t.Errorf("got realm %q, want %q", got, tt.want)
			}
		})
	}
}
