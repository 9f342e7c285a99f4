package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// creationOrder puts objects into the order in which they are created. What an object must
// be given when it is created comes first, always; what can be written later too comes first
// where that does not go round in a circle.
type creationOrder struct {
	byKey map[entra.Key]*objectPlan
	state map[*objectPlan]progress
	place map[entra.Key]int
}

// progress is how far an object is on its way into the order.
type progress int

const (
	ahead progress = iota
	underway
	placed
)

// visit places an object after those that it refers to.
func (c *creationOrder) visit(d *objectPlan) {
	if c.state[d] != ahead {
		return
	}
	c.state[d] = underway
	for _, other := range c.referred(d, true) {
		c.visit(other)
	}
	for _, other := range c.referred(d, false) {
		if !c.blocked(other) {
			c.visit(other)
		}
	}
	c.state[d] = placed
	c.place[d.key] = len(c.place)
}

// blocked reports whether an object needs one that is under way, so that it cannot come before
// that.
func (c *creationOrder) blocked(d *objectPlan) bool {
	return c.state[d] == underway || c.state[d] == ahead && slices.ContainsFunc(c.referred(d, true), c.blocked)
}

// referred are the objects that one refers to in what it must be given when it is created, or
// in what can be written later too.
func (c *creationOrder) referred(d *objectPlan, needed bool) []*objectPlan {
	var all []*objectPlan
	for _, name := range keys(d.want.Spec, nil) {
		if slices.Contains(d.kind.Update, name) == needed || slices.Contains(d.kind.AfterCreation, name) {
			continue
		}
		d.targetsOf(d.kind.Shape.Mentions("", name, d.want.Spec[name]), func(key entra.Key) {
			if other := c.byKey[key]; other != nil && other != d && !slices.Contains(all, other) {
				all = append(all, other)
			}
		})
	}
	return all
}
