package integrity_test

import (
	"fmt"

	"github.com/corsfetch/corsfetch/fetch/integrity"
)

func Example() {
	library := []byte("alert(1)\n")
	attribute := "sha384-" + integrity.SHA384.Sum(library)

	metadata := integrity.Parse(attribute)
	fmt.Println(metadata.Algorithm)
	fmt.Println(metadata.Match(library))
	fmt.Println(metadata.Match([]byte("alert(2)\n")))
	// Output:
	// sha384
	// true
	// false
}
