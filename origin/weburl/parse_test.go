package weburl_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

// A parseTest is an input, parsed against a base unless that is empty, and
// either the serialization of the result or the reason why there is none.
type parseTest struct {
	in, base string
	want     string
	why      weburl.Reason
}

// parseTests also seeds the fuzz tests.
var parseTests = []struct {
	desc  string
	tests []parseTest
}{
	{
		// https://url.spec.whatwg.org/#concept-basic-url-parser
		desc: "what is ignored",
		tests: []parseTest{
			{in: "  https://a.test/  ", want: "https://a.test/"},
			{in: "\x00\x1fhttps://a.test/x\x1f\x00", want: "https://a.test/x"},
			{in: "ht\ttps:\n//a.t\rest/x\ty", want: "https://a.test/xy"},
			{in: "https://a.test/x y", want: "https://a.test/x%20y"},
			{in: "\t \n", base: "https://a.test/x?q#f", want: "https://a.test/x?q"},
			{in: "", base: "https://a.test/x", want: "https://a.test/x"},
			{in: "", why: weburl.MissingScheme},
			{in: "https://a.test/\u00a0", want: "https://a.test/%C2%A0"},
			{in: "data:text/plain,x \t#f", want: "data:text/plain,x%20#f"},
		},
	},
	{
		// https://url.spec.whatwg.org/#scheme-state
		desc: "scheme",
		tests: []parseTest{
			{in: "HTTPS://a.test/", want: "https://a.test/"},
			{in: "a+b-c.d1://h/", want: "a+b-c.d1://h/"},
			{in: "1a://h/", why: weburl.MissingScheme},
			{in: "1a://h/", base: "https://a.test/", want: "https://a.test/1a://h/"},
			{in: "a_b://h/", base: "https://a.test/x/", want: "https://a.test/x/a_b://h/"},
			{in: ":x", base: "https://a.test/y/z", want: "https://a.test/y/:x"},
			{in: "//a.test", why: weburl.MissingScheme},
			{in: "a.test/x", why: weburl.MissingScheme},
			{in: "#f", why: weburl.MissingScheme},
			{in: "x#:", base: "https://a.test/", want: "https://a.test/x#:"},
			{in: "x?:", base: "https://a.test/", want: "https://a.test/x?:"},
			{in: "é:x", base: "https://a.test/", want: "https://a.test/%C3%A9:x"},
		},
	},
	{
		// https://url.spec.whatwg.org/#special-authority-slashes-state
		// https://url.spec.whatwg.org/#special-relative-or-authority-state
		desc: "slashes before the authority",
		tests: []parseTest{
			{in: "https:a.test", want: "https://a.test/"},
			{in: "https:/a.test", want: "https://a.test/"},
			{in: "https:///a.test", want: "https://a.test/"},
			{in: `https:\\a.test\x`, want: "https://a.test/x"},
			{in: `https:\/\/a.test`, want: "https://a.test/"},
			{in: "https:x", base: "https://a.test/y/z", want: "https://a.test/y/x"},
			{in: "https:/x", base: "https://a.test/y/z", want: "https://a.test/x"},
			{in: "https:", base: "https://a.test/y?q#f", want: "https://a.test/y?q"},
			{in: "https:?p", base: "https://a.test/y?q#f", want: "https://a.test/y?p"},
			{in: `https:\x`, base: "https://a.test/y/z", want: "https://a.test/x"},
			{in: `https:\\x`, base: "https://a.test/y/z", want: "https://x/"},
			{in: "http:x", base: "https://a.test/y/z", want: "http://x/"},
			{in: "https:////x", base: "https://a.test/", want: "https://x/"},
		},
	},
	{
		// https://url.spec.whatwg.org/#relative-state
		// https://url.spec.whatwg.org/#relative-slash-state
		desc: "relative, to a special URL",
		tests: []parseTest{
			{in: "x", base: "https://a.test", want: "https://a.test/x"},
			{in: "x", base: "https://a.test/y/z", want: "https://a.test/y/x"},
			{in: "x", base: "https://a.test/y/", want: "https://a.test/y/x"},
			{in: "/x", base: "https://a.test/y/z", want: "https://a.test/x"},
			{in: "//b.test", base: "https://a.test/y/z", want: "https://b.test/"},
			{in: "//b.test:443/x", base: "https://a.test/", want: "https://b.test/x"},
			{in: "//b.test:443/x", base: "http://a.test/", want: "http://b.test:443/x"},
			{in: `\\evil.example/x`, base: "https://a.test/", want: "https://evil.example/x"},
			{in: `/\evil.example/x`, base: "https://a.test/", want: "https://evil.example/x"},
			{in: `\/evil.example/x`, base: "https://a.test/", want: "https://evil.example/x"},
			{in: "///evil.example/x", base: "https://a.test/", want: "https://evil.example/x"},
			{in: "/\t/evil.example", base: "https://a.test/", want: "https://evil.example/"},
			{in: "?p", base: "https://a.test/y?q#f", want: "https://a.test/y?p"},
			{in: "?", base: "https://a.test/y?q#f", want: "https://a.test/y?"},
			{in: "#g", base: "https://a.test/y?q#f", want: "https://a.test/y?q#g"},
			{in: "#", base: "https://a.test/y?q#f", want: "https://a.test/y?q#"},
			{in: "x", base: "https://u:p@a.test:81/y?q#f", want: "https://u:p@a.test:81/x"},
			{in: "/x", base: "https://u:p@a.test:81/y?q#f", want: "https://u:p@a.test:81/x"},
			{in: "//b.test", base: "https://u:p@a.test:81/y?q#f", want: "https://b.test/"},
			{in: "..", base: "https://a.test/x/y/z", want: "https://a.test/x/"},
			{in: "../../../w", base: "https://a.test/x/y/z", want: "https://a.test/w"},
			{in: ".", base: "https://a.test/x/y", want: "https://a.test/x/"},
			{in: "./w", base: "https://a.test/x/y", want: "https://a.test/x/w"},
			{in: "//", base: "https://a.test/", why: weburl.HostMissing},
			{in: "//?q", base: "https://a.test/", why: weburl.HostMissing},
			{in: "//[", base: "https://a.test/", why: weburl.IPv6Unclosed},
		},
	},
	{
		// https://url.spec.whatwg.org/#no-scheme-state
		desc: "relative, to other URLs",
		tests: []parseTest{
			{in: "x", base: "foo://h/y/z", want: "foo://h/y/x"},
			{in: `\x`, base: "foo://h/y/z", want: `foo://h/y/\x`},
			{in: "//g", base: "foo://h/y/z", want: "foo://g"},
			{in: "///g", base: "foo://h/y/z", want: "foo:///g"},
			{in: "/", base: "foo://h/y/z", want: "foo://h/"},
			{in: "", base: "foo://h", want: "foo://h"},
			{in: "x", base: "foo://h", want: "foo://h/x"},
			{in: "..", base: "foo:/x/y", want: "foo:/"},
			{in: "x", base: "data:text/plain,y", why: weburl.MissingScheme},
			{in: "", base: "data:text/plain,y", why: weburl.MissingScheme},
			{in: "?q", base: "data:text/plain,y", why: weburl.MissingScheme},
			{in: "?#f", base: "data:text/plain,y", why: weburl.MissingScheme},
			{in: "#g", base: "data:text/plain,y?q#f", want: "data:text/plain,y?q#g"},
			{in: "#", base: "about:blank", want: "about:blank#"},
			{in: "data:x", base: "https://a.test/", want: "data:x"},
		},
	},
	{
		// https://url.spec.whatwg.org/#concept-url-serializer
		desc: "a null host before a path of two slashes",
		tests: []parseTest{
			{in: "foo:/.//x", want: "foo:/.//x"},
			{in: "foo:/..//x", want: "foo:/.//x"},
			{in: "foo:/a/..//x", want: "foo:/.//x"},
			{in: "y", base: "foo:/.//x", want: "foo:/.//y"},
			{in: "..", base: "foo:/.//x/z", want: "foo:/.//"},
			{in: "../y", base: "foo:/.//x", want: "foo:/y"},
			{in: "/y", base: "foo:/.//x", want: "foo:/y"},
			{in: "#f", base: "foo:/.//x?q", want: "foo:/.//x?q#f"},
			{in: "/.//p", base: "foo://h/", want: "foo://h//p"},
		},
	},
	{
		// https://url.spec.whatwg.org/#authority-state
		desc: "credentials",
		tests: []parseTest{
			{in: "https://u@a.test/", want: "https://u@a.test/"},
			{in: "https://u:p@a.test/", want: "https://u:p@a.test/"},
			{in: "https://:p@a.test/", want: "https://:p@a.test/"},
			{in: "https://u:@a.test/", want: "https://u@a.test/"},
			{in: "https://:@a.test/", want: "https://a.test/"},
			{in: "https://@a.test/", want: "https://a.test/"},
			{in: "https://u:p:q@a.test/", want: "https://u:p%3Aq@a.test/"},
			{in: "https://u@v@a.test/", want: "https://u%40v@a.test/"},
			{in: "https://a.test@evil.example/", want: "https://a.test@evil.example/"},
			{in: `https://a.test\@evil.example/`, want: "https://a.test/@evil.example/"},
			{in: "https://a.test/@evil.example/", want: "https://a.test/@evil.example/"},
			{in: "https://a.test?@evil.example/", want: "https://a.test/?@evil.example/"},
			{in: "https://a.test#@evil.example/", want: "https://a.test/#@evil.example/"},
			{in: "https://u p'|@a.test/", want: "https://u%20p'%7C@a.test/"},
			{in: "https://ü:^@a.test/", want: "https://%C3%BC:%5E@a.test/"},
			{in: "foo://u;=:[]@h/", want: "foo://u%3B%3D:%5B%5D@h/"},
			{in: "https://u@/x", why: weburl.HostMissing},
			{in: "https://u:p@", why: weburl.HostMissing},
			{in: "foo://u@/x", why: weburl.HostMissing},
			{in: "foo://@", why: weburl.HostMissing},
		},
	},
	{
		// https://url.spec.whatwg.org/#host-state
		// https://url.spec.whatwg.org/#port-state
		desc: "port",
		tests: []parseTest{
			{in: "https://a.test:443/", want: "https://a.test/"},
			{in: "https://a.test:80/", want: "https://a.test:80/"},
			{in: "http://a.test:80/", want: "http://a.test/"},
			{in: "ws://a.test:80/", want: "ws://a.test/"},
			{in: "wss://a.test:443/", want: "wss://a.test/"},
			{in: "ftp://a.test:21/", want: "ftp://a.test/"},
			{in: "foo://h:80/", want: "foo://h:80/"},
			{in: "https://a.test:/x", want: "https://a.test/x"},
			{in: "https://a.test:0/", want: "https://a.test:0/"},
			{in: "https://a.test:0000443/", want: "https://a.test/"},
			{in: "https://a.test:00081/", want: "https://a.test:81/"},
			{in: "https://a.test:65535/", want: "https://a.test:65535/"},
			{in: "https://a.test:65536/", why: weburl.PortOutOfRange},
			{in: "https://a.test:18446744073709551617/", why: weburl.PortOutOfRange},
			{in: "https://a.test:+80/", why: weburl.PortInvalid},
			{in: "https://a.test:-80/", why: weburl.PortInvalid},
			{in: "https://a.test:8 0/", why: weburl.PortInvalid},
			{in: "https://a.test:80:81/", why: weburl.PortInvalid},
			{in: "https://:80/", why: weburl.HostMissing},
			{in: "foo://:80/", why: weburl.HostMissing},
			{in: "https://", why: weburl.HostMissing},
			{in: "https://?q", why: weburl.HostMissing},
			{in: "https://a.test:8\t0/", want: "https://a.test:80/"},
		},
	},
	{
		// https://url.spec.whatwg.org/#concept-host-parser
		// https://url.spec.whatwg.org/#concept-domain-to-ascii
		desc: "domain",
		tests: []parseTest{
			{in: "https://EXAMPLE.Com", want: "https://example.com/"},
			{in: "https://BÜCHER.example/", want: "https://xn--bcher-kva.example/"},
			{in: "https://faß.de/", want: "https://xn--fa-hia.de/"},
			{in: "https://ｅｘａｍｐｌｅ．ｃｏｍ/", want: "https://example.com/"},
			{in: "https://a\u3002test/", want: "https://a.test/"},
			{in: "https://a\u00adb.test/", want: "https://ab.test/"},
			{in: "https://a%41.test/", want: "https://aa.test/"},
			{in: "https://b%C3%BCcher.example/", want: "https://xn--bcher-kva.example/"},
			{in: "https://a_b.r3---sn.-x-.test/", want: "https://a_b.r3---sn.-x-.test/"},
			{in: "https://a.test./", want: "https://a.test./"},
			{in: "https://a..test/", want: "https://a..test/"},
			{in: "https://./", want: "https://./"},
			{in: "https://XN--A.test/", want: "https://xn--a.test/"},
			{in: "https://xn--ü.test/", why: weburl.DomainToASCII},
			{in: "https://a!$&'()*+,;=~b/", want: "https://a!$&'()*+,;=~b/"},
			{in: "https://a\u200db.test/", why: weburl.DomainToASCII},
			{in: "https://\u00ad/", why: weburl.DomainToASCII},
			{in: "https://%ff.test/", why: weburl.DomainToASCII},
			{in: "https://\xff.test/", why: weburl.DomainToASCII},
			{in: "https://a%00b/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a b/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a%20b/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a%2fb/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a%zz/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a%2525/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a<b/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a^b/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a|b/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a\x7fb/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a]/", why: weburl.DomainInvalidCodePoint},
			{in: "https://a％２Fb/", why: weburl.DomainInvalidCodePoint},
			{in: "https://ü." + strings.Repeat("u", 998) + "/", want: "https://xn--tda." + strings.Repeat("u", 998) + "/"},
			{in: "https://ü." + strings.Repeat("u", 999) + "/", why: weburl.DomainTooLong},
			{in: "https://u." + strings.Repeat("u", 999) + "/", want: "https://u." + strings.Repeat("u", 999) + "/"},
		},
	},
	{
		// https://url.spec.whatwg.org/#concept-ipv4-parser
		desc: "IPv4",
		tests: []parseTest{
			{in: "http://127.0.0.1/", want: "http://127.0.0.1/"},
			{in: "http://127.0.0.1./", want: "http://127.0.0.1/"},
			{in: "http://127.1/", want: "http://127.0.0.1/"},
			{in: "http://127.0.1/", want: "http://127.0.0.1/"},
			{in: "http://2130706433/", want: "http://127.0.0.1/"},
			{in: "http://0x7f.1/", want: "http://127.0.0.1/"},
			{in: "http://0X7F000001/", want: "http://127.0.0.1/"},
			{in: "http://0177.0.0.01/", want: "http://127.0.0.1/"},
			{in: "http://0x/", want: "http://0.0.0.0/"},
			{in: "http://0/", want: "http://0.0.0.0/"},
			{in: "http://0.0x.0/", want: "http://0.0.0.0/"},
			{in: "http://１２７.1/", want: "http://127.0.0.1/"},
			{in: "http://%31%32%37.1/", want: "http://127.0.0.1/"},
			{in: "http://1.65535/", want: "http://1.0.255.255/"},
			{in: "http://1.2.65535/", want: "http://1.2.255.255/"},
			{in: "http://4294967295/", want: "http://255.255.255.255/"},
			{in: "http://4294967296/", why: weburl.IPv4OutOfRangePart},
			{in: "http://18446744073709551617/", why: weburl.IPv4OutOfRangePart},
			{in: "http://1.16777216/", why: weburl.IPv4OutOfRangePart},
			{in: "http://1.2.65536/", why: weburl.IPv4OutOfRangePart},
			{in: "http://1.2.3.256/", why: weburl.IPv4OutOfRangePart},
			{in: "http://256.1.1.1/", why: weburl.IPv4OutOfRangePart},
			{in: "http://256.256.256.256/", why: weburl.IPv4OutOfRangePart},
			{in: "http://1.2.3.4.5/", why: weburl.IPv4TooManyParts},
			{in: "http://a.b.c.d.5/", why: weburl.IPv4TooManyParts},
			{in: "http://a.1/", why: weburl.IPv4NonNumericPart},
			{in: "http://1..1/", why: weburl.IPv4NonNumericPart},
			{in: "http://08/", why: weburl.IPv4NonNumericPart},
			{in: "http://1.0xg/", want: "http://1.0xg/"},
			{in: "http://1.2.3.4a/", want: "http://1.2.3.4a/"},
			{in: "http://+1/", want: "http://+1/"},
			{in: "http://-1/", want: "http://-1/"},
			{in: "http://0x+1/", want: "http://0x+1/"},
			{in: "http://1.2.3.4../", want: "http://1.2.3.4../"},
			{in: "foo://127.1/", want: "foo://127.1/"},
		},
	},
	{
		// https://url.spec.whatwg.org/#concept-ipv6-parser
		// https://url.spec.whatwg.org/#concept-ipv6-serializer
		desc: "IPv6",
		tests: []parseTest{
			{in: "http://[::1]/", want: "http://[::1]/"},
			{in: "http://[::]:81/", want: "http://[::]:81/"},
			{in: "http://[2001:DB8:0:0:0:0:0:1]/", want: "http://[2001:db8::1]/"},
			{in: "http://[1:0:0:2:0:0:0:3]/", want: "http://[1:0:0:2::3]/"},
			{in: "http://[1:0:0:2:3:0:0:4]/", want: "http://[1::2:3:0:0:4]/"},
			{in: "http://[1:0:2:3:4:5:6:7]/", want: "http://[1:0:2:3:4:5:6:7]/"},
			{in: "http://[1::3:4:5:6:7:8]/", want: "http://[1:0:3:4:5:6:7:8]/"},
			{in: "http://[1:2:3:4:5:6::]/", want: "http://[1:2:3:4:5:6::]/"},
			{in: "http://[0001:0:0::]/", want: "http://[1::]/"},
			{in: "http://[::ffff:1.2.3.4]/", want: "http://[::ffff:102:304]/"},
			{in: "http://[1:2:3:4:5:6:255.254.253.0]/", want: "http://[1:2:3:4:5:6:fffe:fd00]/"},
			{in: "foo://[::0001]/", want: "foo://[::1]/"},
			{in: "http://u@[::1]:80/", want: "http://u@[::1]/"},
			{in: "http://[::1", why: weburl.IPv6Unclosed},
			{in: "http://[::1/x]", why: weburl.IPv6Unclosed},
			{in: "http://[::1]x/", why: weburl.IPv6Unclosed},
			{in: "http://[:1:2:3:4:5:6:7]/", why: weburl.IPv6InvalidCompression},
			{in: "http://[1:2:3:4:5:6:7:8:9]/", why: weburl.IPv6TooManyPieces},
			{in: "http://[1:2:3:4:5:6:7:8::]/", why: weburl.IPv6TooManyPieces},
			{in: "http://[1::2::3]/", why: weburl.IPv6MultipleCompression},
			{in: "http://[:::]/", why: weburl.IPv6MultipleCompression},
			{in: "http://[12345::]/", why: weburl.IPv6InvalidCodePoint},
			{in: "http://[g::]/", why: weburl.IPv6InvalidCodePoint},
			{in: "http://[1:]/", why: weburl.IPv6InvalidCodePoint},
			{in: "http://[[::1]]/", why: weburl.IPv6InvalidCodePoint},
			{in: "http://[::1%25eth0]/", why: weburl.IPv6InvalidCodePoint},
			{in: "http://[::%31]/", why: weburl.IPv6InvalidCodePoint},
			{in: "http://[]/", why: weburl.IPv6TooFewPieces},
			{in: "http://[1:2:3]/", why: weburl.IPv6TooFewPieces},
			{in: "http://[1:2:3:4:5:6:7:1.2.3.4]/", why: weburl.IPv4InIPv6TooManyPieces},
			{in: "http://[::.1.2.3]/", why: weburl.IPv4InIPv6InvalidCodePoint},
			{in: "http://[::1.2.3.4x]/", why: weburl.IPv4InIPv6InvalidCodePoint},
			{in: "http://[::1.2.3.4.]/", why: weburl.IPv4InIPv6InvalidCodePoint},
			{in: "http://[::1.02.3.4]/", why: weburl.IPv4InIPv6InvalidCodePoint},
			{in: "http://[::1..3.4]/", why: weburl.IPv4InIPv6InvalidCodePoint},
			{in: "http://[::127.0.0.00000000001]/", why: weburl.IPv4InIPv6InvalidCodePoint},
			{in: "http://[::1.2.3.256]/", why: weburl.IPv4InIPv6OutOfRangePart},
			{in: "http://[::1.2.3]/", why: weburl.IPv4InIPv6TooFewParts},
			{in: "http://[::1.2.]/", why: weburl.IPv4InIPv6InvalidCodePoint},
		},
	},
	{
		// https://url.spec.whatwg.org/#concept-opaque-host-parser
		desc: "opaque host",
		tests: []parseTest{
			{in: "foo://H%41é/", want: "foo://H%41%C3%A9/"},
			{in: "foo:///x", want: "foo:///x"},
			{in: "foo://", want: "foo://"},
			{in: "foo://h", want: "foo://h"},
			{in: `foo://h!"$&'()*+,-.;=_{}~/`, want: `foo://h!"$&'()*+,-.;=_{}~/`},
			{in: "foo://a b/", why: weburl.HostInvalidCodePoint},
			{in: "foo://a<b/", why: weburl.HostInvalidCodePoint},
			{in: `foo://a\b/`, why: weburl.HostInvalidCodePoint},
			{in: "foo://a]b/", why: weburl.HostInvalidCodePoint},
			{in: "foo://a\x00b/", why: weburl.HostInvalidCodePoint},
			{in: "foo://\xff/", want: "foo://%EF%BF%BD/"},
		},
	},
	{
		// https://url.spec.whatwg.org/#path-state
		desc: "path",
		tests: []parseTest{
			{in: "https://a.test", want: "https://a.test/"},
			{in: "https://a.test//", want: "https://a.test//"},
			{in: "https://a.test//x//", want: "https://a.test//x//"},
			{in: "https://a.test/a/../b", want: "https://a.test/b"},
			{in: "https://a.test/a/./b", want: "https://a.test/a/b"},
			{in: "https://a.test/a/..", want: "https://a.test/"},
			{in: "https://a.test/a/.", want: "https://a.test/a/"},
			{in: "https://a.test/..", want: "https://a.test/"},
			{in: "https://a.test/../../x", want: "https://a.test/x"},
			{in: "https://a.test/a//../b", want: "https://a.test/a/b"},
			{in: "https://a.test/a/%2E%2e/b", want: "https://a.test/b"},
			{in: "https://a.test/a/.%2e/b", want: "https://a.test/b"},
			{in: "https://a.test/a/%2E./b", want: "https://a.test/b"},
			{in: "https://a.test/a/%2e/b", want: "https://a.test/a/b"},
			{in: "https://a.test/a/.../b", want: "https://a.test/a/.../b"},
			{in: "https://a.test/a/%2e%2e%2e/b", want: "https://a.test/a/%2e%2e%2e/b"},
			{in: "https://a.test/.well-known/x", want: "https://a.test/.well-known/x"},
			{in: "https://a.test/..x/%2ex", want: "https://a.test/..x/%2ex"},
			{in: `https://a.test/a\..\b`, want: "https://a.test/b"},
			{in: `foo://h/a\..\b`, want: `foo://h/a\..\b`},
			{in: "https://a.test/ \"<>`{}^", want: "https://a.test/%20%22%3C%3E%60%7B%7D%5E"},
			{in: "https://a.test/|[]:;=@'!$&()*+,~", want: "https://a.test/|[]:;=@'!$&()*+,~"},
			{in: "https://a.test/%", want: "https://a.test/%"},
			{in: "https://a.test/%zz%3f", want: "https://a.test/%zz%3f"},
			{in: "https://a.test/straße", want: "https://a.test/stra%C3%9Fe"},
			{in: "https://a.test/\U0001f600", want: "https://a.test/%F0%9F%98%80"},
			{in: "https://a.test/\x7f\xff", want: "https://a.test/%7F%EF%BF%BD"},
			{in: "https://a.test/C|/x", want: "https://a.test/C|/x"},
			{in: "foo:/", want: "foo:/"},
			{in: "foo:/a/..", want: "foo:/"},
			{in: "foo://h/..", want: "foo://h/"},
			{in: "foo://h?q", want: "foo://h?q"},
		},
	},
	{
		// https://url.spec.whatwg.org/#cannot-be-a-base-url-path-state
		desc: "opaque path",
		tests: []parseTest{
			{in: "about:blank", want: "about:blank"},
			{in: "ABOUT:Blank", want: "about:Blank"},
			{in: "data:text/plain,a b", want: "data:text/plain,a b"},
			{in: "data:text/plain,a  ", want: "data:text/plain,a"},
			{in: "data:text/plain,a  #f", want: "data:text/plain,a %20#f"},
			{in: "data:text/plain,a ?q", want: "data:text/plain,a%20?q"},
			{in: "data:,é\x01<>", want: "data:,%C3%A9%01<>"},
			{in: "foo:", want: "foo:"},
			{in: "foo:a/../b", want: "foo:a/../b"},
			{in: `foo:\\h`, want: `foo:\\h`},
			{in: "blob:https://a.test/id", want: "blob:https://a.test/id"},
			{in: "mailto:u@a.test?subject=x", want: "mailto:u@a.test?subject=x"},
			{in: "javascript:alert('1')", want: "javascript:alert('1')"},
		},
	},
	{
		// https://url.spec.whatwg.org/#query-state
		// https://url.spec.whatwg.org/#fragment-state
		desc: "query and fragment",
		tests: []parseTest{
			{in: "https://a.test?", want: "https://a.test/?"},
			{in: "https://a.test#", want: "https://a.test/#"},
			{in: "https://a.test?#", want: "https://a.test/?#"},
			{in: "https://a.test/?a?b", want: "https://a.test/?a?b"},
			{in: "https://a.test/#a#b?c", want: "https://a.test/#a#b?c"},
			{in: "https://a.test/? \"<>'`{}|\\^", want: "https://a.test/?%20%22%3C%3E%27`{}|\\^"},
			{in: "foo://h/? \"<>'", want: "foo://h/?%20%22%3C%3E'"},
			{in: "https://a.test/# \"<>'`{}", want: "https://a.test/#%20%22%3C%3E'%60{}"},
			{in: "https://a.test/?é#é", want: "https://a.test/?%C3%A9#%C3%A9"},
			{in: "https://a.test/?\xe2\x82", want: "https://a.test/?%EF%BF%BD%EF%BF%BD"},
			{in: "https://a.test/?a=%zz&/../", want: "https://a.test/?a=%zz&/../"},
		},
	},
	{
		// https://url.spec.whatwg.org/#file-state
		// https://url.spec.whatwg.org/#file-slash-state
		// https://url.spec.whatwg.org/#file-host-state
		desc: "file",
		tests: []parseTest{
			{in: "file:", want: "file:///"},
			{in: "file:x", want: "file:///x"},
			{in: "file:/x", want: "file:///x"},
			{in: "file://h/x", want: "file://h/x"},
			{in: "file://h", want: "file://h/"},
			{in: "file://LOCALHOST/x", want: "file:///x"},
			{in: "file:///x", want: "file:///x"},
			{in: "file:////x", want: "file:////x"},
			{in: "file:?q", want: "file:///?q"},
			{in: "file:C|/x", want: "file:///C:/x"},
			{in: "file:///C|/../x", want: "file:///C:/x"},
			{in: "file:///C:/..", want: "file:///C:/"},
			{in: "file://C|/x", want: "file:///C:/x"},
			{in: "file:///x/C|/y", want: "file:///x/C|/y"},
			{in: "file:///x/../C|/y", want: "file:///C:/y"},
			{in: "file://u@h/x", why: weburl.DomainInvalidCodePoint},
			{in: "file://h:80/x", why: weburl.DomainInvalidCodePoint},
			{in: "file://[::1", why: weburl.IPv6Unclosed},
			{in: "y", base: "file:///x/z", want: "file:///x/y"},
			{in: "y", base: "file://h/x/z", want: "file://h/x/y"},
			{in: "", base: "file:///x?q#f", want: "file:///x?q"},
			{in: "?p", base: "file:///x?q#f", want: "file:///x?p"},
			{in: "#g", base: "file:///x?q#f", want: "file:///x?q#g"},
			{in: "/y", base: "file:///C:/x", want: "file:///C:/y"},
			{in: "/y", base: "file://h/C:/x", want: "file://h/C:/y"},
			{in: "/D:/y", base: "file:///C:/x", want: "file:///D:/y"},
			{in: "D|/y", base: "file:///C:/x", want: "file:///D:/y"},
			{in: "D|", base: "file://h/C:/x", want: "file://h/D:"},
			{in: "D|y", base: "file:///C:/x", want: "file:///C:/D|y"},
			{in: "..", base: "file:///C:/", want: "file:///C:/"},
			{in: "//g/y", base: "file://h/x", want: "file://g/y"},
			{in: `\\g\y`, base: "file:///x", want: "file://g/y"},
			{in: "file:y", base: "file:///x/z", want: "file:///x/y"},
			{in: "file:y", base: "https://a.test/x", want: "file:///y"},
		},
	},
}

func eachParseTest(f func(desc string, tc parseTest)) {
	for _, group := range parseTests {
		for _, tc := range group.tests {
			f(group.desc, tc)
		}
	}
}

func parseBase(tb testing.TB, base string) *weburl.URL {
	tb.Helper()
	if base == "" {
		return nil
	}
	u, err := weburl.Parse(base, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

func TestParse(t *testing.T) {
	eachParseTest(func(desc string, tc parseTest) {
		u, err := weburl.Parse(tc.in, parseBase(t, tc.base))
		switch {
		case tc.why != "":
			if !errors.Is(err, tc.why) {
				t.Errorf("%s: Parse(%q, %q) = %v, %v; want %s", desc, tc.in, tc.base, u, err, tc.why)
			}
		case err != nil:
			t.Errorf("%s: Parse(%q, %q): %v; want %s", desc, tc.in, tc.base, err, tc.want)
		case u.String() != tc.want:
			t.Errorf("%s: Parse(%q, %q) = %s; want %s", desc, tc.in, tc.base, u, tc.want)
		}
	})
}

func TestParseError(t *testing.T) {
	long := "https://" + strings.Repeat("é", 1000) + " /"
	_, err := weburl.Parse(long, nil)
	var e *weburl.Error
	if !errors.As(err, &e) {
		t.Fatalf("Parse: %T %v; want a *weburl.Error", err, err)
	}
	if want := "https://" + strings.Repeat("é", 124) + "…"; e.Input != want {
		t.Errorf("Input = %q; want %q", e.Input, want)
	}

	_, err = weburl.Parse("https://a.test:x/", nil)
	if want := `weburl: "https://a.test:x/" is not a URL: port-invalid`; err.Error() != want {
		t.Errorf("got %q; want %q", err, want)
	}
}

func TestMustParse(t *testing.T) {
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, weburl.HostMissing) {
			t.Errorf("MustParse panicked with %v; want %v", err, weburl.HostMissing)
		}
	}()
	u := weburl.MustParse("https://")
	t.Errorf("MustParse returned %v", u)
}
