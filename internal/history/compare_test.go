package history

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// world is a tenant as a random history leaves it.
type world struct {
	objects  map[entra.Key]*entra.Object
	noted    map[entra.Key]bool // whose file has a comment
	closed   map[entra.Key]bool // groups whose members were not read
	shard    int                // of the groups
	unlisted bool               // the named locations were not read
}

// step changes a few things.
func (w world) step(rnd *rand.Rand, n int) (world, []entra.Succession) {
	w.objects, w.noted, w.closed = maps.Clone(w.objects), maps.Clone(w.noted), maps.Clone(w.closed)
	var lineage []entra.Succession
	w.unlisted = rnd.IntN(12) == 0
	if rnd.IntN(6) == 0 {
		w.shard = []int{0, 2, 3}[rnd.IntN(3)]
	}
	for i := range 1 + rnd.IntN(6) {
		keys := slices.SortedFunc(maps.Keys(w.objects), func(a, b entra.Key) int { return strings.Compare(a.String(), b.String()) })
		key := keys[rnd.IntN(len(keys))]
		was := w.objects[key]
		fresh := fmt.Sprintf("%02x%06x-0000-4000-8000-000000000000", rnd.IntN(256), n*100+i)
		switch rnd.IntN(8) {
		case 0:
			w.objects[entra.Key{Kind: "groups", ID: fresh}] = group(fresh, fmt.Sprint("Group ", n), "u1", "u2")
		case 1:
			w.objects[entra.Key{Kind: "namedLocations", ID: fresh}] = location(fresh, fmt.Sprint("Place ", n))
		case 2:
			delete(w.objects, key)
		case 3:
			w.noted[key] = !w.noted[key]
		case 4:
			w.closed[key] = !w.closed[key]
		case 5:
			if key.Kind == "groups" {
				delete(w.objects, key)
				w.objects[entra.Key{Kind: "groups", ID: fresh}] = group(fresh, was.Name, was.Links["members"]...)
				lineage = append(lineage, entra.Succession{Kind: "groups", Old: key.ID, New: fresh, When: epoch})
			}
		case 6:
			if key.Kind == "groups" {
				w.objects[key] = group(key.ID, was.Name, "u1", fmt.Sprint("u", rnd.IntN(5)))
			}
		default:
			other := *was
			other.Name = fmt.Sprint("Name ", rnd.IntN(9))
			other.Spec = maps.Clone(was.Spec)
			other.Spec["displayName"] = other.Name
			w.objects[key] = &other
		}
	}
	return w, lineage
}

// manifest says what was read.
func (w world) manifest() entra.Manifest {
	m := covering("groups", "namedLocations", "authorizationPolicy")
	groups := m.Kinds["groups"]
	groups.Shard = w.shard
	for key := range w.closed {
		if w.closed[key] && w.objects[key] != nil && key.Kind == "groups" {
			groups = groups.Except(entra.Exception{ID: key.ID, Part: "links/members", Cause: "busy"})
		}
	}
	m.Kinds["groups"] = groups
	if w.unlisted {
		m.Kinds["namedLocations"] = entra.Coverage{State: entra.Forbidden, Cause: "no right"}
	}
	return m
}

// files are the world's files by path.
func (w world) files(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for key, o := range w.objects {
		k := kind.ByName(key.Kind)
		path, err := canon.Path(k, w.shard, o.ID, o.Name)
		must(t, err)
		_, content := file(t, o)
		if w.noted[key] {
			content = strings.Replace(content, "- u1\n", "- u1 # users: Ada\n", 1)
		}
		files[path] = content
	}
	return files
}

// told are the changes between two worlds, found without a file: each object of one is looked
// for in the other.
func told(a, b world, lines entra.Lines) map[entra.Key]*entra.Change {
	changes := map[entra.Key]*entra.Change{}
	ma, mb := a.manifest(), b.manifest()
	change := func(before, after *entra.Object, first, last entra.Key) {
		if !ma.Kinds[first.Kind].Read() || !mb.Kinds[first.Kind].Read() {
			return
		}
		read := diff.Read{Before: ma.Kinds[first.Kind].Of(first.ID), After: mb.Kinds[last.Kind].Of(last.ID)}
		c := diff.Objects(kind.ByName(first.Kind), before, after, read)
		if first != last {
			if c == nil {
				c = &entra.Change{Key: after.Key, Name: after.Name, Type: entra.Changed}
			}
			c.OldID = first.ID
		}
		if c != nil {
			changes[c.Key] = c
		}
	}
	for key, before := range a.objects {
		after, last := b.objects[key], key
		if after == nil {
			for other, o := range b.objects {
				if lines.Key(other) == lines.Key(key) && a.objects[other] == nil {
					after, last = o, other
				}
			}
		}
		change(before, after, key, last)
	}
	for key, after := range b.objects {
		if a.objects[key] != nil || slices.ContainsFunc(slices.Collect(maps.Keys(a.objects)), func(other entra.Key) bool {
			return lines.Key(other) == lines.Key(key) && b.objects[other] == nil
		}) {
			continue
		}
		change(nil, after, key, key)
	}
	return changes
}

// overlay reads a world as the tenant now, over a snapshot.
func overlay(t *testing.T, base *Point, w world) *Point {
	t.Helper()
	live, err := NewLive(base)
	must(t, err)
	t.Cleanup(func() { must(t, live.Close()) })
	files := w.files(t)
	for path, err := range base.Tree().Paths("tenant") {
		must(t, err)
		if files[path] == "" {
			must(t, live.Delete(path))
		}
	}
	for path, content := range files {
		_, err := live.Put(path, []byte(content))
		must(t, err)
	}
	return live.Point(w.manifest(), epoch)
}

// Of two snapshots, and of a snapshot and the tenant now, a comparison tells every difference
// and nothing else, whatever folders it need not open: objects that came, went, moved, were
// renamed or created again, folders that were split anew, comments, and what was not read.
func TestCompareFindsEveryDifference(t *testing.T) {
	t.Parallel()
	const snapshots, pairs = 12, 40
	rnd := rand.New(rand.NewPCG(4, 9))
	w := world{objects: map[entra.Key]*entra.Object{}, noted: map[entra.Key]bool{}, closed: map[entra.Key]bool{}, shard: 2}
	for i := range 40 {
		id := fmt.Sprintf("%02x%06x-0000-4000-8000-000000000000", i*7%256, i)
		w.objects[entra.Key{Kind: "groups", ID: id}] = group(id, fmt.Sprint("Name ", i%9), "u1")
	}
	policy := &entra.Object{Key: entra.Key{Kind: "authorizationPolicy", ID: "authorizationPolicy"}, Name: "Policy", Spec: map[string]any{"displayName": "Policy"}}
	w.objects[policy.Key] = policy
	a := newArchive(t)
	var worlds []world
	var lineage entra.Lineage
	present := map[string]string{}
	for n := range snapshots {
		var more []entra.Succession
		w, more = w.step(rnd, n+1)
		lineage = lineage.Merge(more...)
		if w.objects[policy.Key] == nil {
			w.objects[policy.Key] = policy
		}
		worlds = append(worlds, w)
		files := w.files(t)
		for path := range present {
			if _, stays := files[path]; !stays {
				files[path] = "" // to be deleted
			}
		}
		a.snapshot(w.manifest(), files)
		present = w.files(t)
	}
	lines, found := lineage.Lines(), 0
	for range pairs {
		i, j, over := rnd.IntN(snapshots), rnd.IntN(snapshots), rnd.IntN(snapshots)
		from, to := a.at(fmt.Sprint("seq:", i+1)), a.at(fmt.Sprint("seq:", j+1))
		want := told(worlds[i], worlds[j], lines)
		for name, second := range map[string]*Point{"": to, " now": overlay(t, a.at(fmt.Sprint("seq:", over+1)), worlds[j])} {
			set, err := diff.Compare(from, second, diff.Options{Lineage: lines})
			must(t, err)
			got := map[entra.Key]*entra.Change{}
			for n := range set.Changes {
				got[set.Changes[n].Key] = &set.Changes[n]
			}
			if d := cmp.Diff(want, got); d != "" || len(got) != len(set.Changes) {
				t.Errorf("%d to %d%s over %d (-want +got):\n%s", i+1, j+1, name, over+1, d)
			}
			found += len(got)
		}
	}
	if found < pairs {
		t.Errorf("%d differences were there to be found", found)
	}
}

// counted counts the folders that are opened and the files that are read.
type counted struct {
	files
	folders, read int
}

func (c *counted) Folder(path string) ([]diff.Entry, error) {
	c.folders++
	return c.files.Folder(path)
}

func (c *counted) Read(path string) ([]byte, error) {
	c.read++
	return c.files.Read(path)
}

// What is the same on both sides costs nothing: of 256 folders the one is opened whose file
// differs, of the tenant now as of a snapshot, and where exceptions or a lineage name objects,
// theirs.
func TestCompareOpensWhatDiffers(t *testing.T) {
	t.Parallel()
	w := world{objects: map[entra.Key]*entra.Object{}, shard: 2}
	var keys []entra.Key
	for i := range 256 {
		id := fmt.Sprintf("%02x000000-0000-4000-8000-000000000000", i)
		keys = append(keys, entra.Key{Kind: "groups", ID: id})
		w.objects[keys[i]] = group(id, "Group", "u1")
	}
	a := newArchive(t)
	a.snapshot(w.manifest(), w.files(t))
	w.objects[keys[9]] = group(keys[9].ID, "Renamed", "u1")
	w.closed = map[entra.Key]bool{keys[9]: true, keys[10]: true}
	a.snapshot(w.manifest(), w.files(t))
	lines := entra.Lineage{{Kind: "groups", Old: "gone", New: keys[11].ID, When: epoch}}.Lines()
	for name, second := range map[string]*Point{"a snapshot": a.at("seq:2"), "the tenant now": overlay(t, a.at("seq:1"), w)} {
		from := a.at("seq:1")
		before, after := &counted{files: from.files}, &counted{files: second.files}
		from.files, second.files = before, after
		set, err := diff.Compare(from, second, diff.Options{Lineage: lines})
		must(t, err)
		if len(set.Changes) != 1 || len(set.Unread) != 2 {
			t.Fatalf("%s: %d changes, not read %v", name, len(set.Changes), set.Unread)
		}
		if folders, files := before.folders+after.folders, before.read+after.read; folders > 20 || files > 4 {
			t.Errorf("%s: %d folders were opened and %d files read", name, folders, files)
		}
	}
}
