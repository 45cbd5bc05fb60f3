// Package integrity reads and checks integrity metadata: the hashes that a
// script gives fetch() as integrity, and a page its scripts and style sheets,
// so that what comes is what was meant.
//
//	metadata := integrity.Parse("sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO")
//	if !metadata.Match(body) {
//		// it is something else
//	}
//
// All are pure functions of strings and bytes. The zero [Rules] are the
// standard's; what browsers do differently is data in them.
//
// https://w3c.github.io/webappsec-subresource-integrity/
package integrity
