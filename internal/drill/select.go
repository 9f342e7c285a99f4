package drill

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// chooser finds the objects of a snapshot that a scenario means.
type chooser struct {
	from *history.Point
	// scenario and seed say which of many are taken: the same ones each time.
	scenario string
	seed     uint64
	mentions map[string]map[string]bool // by kind, the identities that its objects hold
}

// chosen returns the objects that a choice means, in an order that the seed decides and that
// is the same for each choice of a kind: a smaller share is part of a larger one.
func (c *chooser) chosen(choice *Choice) ([]*entra.Object, error) {
	k := kind.ByName(choice.For)
	if !c.from.Manifest().Kinds[k.Name].Read() {
		return nil, nil
	}
	var mentioned map[string]bool
	if choice.MentionedBy != "" {
		var err error
		if mentioned, err = c.mentionedBy(kind.ByName(choice.MentionedBy)); err != nil {
			return nil, err
		}
	}
	var all []*entra.Object
	for f, err := range c.from.Files(k.Name) {
		if err != nil {
			return nil, err
		}
		o, err := c.from.Object(k, f.Path)
		if err != nil {
			return nil, err
		}
		if choice.matches(o) && (mentioned == nil || mentioned[o.ID] || mentioned[o.Text("appId")]) {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *entra.Object) int { return strings.Compare(c.lot(a.Key), c.lot(b.Key)) })
	return all, nil
}

// lot decides where an object comes among those of its kind.
func (c *chooser) lot(key entra.Key) string {
	sum := sha256.Sum256([]byte(c.scenario + "\x00" + strconv.FormatUint(c.seed, 10) + "\x00" + key.String()))
	return string(sum[:])
}

// guid returns the n-th new GUID of the scenario, of version 4's form.
func (c *chooser) guid(n int) string {
	sum := sha256.Sum256([]byte(c.scenario + "\x00new\x00" + strconv.FormatUint(c.seed, 10) + "\x00" + strconv.Itoa(n)))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// mentionedBy returns the identities that the objects of a kind hold.
func (c *chooser) mentionedBy(k *kind.Kind) (map[string]bool, error) {
	if known := c.mentions[k.Name]; known != nil {
		return known, nil
	}
	found := map[string]bool{}
	for f, err := range c.from.Files(k.Name) {
		if err != nil {
			return nil, err
		}
		o, err := c.from.Object(k, f.Path)
		if err != nil {
			return nil, err
		}
		for m := range k.Mentions(documentOf(o)) {
			found[m.Referent] = true
		}
	}
	if c.mentions == nil {
		c.mentions = map[string]map[string]bool{}
	}
	c.mentions[k.Name] = found
	return found, nil
}

// documentOf is an object as its file's value.
func documentOf(o *entra.Object) map[string]any {
	links := map[string]any{}
	for name, ids := range o.Links {
		list := make([]any, len(ids))
		for i, id := range ids {
			list[i] = id
		}
		links[name] = list
	}
	contained := map[string]any{}
	for name, elements := range o.Contained {
		contained[name] = asAny(elements)
	}
	return map[string]any{
		entra.SectionSpec: o.Spec, entra.SectionStatus: o.Status, entra.SectionLinks: links, entra.SectionContained: contained,
	}
}

// property is a placeholder's value: what an object has at a dotted path, as text; of a
// link, the first target.
func property(o *entra.Object, path string) (string, bool) {
	name, rest, deeper := strings.Cut(path, ".")
	v := o.Property(name)
	if targets := o.Links[name]; v == nil && len(targets) > 0 {
		v = targets[0]
	}
	if deeper {
		v = jsonpointer.Get(v, strings.Split(rest, ".")...)
	}
	if v == nil {
		return "", false
	}
	return fmt.Sprint(v), true
}
