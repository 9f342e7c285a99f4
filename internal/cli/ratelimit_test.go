package cli

import "testing"

func TestPerSecond(t *testing.T) {
	for path, want := range map[string]int{
		"/identity/conditionalAccess/policies":                        1,
		"/identity/conditionalAccess/policies/1":                      1,
		"/identity/conditionalAccess/deletedItems/policies/1/restore": 1,
		"/identity/conditionalAccess/policiesToo":                     0,
		"/directory/deletedItems/1/restore":                           0,
		"/users/1":                                                    0,
	} {
		if got := perSecond(path); got != want {
			t.Errorf("%s: %d a second, want %d", path, got, want)
		}
	}
}
