package orb

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A tokenKind is what a token is.
type tokenKind uint8

const (
	endOfScript tokenKind = iota
	word
	privateWord // #name
	number
	stringLiteral
	regexp
	template // a template, or what of it comes before, between or after substitutions
	punctuator
)

// A token is a token of JavaScript. The zero value is none.
type token struct {
	kind tokenKind
	text string // of a word or a punctuator; of a template its first and last bytes

	newline  bool // a line ends before it
	isBlock  bool // it is the "}" of a block
	control  bool // it is the ")" of if, for, while or with
	isPrefix bool // it is a "++" or "--" that comes before its operand
}

// A lexer splits a script into tokens.
//
// https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar
type lexer struct {
	rest        []byte
	atLineStart bool // nothing but space and comments since the line began
	started     bool
}

// next returns the next token, after the token before; ok is false if there is
// none that could be. In a substitution of a template a "}" goes on with it.
func (l *lexer) next(before token, inTemplate bool) (t token, ok bool) {
	newline, ok := l.skipSpace()
	if !ok || len(l.rest) == 0 {
		return token{}, ok
	}
	l.atLineStart = false
	t, ok = l.token(before, newline, inTemplate)
	t.newline = newline
	return t, ok
}

func (l *lexer) token(before token, newline, inTemplate bool) (token, bool) {
	c := l.rest[0]
	switch {
	case c == '`' || c == '}' && inTemplate:
		return l.template()
	case c == '"' || c == '\'':
		return token{kind: stringLiteral}, l.skipString(c)
	case isDigit(c), c == '.' && len(l.rest) > 1 && isDigit(l.rest[1]):
		return token{kind: number}, l.skipNumber()
	case c == '/' && startsRegexp(before, newline):
		return token{kind: regexp}, l.skipRegexp()
	case c == '#':
		l.rest = l.rest[1:]
		name := l.word()
		return token{kind: privateWord, text: name}, name != ""
	}
	if name := l.word(); name != "" {
		return token{kind: word, text: name}, true
	}
	for _, p := range punctuators {
		if bytes.HasPrefix(l.rest, []byte(p)) {
			l.rest = l.rest[len(p):]
			return token{kind: punctuator, text: p}, true
		}
	}
	return token{}, false
}

// punctuators are all, those that begin with others first.
var punctuators = strings.Fields(">>>= ... === !== **= <<= >>= >>> &&= ||= ??= => == != <= >= && || ?? ?. ++ -- += -= *= /= %= &= |= ^= << >> ** " +
	"{ } ( ) [ ] ; , < > + - * / % & | ^ ! ~ ? : = .")

// startsRegexp reports whether a "/" after before starts a regular expression
// and divides nothing.
func startsRegexp(before token, newline bool) bool {
	return !before.endsOperand() || before.control || newline && before.text == "}"
}

// skipSpace skips what stands between tokens; ok is false for a comment without
// an end.
func (l *lexer) skipSpace() (newline, ok bool) {
	if !l.started {
		l.started = true
		l.rest = bytes.TrimPrefix(l.rest, []byte("\ufeff"))
		if bytes.HasPrefix(l.rest, []byte("#!")) {
			l.skipLine()
		}
	}
	for {
		c, size := utf8.DecodeRune(l.rest)
		switch {
		case size == 0:
			return newline, true
		case isLineTerminator(c):
			newline, l.atLineStart = true, true
			l.rest = l.rest[size:]
		case c == '\t' || c == '\v' || c == '\f' || c == '\ufeff' || unicode.Is(unicode.Zs, c):
			l.rest = l.rest[size:]
		case bytes.HasPrefix(l.rest, []byte("//")), bytes.HasPrefix(l.rest, []byte("<!--")),
			l.atLineStart && bytes.HasPrefix(l.rest, []byte("-->")):
			l.skipLine()
		case bytes.HasPrefix(l.rest, []byte("/*")):
			comment, after, ended := bytes.Cut(l.rest[2:], []byte("*/"))
			if !ended {
				return newline, false
			}
			if bytes.ContainsFunc(comment, isLineTerminator) {
				newline, l.atLineStart = true, true
			}
			l.rest = after
		default:
			return newline, true
		}
	}
}

// skipLine skips what is left of the line.
func (l *lexer) skipLine() {
	end := bytes.IndexFunc(l.rest, isLineTerminator)
	if end < 0 {
		end = len(l.rest)
	}
	l.rest = l.rest[end:]
}

// word takes a name, or "".
func (l *lexer) word() string {
	end := 0
	for end < len(l.rest) {
		c, size := utf8.DecodeRune(l.rest[end:])
		switch {
		case isWordStart(c), end > 0 && (isDigit(l.rest[end]) || unicode.In(c, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc) || c == '\u200c' || c == '\u200d'):
			end += size
			continue
		case c == '\\' && bytes.HasPrefix(l.rest[end:], []byte(`\u`)):
			end += 2
			if bytes.HasPrefix(l.rest[end:], []byte("{")) {
				end += max(bytes.IndexByte(l.rest[end:], '}'), 0) + 1
			}
			continue
		}
		break
	}
	name := string(l.rest[:end])
	l.rest = l.rest[end:]
	return name
}

func isWordStart(c rune) bool {
	return c == '$' || c == '_' || c < utf8.RuneSelf && unicode.IsLetter(c) || c >= utf8.RuneSelf && unicode.In(c, unicode.L, unicode.Nl)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// skipString skips a string literal; false is one without an end.
func (l *lexer) skipString(quote byte) bool {
	for i := 1; i < len(l.rest); i++ {
		switch l.rest[i] {
		case quote:
			l.rest = l.rest[i+1:]
			return true
		case '\\':
			i++
			if bytes.HasPrefix(l.rest[min(i, len(l.rest)):], []byte("\r\n")) {
				i++
			}
		case '\n', '\r':
			return false
		}
	}
	return false
}

// skipNumber skips a numeric literal; false is one that runs into a name.
func (l *lexer) skipNumber() bool {
	prefixed := len(l.rest) > 1 && l.rest[0] == '0' && slices.Contains([]byte("xXoObB"), l.rest[1])
	i, point := 0, prefixed
	for ; i < len(l.rest); i++ {
		c := l.rest[i]
		isExponent := !prefixed && (c == 'e' || c == 'E')
		switch {
		case isDigit(c), c == '_', c == '.' && !point, isExponent, prefixed && (i == 1 || strings.ContainsRune("abcdefABCDEF", rune(c))):
			if isExponent && i+1 < len(l.rest) && (l.rest[i+1] == '+' || l.rest[i+1] == '-') {
				i++
			}
			point = point || c == '.' || isExponent
			continue
		case c == 'n':
			i++
		}
		break
	}
	l.rest = l.rest[i:]
	c, _ := utf8.DecodeRune(l.rest)
	return len(l.rest) == 0 || !isWordStart(c) && c != '\\'
}

// skipRegexp skips a regular expression with its flags.
func (l *lexer) skipRegexp() bool {
	inClass := false
	for i := 1; i < len(l.rest); i++ {
		switch l.rest[i] {
		case '\\':
			i++
		case '\n', '\r':
			return false
		case '[':
			inClass = true
		case ']':
			inClass = false
		case '/':
			if !inClass {
				l.rest = l.rest[i+1:]
				l.word()
				return true
			}
		}
	}
	return false
}

// template takes a template up to its end or to its next substitution.
func (l *lexer) template() (token, bool) {
	from := string(l.rest[:1])
	for i := 1; i < len(l.rest); i++ {
		switch c := l.rest[i]; {
		case c == '\\':
			i++
		case c == '`':
			l.rest = l.rest[i+1:]
			return token{kind: template, text: from + "`"}, true
		case c == '$' && i+1 < len(l.rest) && l.rest[i+1] == '{':
			l.rest = l.rest[i+2:]
			return token{kind: template, text: from + "${"}, true
		}
	}
	return token{}, false
}
