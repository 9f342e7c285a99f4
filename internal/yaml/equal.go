package yaml

import "bytes"

// EqualIgnoringComments reports whether two YAML files hold the same text, but for
// comments, empty lines and spaces at the end of a line. Files outside the strict
// profile are equal only when every byte is.
func EqualIgnoringComments(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, y := scanner{bare: true}, scanner{bare: true}
	return x.run(a) == nil && y.run(b) == nil && bytes.Equal(x.out, y.out)
}
