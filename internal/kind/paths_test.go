package kind_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/kind/csdl"
)

// Every address that the table of kinds gives leads, navigation by navigation from the entity
// container, to what the table says is there.
func TestEveryAddressIsOneOfMicrosofts(t *testing.T) {
	m := readMetadata(t)
	for _, k := range kind.All() {
		for _, complaint := range wrongAddresses(m, k) {
			t.Errorf("%s: %s", k.Name, complaint)
		}
	}
}

// A table that says something else is found out.
func TestAWrongAddressIsFound(t *testing.T) {
	m := readMetadata(t)
	for name, spoil := range map[string]func(k *kind.Kind){
		"a collection that is not there":   func(k *kind.Kind) { k.Path = "/identity/groups" },
		"a collection of another type":     func(k *kind.Kind) { k.Path = "/users" },
		"a singleton that is a collection": func(k *kind.Kind) { k.Singleton = true },
		"a cast to another type":           func(k *kind.Kind) { k.Deletion.DeletedPath = "/directory/deletedItems/microsoft.graph.user" },
		"a link that is not there":         func(k *kind.Kind) { k.Links = append(slices.Clone(k.Links), kind.Link{Name: "managers"}) },
		"a link to what it cannot hold":    func(k *kind.Kind) { k.Links = []kind.Link{{Name: "members", Targets: []string{"domains"}}} },
		"contained objects elsewhere": func(k *kind.Kind) {
			k.Contained = []kind.Contained{{Name: "members", Shape: kind.Shape{Type: "microsoft.graph.domain"}}}
		},
		"an action of another type": func(k *kind.Kind) { k.Actions = []kind.Action{{Name: "changePassword"}} },
		"a key that is no property": func(k *kind.Kind) { k.Aliases = []string{"groupName"} },
		"a parameter of no action": func(k *kind.Kind) {
			k.Actions = []kind.Action{{Name: "assignLicense", Add: "add", Remove: "removeLicenses"}}
		},
	} {
		k := *kind.ByName("groups")
		spoil(&k)
		if len(wrongAddresses(m, &k)) == 0 {
			t.Errorf("%s: nothing is wrong", name)
		}
	}
	if got := wrongAddresses(m, kind.ByName("groups")); len(got) > 0 {
		t.Errorf("groups as they are: %q", got)
	}
}

// addressed is an address with what must be there.
type addressed struct {
	path       string
	typ        string // without namespace; empty for any
	collection bool
	operation  string
}

// wrongAddresses says what of a kind's addresses the metadata has not or has otherwise.
func wrongAddresses(m *csdl.Metadata, k *kind.Kind) []string {
	wrong := wrongNames(m, k)
	for _, a := range slices.Concat(placesOf(k), partsOf(k), operationsOf(k)) {
		p, err := m.Resolve(a.path)
		switch {
		case err != nil:
			wrong = append(wrong, err.Error())
		case a.typ != "" && p.Type != a.typ && !slices.Contains(m.Derived(a.typ), p.Type) && !m.IsA(a.typ, p.Type):
			wrong = append(wrong, a.path+" is of "+p.Type+", not "+a.typ)
		case p.Collection != a.collection:
			wrong = append(wrong, a.path+" is a collection or is not, other than the table says")
		case p.Operation != a.operation:
			wrong = append(wrong, a.path+" is no operation "+a.operation)
		}
	}
	return wrong
}

func bareType(typ string) string { return strings.TrimPrefix(typ, "microsoft.graph.") }

// placesOf are where objects are listed, read, and found when they are deleted.
func placesOf(k *kind.Kind) []addressed {
	a, typ := kind.Addresses{Tenant: "T"}, bareType(k.Type)
	all := []addressed{{path: a.Collection(k), typ: typ, collection: !k.Singleton || k.Listed}, {path: a.Object(k, "ID"), typ: typ}}
	if k.Deletion.Mode == kind.DeleteSoft {
		all = append(all,
			addressed{path: k.Deletion.DeletedPath, typ: typ, collection: true},
			addressed{path: a.Deleted(k, "ID"), typ: typ},
			addressed{path: a.DeletedAsType(k, "ID"), typ: typ},
			addressed{path: a.Restore(k, "ID"), operation: "restore"})
	}
	return all
}

// partsOf are the links and contained collections of an object, and the requests about them.
func partsOf(k *kind.Kind) []addressed {
	a := kind.Addresses{Tenant: "T"}
	var all []addressed
	for _, l := range k.Links {
		all = append(all, addressed{path: a.Object(k, "ID", l.Name), collection: !l.Single})
		for _, target := range l.Targets {
			all = append(all, addressed{path: a.Object(k, "ID", l.Name), typ: bareType(kind.ByName(target).Type), collection: !l.Single})
		}
	}
	for i := range k.Contained {
		c := &k.Contained[i]
		all = append(all,
			addressed{path: a.Part(k, c, "ID"), typ: bareType(c.Type), collection: !c.Single},
			addressed{path: a.Element(k, c, "ID", "ELEMENT"), typ: bareType(c.Type)})
	}
	return all
}

// operationsOf are the actions by which properties are written, and the collections that take
// requests.
func operationsOf(k *kind.Kind) []addressed {
	a := kind.Addresses{Tenant: "T"}
	var all []addressed
	for _, action := range k.Actions {
		all = append(all, addressed{path: a.Object(k, "ID", action.Name), operation: action.Name})
	}
	requests := []*kind.Requests{k.Requests}
	for _, c := range k.Contained {
		requests = append(requests, c.Requests)
	}
	for _, r := range requests {
		if r != nil {
			all = append(all, addressed{path: r.Path, collection: true})
		}
	}
	if k.Transient != nil {
		all = append(all, addressed{path: k.Transient.Path, collection: true})
	}
	return all
}

// wrongNames says which names of keys and parameters the metadata does not have.
func wrongNames(m *csdl.Metadata, k *kind.Kind) []string {
	var wrong []string
	members := m.Members(k.Type, true)
	for _, name := range slices.Concat(k.Aliases, []string{k.IDFrom, k.Deletion.Prefixed}) {
		if name != "" && members[name].Name == "" {
			wrong = append(wrong, "there is no "+name)
		}
	}
	for _, action := range k.Actions {
		p, err := m.Resolve(kind.Addresses{Tenant: "T"}.Object(k, "ID", action.Name))
		names := []string{action.Add, action.Remove, action.Wrap}
		if action.Add+action.Wrap == "" {
			names = append(names, action.Properties...)
		}
		for _, name := range names {
			if _, ok := p.Parameters[name]; name != "" && (err != nil || !ok) {
				wrong = append(wrong, action.Name+" has no parameter "+name)
			}
		}
	}
	return wrong
}

// What no two objects may share is looked for by a filter that Graph takes, or by an alternate
// key.
func TestUniqueValuesCanBeLookedFor(t *testing.T) {
	m := readMetadata(t)
	for _, k := range kind.All() {
		for _, u := range k.Unique {
			filters, known := m.Filters[bareType(k.Type)]
			if filterable := filters[u.Held()] != ""; known && filterable == u.Key {
				t.Errorf("%s: %s: filterable is %t and Key is %t", k.Name, u.Held(), filterable, u.Key)
			}
			p, err := m.Resolve(kind.Addresses{Tenant: "T"}.Referred(k, u.Held(), "x"))
			if u.Key && (err != nil || !p.Key) {
				t.Errorf("%s: %s is no key: %v", k.Name, u.Held(), err)
			}
		}
	}
}
