// Package htmlreport writes reports on fetches as HTML: one file that needs
// nothing else, to be opened, printed or handed on.
//
// A [Document] has a title, a verdict and sections; a [Section] has text, facts,
// lines to copy, a table, sections of its own, and a [Flow]: who sends what to
// whom, drawn as a sequence diagram, with the headers of each exchange.
//
// All texts may come from a server. They are escaped, what is unprintable in them
// can be seen, and they are cut where they are long: a document stays small,
// whatever it is about. It holds no script and no style but its own, and its
// Content-Security-Policy allows no other, nor any connection.
//
// What a report must not tell, as the values of cookies, is for the caller to leave
// out.
package htmlreport
