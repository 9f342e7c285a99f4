package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Selected is one selected object.
type Selected struct {
	// Want is the object as the snapshot has it, Read what the snapshot read of it.
	Want *entra.Object
	Read entra.Extent
	// Now is the object as the tenant has it: nil where it does not exist, its deleted item
	// where it can be taken back.
	Now     *entra.Object
	Deleted bool
}

// Add adds a selected object. What both sides read and is equal is only counted, so that
// memory grows with the differences and not with the selection. [Input.Now] must say what
// was read of the object.
func (in *Input) Add(o Selected) {
	want, now := o.Want, o.Now
	k := kind.ByName(want.Kind)
	own := false // something to tell of this object alone
	for _, side := range in.sides(want.Key, o.Read) {
		for _, part := range selectedParts(k, in.Parts) {
			l := side.extent.Lack(part)
			if l == nil {
				continue
			}
			own = own || l.Own || part == ""
			if part == "" {
				break // which says all of it
			}
			if !l.Own {
				in.note(k, part, l)
			}
		}
	}
	own = own || len(in.lacked(k, want)) > 0 || len(in.goneExtensions(k, want, o.Read)) > 0
	if now != nil && !o.Deleted && !own && diff.Objects(k, now, want, in.read(want.Key, o.Read)) == nil {
		in.matched++
		return
	}
	if in.snapshot == nil {
		in.Want, in.Live, in.Deleted = map[entra.Key]*entra.Object{}, map[entra.Key]*entra.Object{}, map[entra.Key]bool{}
		in.snapshot = map[entra.Key]entra.Extent{}
	}
	in.Want[want.Key] = want
	if now != nil {
		in.Live[want.Key] = now
	}
	in.snapshot[want.Key] = o.Read
	if o.Deleted {
		in.Deleted[want.Key] = true
	}
}

// AddNeighbour adds an object that nobody selected and that names what is created under
// another identity: as it is, and as it should be, both by the identities of the snapshot.
func (in *Input) AddNeighbour(now, want *entra.Object, read entra.Extent) {
	if in.neighbours == nil {
		in.neighbours = map[entra.Key]bool{}
	}
	in.Want[now.Key], in.Live[now.Key], in.snapshot[now.Key] = want, now, read
	in.neighbours[now.Key] = true
}

// Selected counts the objects that were added.
func (in *Input) Selected() int { return in.matched + len(in.Want) }

// Empty reports whether the selection means nothing: no object of the snapshot, none that
// was added since, and no kind of which that is not known.
func (in *Input) Empty() bool {
	return in.Selected()+len(in.Added)+len(in.unread) == 0
}

func (in *Input) read(key entra.Key, snapshot entra.Extent) diff.Read {
	return diff.Read{Before: in.Now[key.Kind].Of(key.ID), After: snapshot}
}

// side is one side of the comparison of an object.
type side struct {
	extent entra.Extent
	now    bool
}

func (in *Input) sides(key entra.Key, snapshot entra.Extent) []side {
	return []side{{snapshot, false}, {in.Now[key.Kind].Of(key.ID), true}}
}

// note notes a part that a side read of no object of the kind.
func (in *Input) note(k *kind.Kind, part string, l *entra.Lack) {
	_, name, _ := strings.Cut(part, "/")
	if in.unread == nil {
		in.unread = map[entra.Unread]bool{}
	}
	in.unread[entra.Unread{Kind: k.Name, Link: name, State: l.State, Cause: l.Cause}] = true
}

// NoteUnlisted notes that nobody can tell whether objects were added to a kind, or
// whether the object with the id was.
func (in *Input) NoteUnlisted(k *kind.Kind, id string, state entra.CoverageState, cause string) {
	if in.unread == nil {
		in.unread = map[entra.Unread]bool{}
	}
	what := "whether anything was added is not known: "
	if id != "" {
		what = "whether it was added is not known: "
	}
	in.unread[entra.Unread{Kind: k.Name, ID: id, State: state, Cause: what + cmp.Or(cause, string(state))}] = true
}

func (in *Input) unreadParts() []entra.Unread {
	var all []entra.Unread
	for u := range in.unread {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b entra.Unread) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Link, b.Link), cmp.Compare(a.State, b.State), cmp.Compare(a.Cause, b.Cause))
	})
	return all
}

// selectedParts are the whole object and those of its parts that the selection touches and
// that can be restored, as [entra.Exception] names them.
func selectedParts(k *kind.Kind, parts []diff.Part) []string {
	selected := []string{""}
	add := func(section, name string) {
		tokens := []string{section, name}
		if len(parts) == 0 || slices.ContainsFunc(parts, func(p diff.Part) bool { return p.Touches(tokens) }) {
			selected = append(selected, section+"/"+name)
		}
	}
	for _, name := range k.Update {
		add(entra.SectionSpec, name)
	}
	for _, l := range k.Links {
		add(entra.SectionLinks, l.Name)
	}
	for i := range k.Contained {
		add(entra.SectionContained, k.Contained[i].Name)
	}
	return selected
}

// readable refuses what either side did not read of the object, and reports whether
// anything is left to be planned. What a side read of no object of the kind is noted by
// [Input.Add], once.
func (d *objectPlan) readable() bool {
	for _, part := range d.in.lacked(d.kind, d.in.Want[d.key]) {
		section, name, _ := strings.Cut(part, "/")
		d.refuse(jsonpointer.Join(section, name), "this tenant's cloud does not have it", "")
	}
	for _, part := range selectedParts(d.kind, d.in.Parts) {
		for _, side := range d.in.sides(d.key, d.in.snapshot[d.key]) {
			l := side.extent.Lack(part)
			if l == nil || !l.Own && part != "" {
				continue
			}
			d.unread(part, side.now, l)
			if part == "" {
				return false
			}
			break
		}
	}
	return true
}

// lacked lists the selected parts that the object has a value of and that this cloud does not
// have, as only an edited file can say.
func (in *Input) lacked(k *kind.Kind, want *entra.Object) []string {
	now := in.Now[k.Name].Of(want.ID)
	var parts []string
	for _, part := range selectedParts(k, in.Parts) {
		section, name, _ := strings.Cut(part, "/")
		has := want.Spec[name] != nil && section == entra.SectionSpec || len(want.Links[name]) > 0 && section == entra.SectionLinks ||
			len(want.Contained[name]) > 0 && section == entra.SectionContained
		if has && now.Absent(part) {
			parts = append(parts, part)
		}
	}
	return parts
}

// unread refuses a part because a side did not read it.
func (d *objectPlan) unread(part string, now bool, l *entra.Lack) {
	pointer := ""
	if section, name, ok := strings.Cut(part, "/"); ok {
		pointer = jsonpointer.Join(section, name)
	}
	cause := cmp.Or(l.Cause, string(l.State))
	if now {
		d.refuse(pointer, "it cannot be read now: "+cause, "")
		return
	}
	hint := ""
	if d.in.LastRead != nil {
		if point, ok := d.in.LastRead(d.key, part); ok {
			hint = "the newest snapshot that did is " + pointNumber(point)
		}
	}
	d.refuse(pointer, pointName(d.in.From)+" did not read it: "+cause, hint)
}

// pointName is what a person calls the source of a plan.
func pointName(p entra.Point) string {
	if p.Seq > 0 {
		return "snapshot " + pointNumber(p)
	}
	return p.String()
}

func pointNumber(p entra.Point) string { return strconv.Itoa(p.Seq) }
