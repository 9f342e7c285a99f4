package diff

import (
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// dangling finds the places at the newer point that name an object which was removed. It
// reads only files of the kinds that can name one of the removed objects, and none where
// nothing was removed.
func dangling(changes []entra.Change, kinds []*kind.Kind, b Side) ([]entra.Naming, error) {
	gone := removed(changes)
	if len(gone.names) == 0 {
		return nil, nil
	}
	var all []entra.Naming
	for _, k := range kinds {
		if !k.NamesInBody(gone.kinds) {
			continue
		}
		for f, err := range b.Files(k.Name) {
			var data []byte
			if err == nil {
				data, err = b.Read(f.Path)
			}
			if err != nil {
				return nil, fmt.Errorf("look for mentions of what was removed: %w", err)
			}
			if !gone.mayBeIn(data) {
				continue
			}
			o, err := canon.Decode(k, f.Path, data)
			if err != nil {
				return nil, fmt.Errorf("look for mentions of what was removed: %w", err)
			}
			all = append(all, gone.namedBy(k, o)...)
		}
	}
	return all, nil
}

// departed are the identities of objects that were removed.
type departed struct {
	names map[entra.Name]entra.Change
	kinds map[string]bool
	// values are those of the names; guids is set while all of them are GUIDs.
	values map[string]bool
	guids  bool
}

func removed(changes []entra.Change) departed {
	d := departed{names: map[entra.Name]entra.Change{}, kinds: map[string]bool{}, values: map[string]bool{}, guids: true}
	for _, c := range changes {
		if c.Type != entra.Removed {
			continue
		}
		d.add(entra.Name{Kind: c.Kind, Value: c.ID}, c)
		for _, p := range c.Properties {
			tokens := jsonpointer.Split(p.Pointer)
			if value, ok := p.Before.(string); ok && len(tokens) == 2 && knownBy(c.Kind, tokens[1]) {
				d.add(entra.Name{Kind: c.Kind, By: tokens[1], Value: value}, c)
			}
		}
	}
	return d
}

func (d *departed) add(n entra.Name, c entra.Change) {
	for _, one := range kind.Shared(n) {
		d.names[one], d.kinds[one.Kind], d.values[one.Value] = c, true, true
		d.guids = d.guids && isGUID(one.Value)
	}
}

// knownBy reports whether references name objects of a kind by a property.
func knownBy(kindName, property string) bool {
	for _, k := range kind.All() {
		for ref := range k.EveryReference() {
			if ref.By != property {
				continue
			}
			for _, target := range ref.Targets {
				if target == kindName {
					return true
				}
			}
		}
	}
	return false
}

// guidLength is the length of a GUID's text.
const guidLength = 36

func inGUID(c byte) bool {
	return c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// mayBeIn reports whether a file may hold one of the identities. It costs one look at each
// byte, however many identities there are.
func (d *departed) mayBeIn(data []byte) bool {
	if !d.guids {
		return true
	}
	run := 0
	for i := 0; i <= len(data); i++ {
		if i < len(data) && inGUID(data[i]) {
			run++
			if run >= guidLength && d.values[string(data[i-guidLength+1:i+1])] {
				return true
			}
			continue
		}
		run = 0
	}
	return false
}

// namedBy lists the places of an object that name one of the identities.
func (d *departed) namedBy(k *kind.Kind, o *entra.Object) []entra.Naming {
	var all []entra.Naming
	for m := range k.NamesOf(o) {
		if strings.HasPrefix(m.Pointer, "/"+entra.SectionLinks+"/") {
			continue
		}
		for _, target := range m.Targets {
			if c, ok := d.names[entra.Name{Kind: target, By: m.By, Value: m.Referent}]; ok {
				all = append(all, entra.Naming{Key: o.Key, Name: o.Name, Pointer: m.Pointer, Old: m.Referent, Of: c.Key, OfName: c.Name})
				break
			}
		}
	}
	return all
}
