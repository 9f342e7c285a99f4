package kind

import (
	"slices"
	"strings"
)

//go:generate go run ../../cmd/cloudgen -metadata ../emulator/metadata.json -out clouds_data.go

// Lacking is what one cloud does not have of a kind that the global cloud has.
type Lacking struct {
	// All says that the cloud has no such objects.
	All bool
	// Parts are the properties ("spec/verifiedPublisher"), links ("links/…") and contained
	// collections ("contained/…") that objects do not have there, sorted. Properties are among
	// them only where they are asked for by name: any other answer says itself what it holds.
	Parts []string
	// Deleted says that the cloud does not show deleted objects, and takes none back.
	Deleted bool
}

// Lacking returns what a cloud does not have of the kind, by the name that
// the graph package gives the cloud. The zero value is that of the global cloud.
func (k *Kind) Lacking(cloud string) Lacking {
	if cloud == "usgov-dod" {
		cloud = "usgov" // both clouds of the US Government have one metadata
	}
	return clouds[cloud][k.Name]
}

// Lacks reports whether a part of the objects is not there.
func (l Lacking) Lacks(section, name string) bool {
	return slices.Contains(l.Parts, section+"/"+name)
}

// Of returns the names of the parts that are not there of a section: "spec", "links" or
// "contained".
func (l Lacking) Of(section string) []string {
	var names []string
	for _, part := range l.Parts {
		if name, ok := strings.CutPrefix(part, section+"/"); ok {
			names = append(names, name)
		}
	}
	return names
}
