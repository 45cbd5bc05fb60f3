package orb

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// isJSON reports whether all of body is JSON.
func isJSON(body []byte) bool { return json.Valid(bytes.TrimPrefix(body, []byte("\ufeff"))) }

// mayBeScript reports whether body may be JavaScript: false is certain, true is
// not. It knows the tokens of the language, and of its grammar what may stand
// beside what; it parses no statement.
//
// Deviation: the draft has it parsed.
func mayBeScript(body []byte) bool {
	c := checker{lexer: lexer{rest: body, atLineStart: true}}
	for {
		t, ok := c.next(c.before, c.innermost().text == "${")
		switch {
		case !ok:
			return false
		case t.kind == endOfScript:
			return len(c.open) == 0 && !c.before.wantsMore()
		case !c.mayFollow(t) || !c.nest(&t):
			return false
		}
		c.pass(t)
	}
}

// A checker follows the tokens of a script.
type checker struct {
	lexer
	before      token   // the token before
	before2     token   // the one before that
	open        []brace // brackets that are not closed yet
	classHeader bool    // between "class" and its body
	classes     bool    // there has been one
}

// A brace is an open bracket. The zero value is none.
type brace struct {
	text    string // "(", "[", "{", or "${" in a template
	isBlock bool   // it is the "{" of statements, for certain
	control bool   // it is the "(" of if, for, while or with
}

// innermost is the bracket that was opened last and is not closed.
func (c *checker) innermost() brace {
	if len(c.open) == 0 {
		return brace{}
	}
	return c.open[len(c.open)-1]
}

// pass goes on behind t.
func (c *checker) pass(t token) {
	switch t.text {
	case "class":
		if c.before.text != "." {
			c.classHeader, c.classes = true, true
		}
	case "{":
		c.classHeader = false
	case "++", "--":
		t.isPrefix = t.newline || !c.before.endsOperand() || c.before.text == ")" || c.before.text == "}"
	}
	c.before2, c.before = c.before, t
}

// mayFollow reports whether t may come after the token before.
func (c *checker) mayFollow(t token) bool {
	b := c.before
	switch t.kind {
	case template:
		return t.text[0] == '`' || !b.wantsMore()
	case punctuator:
		return c.punctuatorMayFollow(t)
	case privateWord:
		if !c.classes {
			return false
		}
	}
	// Two operands stand side by side only where a statement has ended.
	return t.newline || !b.endsOperand() || b.text == ")" || b.text == "}" || t.isKeyword() || b.isKeyword()
}

func (c *checker) punctuatorMayFollow(t token) bool {
	b := c.before
	switch t.text {
	case "{":
		return t.newline || c.classHeader || !b.endsOperand() || b.text == ")" || b.text == "}" || b.isKeyword()
	case ")", "]", "}", ";":
		return !b.wantsMore() || b.text == ":" || b.text == "," && t.text != ";"
	case ":":
		// A statement does not begin with a string and a colon, as JSON does.
		return b.kind != stringLiteral || c.before2.text != "{" || !c.innermost().isBlock
	case ",":
		return b.kind != endOfScript && (!b.wantsMore() || b.text == ",")
	case "*":
		return b.kind != endOfScript && !b.wantsMore() || b.text == ","
	}
	return !slices.Contains(binaryOperators, t.text) || b.endsOperand() || b.kind == word
}

// nest opens or closes the bracket that t is, if it is one.
func (c *checker) nest(t *token) bool {
	switch t.text {
	case "(", "[", "{":
		c.open = append(c.open, brace{
			text:    t.text,
			isBlock: t.text == "{" && c.beginsStatement(),
			control: t.text == "(" && slices.Contains(controls, c.before.text),
		})
	case "`${":
		c.open = append(c.open, brace{text: "${"})
	case ")", "]", "}", "}`":
		last := c.innermost()
		if last.closer() != t.text {
			return false
		}
		c.open = c.open[:len(c.open)-1]
		t.isBlock, t.control = last.isBlock, last.control
	}
	return true
}

// closer is the text of the token that closes b.
func (b brace) closer() string {
	switch b.text {
	case "(":
		return ")"
	case "[":
		return "]"
	case "{":
		return "}"
	case "${":
		return "}`"
	}
	return ""
}

// controls are the keywords whose parentheses a statement follows.
var controls = []string{"if", "for", "while", "with"}

// beginsStatement reports whether a statement begins after the token before,
// for certain.
func (c *checker) beginsStatement() bool {
	switch b := c.before; b.text {
	case "{":
		return c.innermost().isBlock
	case "}":
		return b.isBlock
	case ";":
		return c.innermost().text != "("
	default:
		return b.kind == endOfScript
	}
}

// binaryOperators stand between two operands, and nowhere else.
var binaryOperators = []string{
	"%", "**", "<", ">", "<=", ">=", "==", "!=", "===", "!==", "<<", ">>", ">>>", "&", "|", "^", "&&", "||", "??",
	"?", "=", "+=", "-=", "*=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "??=", "=>", ".", "?.", "/", "/=",
}

// wantsMore reports whether something has to come after t.
func (t token) wantsMore() bool {
	switch t.text {
	case "!", "~", "+", "-", "*", ",", "...", ":":
		return t.kind == punctuator
	}
	return t.kind == punctuator && slices.Contains(binaryOperators, t.text)
}

// endsOperand reports whether t may be the end of something that has a value.
func (t token) endsOperand() bool {
	switch t.kind {
	case endOfScript:
		return false
	case word:
		return !slices.Contains(operators, t.text)
	case template:
		return t.text[len(t.text)-1] == '`'
	case punctuator:
		switch t.text {
		case ")", "]":
			return true
		case "}":
			return !t.isBlock
		case "++", "--":
			return !t.isPrefix
		}
		return false
	}
	return true
}

// operators are the words that something follows, or that end nothing.
var operators = strings.Fields("break case catch class const continue debugger default delete do else export extends " +
	"finally for function if in instanceof new return switch throw try typeof var void while with")

// contextual are the words that are keywords in places.
var contextual = strings.Fields("accessor as async await from get let of set static using yield")

// isKeyword reports whether t may be a keyword.
func (t token) isKeyword() bool {
	return t.kind == word && (slices.Contains(operators, t.text) || slices.Contains(contextual, t.text))
}
