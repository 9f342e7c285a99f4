package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/kind/csdl"
)

// What the table of resources says is held against Microsoft's metadata, navigation by
// navigation from the entity container.
func TestTableIsAsTheMetadata(t *testing.T) {
	m := readCSDL(t)
	for _, r := range allResources {
		for _, complaint := range slices.Concat(wrongPlaces(m, r), wrongMembers(m, r)) {
			t.Errorf("%s: %s", r.path, complaint)
		}
	}
}

func readCSDL(t *testing.T) *csdl.Metadata {
	t.Helper()
	m, err := csdl.Read("metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A table that says something else is found out.
func TestAWrongTableIsFound(t *testing.T) {
	m := readCSDL(t)
	_, groups := groupsResource()
	for name, spoil := range map[string]func(r *resource){
		"a path that is not there":          func(r *resource) { r.path = "/group" },
		"a path of another type":            func(r *resource) { r.path = "/users" },
		"a base's type":                     func(r *resource) { r.typ = "directoryObject" },
		"a singleton that is a collection":  func(r *resource) { r.singleton = true },
		"an action that is not there":       func(r *resource) { r.actions = map[string]action{"changePassword": nil} },
		"an action of the list":             func(r *resource) { r.listActions = map[string]action{"assignLicense": nil} },
		"a link that is single":             func(r *resource) { r.links = []link{{name: "members", single: true}} },
		"a link to what it cannot hold":     func(r *resource) { r.links = []link{{name: "members", to: []string{"domain"}}} },
		"a view of another type":            func(r *resource) { r.views = []view{{name: "memberOf", typ: "user"}} },
		"a property that is not there":      func(r *resource) { r.readOnly = []string{"accountEnabled"} },
		"a text that is none":               func(r *resource) { r.texts = map[string]text{"mailEnabled": {most: 1}} },
		"a secret that is not there":        func(r *resource) { r.secret = []string{"passwordProfile.password"} },
		"a default of another type":         func(r *resource) { r.defaults = object{"mailEnabled": "yes"} },
		"a date of creation that is none":   func(r *resource) { r.created = "displayName" },
		"a picture that is none":            func(r *resource) { r.streams = []string{"displayName"} },
		"merging what has no parts":         func(r *resource) { r.merge = []string{"displayName"} },
		"emptying what may be null":         func(r *resource) { r.emptied = []string{"displayName"} },
		"a relationship to one that is not": func(r *resource) { r.toOne = []toOne{{name: "members"}} },
		"contained objects that are none":   func(r *resource) { r.holds = []string{"displayName"} },
		"what is computed and required": func(r *resource) {
			r.typ, r.path, r.required = "application", "/applications", []string{"createdByAppId"}
			r.createOnly = nil
		},
	} {
		r := *groups
		spoil(&r)
		if len(wrongPlaces(m, &r))+len(wrongMembers(m, &r)) == 0 {
			t.Errorf("%s: nothing is wrong", name)
		}
	}
}

func groupsResource() (int, *resource) {
	i := slices.IndexFunc(allResources, func(r *resource) bool { return r.path == "/groups" })
	return i, allResources[i]
}

// wrongPlaces says which addresses the metadata has not, or has otherwise.
func wrongPlaces(m *csdl.Metadata, r *resource) []string {
	var wrong []string
	check := func(path, typ string, collection bool, operation string) {
		p, err := m.Resolve(strings.ReplaceAll(path, "*", "ID"))
		switch {
		case err != nil:
			wrong = append(wrong, err.Error())
		case p.Collection != collection || p.Operation != operation:
			wrong = append(wrong, fmt.Sprintf("%s is %+v", path, p))
		case typ != "" && p.Type != typ:
			wrong = append(wrong, fmt.Sprintf("%s is of %s, not %s", path, p.Type, typ))
		}
	}
	list, item := r.path, r.path+"/*"
	if r.ofType != "" {
		at := strings.LastIndexByte(list, '/')
		list = list[:at] + "/" + namespace + r.ofType + list[at:]
		item = list + "/*"
	}
	if r.singleton {
		item = list
	}
	check(list, r.typ, !r.singleton, "")
	for name := range r.actions {
		check(cast(m, item, r, name), "", false, name)
	}
	if r.tracked != nil {
		check(list+"/delta", "", true, "delta()")
		for _, name := range slices.Concat(r.tracked.links, r.tracked.always) {
			if r.link(name) == nil {
				wrong = append(wrong, "tracked names "+name)
			}
		}
	}
	for name := range r.listActions {
		check(list+"/"+name, "", true, name)
	}
	for _, name := range r.streams {
		check(item+"/"+name, "Stream", false, "")
	}
	for _, l := range r.links {
		check(item+"/"+l.name, "", !l.single, "")
	}
	for _, v := range r.views {
		check(item+"/"+v.name, v.typ, true, "")
	}
	return wrong
}

// wrongMembers says which properties and relationships the metadata has not, or has otherwise.
func wrongMembers(m *csdl.Metadata, r *resource) []string {
	var wrong []string
	members := m.Members(r.typ, true)
	check := func(list, path string, fits func(csdl.Member) bool) {
		member := memberAt(m, r.typ, path)
		if member.Name == "" || !fits(member) {
			wrong = append(wrong, fmt.Sprintf("%s names %s, which is %+v", list, path, member))
		}
	}
	property := func(member csdl.Member) bool { return !member.Navigation }
	any := func(csdl.Member) bool { return true }
	date := func(member csdl.Member) bool { return member.Type == "DateTimeOffset" }
	object := func(member csdl.Member) bool { return m.Types[member.Type] != nil && !member.Collection }
	contained := func(member csdl.Member) bool { return member.Navigation && member.Collection }
	for list, names := range map[string][]string{
		"readOnly": r.readOnly, "alone": r.alone, "delegated": r.delegated, "selectOnly": r.selectOnly, "byDefault": r.byDefault,
		"alternate": r.alternate, "bare": r.bare, "scope": r.scope, "needs": r.needs, "secret": r.secret, "masked": r.masked,
	} {
		for _, name := range names {
			check(list, name, property)
		}
	}
	for _, name := range slices.Concat(r.createOnly, r.required) {
		check("createOnly or required", name, func(csdl.Member) bool { return !slices.Contains(m.Computed[r.typ], name) && !computedLater(m, r, name) })
	}
	for _, name := range slices.Concat([]string{r.modified, r.created}) {
		if name != "" {
			check("modified or created", name, date)
		}
	}
	for name := range r.texts {
		check("texts", name, func(member csdl.Member) bool { return member.Type == "String" && !member.Collection })
	}
	for _, name := range r.merge {
		check("merge", name, object)
	}
	for _, name := range r.emptied {
		check("emptied", name, func(member csdl.Member) bool { return object(member) && member.Required })
	}
	for _, name := range slices.Concat(r.inline, r.holds) {
		check("inline or holds", name, contained)
	}
	for name, value := range r.defaults {
		check("defaults", name, func(member csdl.Member) bool { return m.Fits(member, value) == nil })
	}
	for _, one := range r.toOne {
		check("toOne", one.name, func(member csdl.Member) bool { return member.Navigation && !member.Collection })
		if one.property != "" {
			check("toOne", one.property, property)
		}
	}
	for _, u := range r.unique {
		check("unique", u.property, property)
	}
	for _, ref := range r.refs {
		check("refs", ref.path, any)
	}
	for path := range r.embed {
		check("embed", path, any)
	}
	for _, name := range slices.AppendSeq(slices.Clone(r.itemOnly), maps.Keys(r.byAction)) {
		check("itemOnly or byAction", name, any)
	}
	for _, l := range r.locks {
		for _, part := range slices.Concat(l.parts, l.except) {
			if members[part].Name == "" && part != "extension_" {
				wrong = append(wrong, "locks names "+part)
			}
		}
	}
	for _, l := range r.links {
		for _, to := range l.to {
			if nav := members[l.name]; m.Types[to] != nil && !m.IsA(to, nav.Type) {
				wrong = append(wrong, l.name+" cannot hold "+to)
			}
		}
	}
	return wrong
}

// computedLater reports whether only Graph gives a property a value, at creation.
func computedLater(m *csdl.Metadata, r *resource, name string) bool {
	return slices.Contains(m.Immutable[r.typ], name)
}

// memberAt returns the member that a dotted path leads to, through any derived type; "*" is
// one that has parts.
func memberAt(m *csdl.Metadata, typ, path string) csdl.Member {
	var member csdl.Member
	for name := range strings.SplitSeq(path, ".") {
		members := m.Members(typ, true)
		member = members[strings.TrimSuffix(name, "[]")]
		for _, other := range members {
			if name == "*" && m.Types[other.Type] != nil {
				member = other
			}
		}
		typ = member.Type
	}
	return member
}

// cast puts the type into an action's address that only one derived type has.
func cast(m *csdl.Metadata, item string, r *resource, name string) string {
	for _, typ := range slices.Sorted(maps.Keys(m.Operations)) {
		if _, ok := m.Operations[typ][name]; ok && typ != r.typ && m.IsA(typ, r.typ) {
			return item + "/" + namespace + typ + "/" + name
		}
	}
	return item + "/" + name
}
