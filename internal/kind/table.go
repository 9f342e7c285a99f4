package kind

import "slices"

// table lists every kind, family by family. The order is the order of capture.
var table = slices.Concat(
	[]*Kind{},
)

var byName = index(table)

func index(kinds []*Kind) map[string]*Kind {
	m := make(map[string]*Kind, len(kinds))
	for _, k := range kinds {
		m[k.Name] = k
	}
	return m
}

