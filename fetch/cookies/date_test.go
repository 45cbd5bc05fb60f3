package cookies_test

import (
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
)

// dateTests are dates as servers write them. want "" is "no date".
var dateTests = []struct {
	desc, date, want string
}{
	{"IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06 08:49:37"},
	{"RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06 08:49:37"},
	{"asctime", "Sun Nov  6 08:49:37 1994", "1994-11-06 08:49:37"},
	{"any order", "1994 nov 6 08:49:37", "1994-11-06 08:49:37"},
	{"time, year of four digits, day, month", "08:49:37 1994 6 nov", "1994-11-06 08:49:37"},
	{"short fields", "1 Jan 2027 1:2:3", "2027-01-01 01:02:03"},
	{"any case", "1 jAN 2027 00:00:00", "2027-01-01 00:00:00"},
	{"long month", "1 Januaryish 2027 00:00:00", "2027-01-01 00:00:00"},
	{"years of two digits below 70", "1 Jan 69 00:00:00", "2069-01-01 00:00:00"},
	{"years of two digits from 70 on", "1 Jan 70 00:00:00", "1970-01-01 00:00:00"},
	{"year 99", "1 Jan 99 00:00:00", "1999-01-01 00:00:00"},
	{"year 00", "1 Jan 00 00:00:00", "2000-01-01 00:00:00"},
	{"year of three digits", "1 Jan 999 00:00:00", ""},
	{"year 0099", "1 Jan 0099 00:00:00", "1999-01-01 00:00:00"},
	{"year of five digits", "1 Jan 20270 00:00:00", ""},
	{"year 1601", "1 Jan 1601 00:00:00", "1601-01-01 00:00:00"},
	{"year 1600", "1 Jan 1600 00:00:00", ""},
	{"delimiters", "\"1/Jan~2027\"\t(00:00:00)", "2027-01-01 00:00:00"},
	{"colons do not delimit", "1:Jan:2027 00:00:00", ""},
	{"something after the digits", "1st Jan 2027AD 00:00:00Z", "2027-01-01 00:00:00"},
	{"something after the time that is a digit", "1 Jan 2027 00:00:000", ""},
	{"fourth field of a time", "1 Jan 2027 00:00:00:00", "2027-01-01 00:00:00"},
	{"bytes above 0x7E", "1\xe9 Jan\u00e9 2027\xff 00:00:00\u2028", "2027-01-01 00:00:00"},
	{"time zone is ignored", "1 Jan 2027 00:00:00 +0500", "2027-01-01 00:00:00"},
	{"first of each", "1 Jan 2027 00:00:00 2 Feb 2028 11:11:11", "2027-01-01 00:00:00"},
	{"leap day", "29 Feb 2028 00:00:00", "2028-02-29 00:00:00"},
	{"no leap day", "29 Feb 2027 00:00:00", ""},
	{"31st of a short month", "31 Apr 2027 00:00:00", ""},
	{"day 0", "0 Jan 2027 00:00:00", ""},
	{"day 32", "32 Jan 2027 00:00:00", ""},
	{"day of three digits", "001 Jan 2027 00:00:00", ""},
	{"hour 24", "1 Jan 2027 24:00:00", ""},
	{"minute 60", "1 Jan 2027 00:60:00", ""},
	{"leap second", "1 Jan 2027 00:00:60", ""},
	{"no seconds", "1 Jan 2027 00:00", ""},
	{"no time", "1 Jan 2027", ""},
	{"no day", "Jan 2027 00:00:00", ""},
	{"no month", "1 2027 00:00:00", ""},
	{"no year", "1 Jan 00:00:00", ""},
	{"nothing", "", ""},
	{"delimiters only", " ,;- ", ""},
}

func TestDate(t *testing.T) {
	for _, test := range dateTests {
		t.Run(test.desc, func(t *testing.T) {
			date, ok := cookies.ParseDate(test.date)
			got := ""
			if ok {
				got = date.Format(time.DateTime)
			}
			if got != test.want {
				t.Errorf("%q is %q; want %q", test.date, got, test.want)
			}
		})
	}
}

func FuzzDate(f *testing.F) {
	for _, test := range dateTests {
		f.Add(test.date)
	}
	f.Fuzz(func(t *testing.T, s string) {
		date, ok := cookies.ParseDate(s)
		if !ok {
			return
		}
		if date.Location() != time.UTC || date.Year() < 1601 || date.Year() > 9999 || date.Nanosecond() != 0 {
			t.Errorf("%q is %v", s, date)
		}
		// What has been read reads the same once more in its usual form.
		again, ok := cookies.ParseDate(date.Format("Mon, 02 Jan 2006 15:04:05 GMT"))
		if !ok || !again.Equal(date) {
			t.Errorf("%q is %v, and then %v", s, date, again)
		}
		// Nothing but its first token of each kind counts.
		if more, ok := cookies.ParseDate(s + strings.Repeat(" 2 Feb 2028 11:11:11", 2)); !ok || !more.Equal(date) {
			t.Errorf("%q is %v with another date after it; want %v", s, more, date)
		}
	})
}
