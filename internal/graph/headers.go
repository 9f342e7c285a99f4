package graph

import "strings"

// required are the headers without which Graph refuses requests at some addresses, by how such
// an address ends.
var required = []struct{ suffix, name, value string }{
	// Pages "Get organizationalBranding" and "Update organizationalBranding": the locale is
	// required, and "0" is the branding of all that have none of their own.
	{"/branding", "Accept-Language", "0"},
}

// headersAt yields the headers that a request at an address must have.
func headersAt(url string) func(yield func(name, value string) bool) {
	path, _, _ := strings.Cut(url, "?")
	return func(yield func(name, value string) bool) {
		for _, h := range required {
			if strings.HasSuffix(path, h.suffix) && !yield(h.name, h.value) {
				return
			}
		}
	}
}
