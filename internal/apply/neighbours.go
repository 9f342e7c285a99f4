package apply

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// neighbours adds what must change or come back because objects are created under other
// identities, although nobody selected it: what belonged to them and went with them, and
// what still names them. It goes round until nothing more is created.
func (g *gathering) neighbours(ctx context.Context) error {
	done := map[entra.Name]bool{}
	for {
		fresh, kinds := g.fresh(done)
		if len(fresh) == 0 {
			return nil
		}
		maps.Copy(done, fresh)
		for _, k := range kind.All() {
			if k.Unavailable+k.NeverWritten != "" || !k.Leads(kinds) {
				continue
			}
			if err := g.around(ctx, k, fresh); err != nil {
				return err
			}
		}
		if err := g.companions(ctx); err != nil {
			return err
		}
	}
}

// fresh are the identities of selected objects that will be others, without those that are
// done, and the kinds that know them.
func (g *gathering) fresh(done map[entra.Name]bool) (names map[entra.Name]bool, kinds map[string]bool) {
	names, kinds = map[entra.Name]bool{}, map[string]bool{}
	note := func(want *entra.Object) {
		for _, r := range kind.ByName(want.Kind).Renewals(want) {
			for _, n := range kind.Shared(r.Identity()) {
				if !done[n] {
					names[n], kinds[n.Kind] = true, true
				}
			}
		}
	}
	for key, want := range g.in.Want {
		if g.in.Live[key] == nil && plan.Creatable(kind.ByName(key.Kind), want) {
			note(want)
		}
	}
	for key := range g.in.Deleted { // which cannot be taken back without what they belong to
		if want := g.in.Want[key]; dependent(kind.ByName(key.Kind), want, names) || dependent(kind.ByName(key.Kind), want, done) {
			note(want)
		}
	}
	return names, kinds
}

// around looks at one kind: in the snapshot for what named the identities, and in a kind of
// few objects also for what the tenant has that does.
func (g *gathering) around(ctx context.Context, k *kind.Kind, fresh map[entra.Name]bool) error {
	keys, was, err := g.near(ctx, k, fresh)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(key entra.Key) bool { return g.in.Want[key] != nil })
	for chunk := range slices.Chunk(keys, gathered) {
		if err := g.add(ctx, k, chunk, was, fresh); err != nil {
			return err
		}
	}
	return nil
}

// naming yields the snapshot's objects of a kind that name one of the identities.
func (g *gathering) naming(k *kind.Kind, fresh map[entra.Name]bool) iter.Seq2[*entra.Object, error] {
	return func(yield func(*entra.Object, error) bool) {
		for f, err := range g.from.Files(k.Name) {
			var o *entra.Object
			if err == nil {
				o, err = g.from.Object(k, f.Path)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if names(k, o, fresh) && !yield(o, nil) {
				return
			}
		}
	}
}

// names reports whether an object names one of the identities.
func names(k *kind.Kind, o *entra.Object, fresh map[entra.Name]bool) bool {
	for m := range k.NamesOf(o) {
		if m.Of(fresh) {
			return true
		}
	}
	return false
}

// add reads neighbours and adds those of which there is something to do.
func (g *gathering) add(ctx context.Context, k *kind.Kind, keys []entra.Key, was map[entra.Key]*entra.Object, fresh map[entra.Name]bool) error {
	live, err := readLive(ctx, g.src, identified(k, keys, was))
	if err != nil {
		return err
	}
	for name, cover := range live.Coverage {
		g.in.Now[name] = g.in.Now[name].Join(cover)
	}
	for _, key := range keys {
		want, now := was[key], live.Objects[key]
		var read entra.Extent
		if want != nil {
			if read, err = extentOf(g.from, key); err != nil {
				return err
			}
		}
		switch {
		case now == nil && want != nil && live.Deleted[key] == nil && dependent(k, want, fresh):
			g.in.Add(plan.Selected{Want: want, Read: read})
		case now == nil || live.Unwritable[key] != "":
		default:
			if want == nil {
				read = live.Coverage[k.Name].Of(key.ID)
			}
			if to, changed := readdressed(k, now, want, read, fresh); changed {
				g.in.AddNeighbour(now, to, read)
			}
		}
	}
	return nil
}

// dependent reports whether an object belongs to one of the identities: it is given one when
// it is created, and never again.
func dependent(k *kind.Kind, o *entra.Object, fresh map[entra.Name]bool) bool {
	for _, name := range k.Create {
		for m := range k.Shape.Mentions("", name, o.Spec[name]) {
			if m.Of(fresh) {
				return true
			}
		}
	}
	return false
}

// readdressed is a live object as it should be once the identities lead to objects again:
// as it is, with the links and contained objects to them that the snapshot has. It reports
// whether there is anything to do.
func readdressed(k *kind.Kind, now, want *entra.Object, read entra.Extent, fresh map[entra.Name]bool) (*entra.Object, bool) {
	to, changed := *now, names(k, now, fresh)
	if want == nil {
		return &to, changed
	}
	to.Links, to.Contained = maps.Clone(now.Links), maps.Clone(now.Contained)
	for m := range k.NamesOf(want) {
		tokens := jsonpointer.Split(m.Pointer)
		if !m.Of(fresh) || read.Lack(tokens[0]+"/"+tokens[1]) != nil {
			continue
		}
		switch tokens[0] {
		case entra.SectionLinks:
			if !follows(k, now, m.Pointer) {
				changed = relinked(&to, tokens[1], m.Referent) || changed
			}
		case entra.SectionContained:
			changed = refilled(k, &to, want, tokens) || changed
		}
	}
	return &to, changed
}

// relinked links an object where it is not linked, and reports whether it was not.
func relinked(o *entra.Object, link, id string) bool {
	if slices.Contains(o.Links[link], id) {
		return false
	}
	if o.Links == nil {
		o.Links = map[string][]string{}
	}
	o.Links[link] = slices.Sorted(slices.Values(append(slices.Clone(o.Links[link]), id)))
	return true
}

// refilled puts an element of the snapshot where the object has none with its key, or one
// that names what is gone, and reports whether that changes anything.
func refilled(k *kind.Kind, o, want *entra.Object, tokens []string) bool {
	i := slices.IndexFunc(k.Contained, func(c kind.Contained) bool { return c.Name == tokens[1] })
	n, err := strconv.Atoi(tokens[2])
	c := &k.Contained[i]
	if err != nil || c.UpdateOnly {
		return false
	}
	element := want.Contained[c.Name][n]
	key, _ := c.KeyOf(element)
	elements := slices.DeleteFunc(slices.Clone(o.Contained[c.Name]), func(e map[string]any) bool {
		other, _ := c.KeyOf(e)
		return other == key
	})
	if o.Contained == nil {
		o.Contained = map[string][]map[string]any{}
	}
	o.Contained[c.Name] = append(elements, element)
	return true
}

// follows reports whether a link of an object follows from something else, such as a rule, so
// that its targets come by themselves.
func follows(k *kind.Kind, o *entra.Object, pointer string) bool {
	tokens := jsonpointer.Split(pointer)
	return slices.ContainsFunc(k.Locks, func(l kind.Lock) bool {
		return slices.Contains(l.Parts, tokens[0]+"/"+tokens[1]) && kind.Meets(l.When, o.Property)
	})
}
