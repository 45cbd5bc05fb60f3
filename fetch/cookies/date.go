package cookies

import (
	"strings"
	"time"
)

// parseDate parses a date as cookies have them: a time, a day of the month, a
// month and a year, each the first token that looks like one, in any order and
// between anything else.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-dates
func parseDate(s string) (date time.Time, ok bool) {
	var hour, minute, second, day, month, year int
	var hasTime, hasDay, hasMonth, hasYear bool
	for s != "" {
		end := strings.IndexFunc(s, isDateDelimiter)
		if end < 0 {
			end = len(s)
		}
		token := s[:end]
		s = s[min(end+1, len(s)):]
		if token == "" {
			continue
		}
		if !hasTime {
			if hour, minute, second, hasTime = parseTime(token); hasTime {
				continue
			}
		}
		if !hasDay {
			if day, hasDay = parseField(token, 1, 2); hasDay {
				continue
			}
		}
		if !hasMonth {
			if month, hasMonth = parseMonth(token); hasMonth {
				continue
			}
		}
		if !hasYear {
			year, hasYear = parseField(token, 2, 4)
		}
	}
	switch {
	case !hasYear:
	case year < 70:
		year += 2000
	case year < 100:
		year += 1900
	}
	if !hasTime || !hasDay || !hasMonth || !hasYear || year < 1601 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	date = time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	// A day that the month does not have would be one of the next month.
	return date, date.Day() == day
}

// isDateDelimiter reports whether r separates the tokens of a date: tab, space
// and ASCII punctuation other than the colon.
func isDateDelimiter(r rune) bool {
	return r == '\t' || ' ' <= r && r <= '/' || ';' <= r && r <= '@' || '[' <= r && r <= '`' || '{' <= r && r <= '~'
}

// parseTime parses a token that is a time of the day, whatever else follows it.
func parseTime(token string) (hour, minute, second int, ok bool) {
	first, rest, _ := strings.Cut(token, ":")
	middle, last, _ := strings.Cut(rest, ":")
	hour, okHour := parseNumber(first, 1, 2)
	minute, okMinute := parseNumber(middle, 1, 2)
	second, okSecond := parseField(last, 1, 2)
	return hour, minute, second, okHour && okMinute && okSecond
}

// parseField parses a token of least to most digits and perhaps something else
// after them.
func parseField(token string, least, most int) (n int, ok bool) {
	end := 0
	for end < len(token) && '0' <= token[end] && token[end] <= '9' {
		end++
	}
	return parseNumber(token[:end], least, most)
}

// parseNumber parses a number of least to most digits.
func parseNumber(s string, least, most int) (n int, ok bool) {
	if len(s) < least || len(s) > most {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// parseMonth parses a token that begins with the first three letters of a month.
func parseMonth(token string) (month int, ok bool) {
	const months = "janfebmaraprmayjunjulaugsepoctnovdec"
	for i := 0; i < len(months); i += 3 {
		if hasPrefixFold(token, months[i:i+3]) {
			return i/3 + 1, true
		}
	}
	return 0, false
}
