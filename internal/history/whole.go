package history

import (
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Unread lists the kinds that a manifest says were not read whole, in the order of the table:
// what nobody can vouch for, such as that no object names another. What no application can
// read is none of them.
func Unread(m entra.Manifest) []entra.Unread {
	var unread []entra.Unread
	for _, k := range kind.All() {
		if cover, asked := m.Kinds[k.Name]; asked && !cover.State.Whole() && k.Unavailable == "" {
			unread = append(unread, entra.Unread{Kind: k.Name, State: cover.State, Cause: cover.Cause})
		}
	}
	return unread
}
