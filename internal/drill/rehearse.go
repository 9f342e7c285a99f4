package drill

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// rehearse plays one scenario in a tenant of its own and recovers from it.
func (d *drill) rehearse(ctx context.Context, s *Scenario) (Rehearsal, error) {
	r := Rehearsal{Scenario: s.Name, Title: s.Title, PointSeconds: d.opts.Now.Sub(d.from.Point().Time).Seconds()}
	t, err := newTenant(d.from, d.opts.Now, d.opts.Agent, d.opts.Cloud)
	if err != nil {
		return r, err
	}
	defer t.Close()
	d.say("%s: the incident", s.Title)
	if r.Incident, err = t.play(ctx, s, d.opts.Seed); err != nil {
		return r, err
	}
	hit, err := d.hit(ctx, t)
	if err != nil {
		return r, err
	}
	r.Incident.Objects = map[string]int{}
	for key := range hit {
		r.Incident.Objects[key.Kind]++
	}
	d.say("%s: recovering %d objects", s.Title, len(hit))
	recovery := &recovering{tenant: t, opts: d.opts, why: reasons{}}
	recovery.recover(ctx)
	if err := ctx.Err(); err != nil {
		return r, err
	}
	r.Recovery, r.TimeSeconds = recovery.done, recovery.done.Seconds
	d.say("%s: comparing with the snapshot", s.Title)
	left, err := d.changed(ctx, t, recovery.lineage)
	if err != nil {
		return r, err
	}
	r.judge(hit, left, recovery.why)
	return r, nil
}

// hit returns which objects an incident left otherwise than they were; how is of no
// interest, and much.
func (d *drill) hit(ctx context.Context, t *tenant) (map[entra.Key]bool, error) {
	changes, err := d.changed(ctx, t, nil)
	keys := make(map[entra.Key]bool, len(changes))
	for key := range changes {
		keys[key] = true
	}
	return keys, err
}

// changed returns how a tenant differs from the one that was loaded, apart from ids that a
// lineage explains.
func (d *drill) changed(ctx context.Context, t *tenant, lineage entra.Lineage) (map[entra.Key]entra.Change, error) {
	s, err := t.look(ctx, lineage)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for key, c := range s.changes {
		if before, ok := d.before[key]; ok && reflect.DeepEqual(before, c) {
			delete(s.changes, key)
		}
	}
	return s.changes, nil
}

// judge says what came back.
func (r *Rehearsal) judge(hit map[entra.Key]bool, left map[entra.Key]entra.Change, why reasons) {
	r.Hit = len(hit)
	for _, key := range sortedKeys(left) {
		c := left[key]
		l := Left{Key: key, Name: c.Name, What: difference(c)}
		l.Why, l.Told = why.of(c)
		if hit[key] {
			r.Left = append(r.Left, l)
		} else {
			r.Disturbed = append(r.Disturbed, l)
		}
	}
	r.Back = r.Hit - len(r.Left)
}

// named is how many parts of an object a sentence names.
const named = 4

// difference says how an object differs from the snapshot.
func difference(c entra.Change) string {
	switch c.Type {
	case entra.Added:
		return "it is there and the snapshot has none"
	case entra.Removed:
		return "it is gone"
	}
	var parts []string
	for _, p := range c.Properties {
		parts = append(parts, p.Pointer)
	}
	for _, l := range c.Links {
		parts = append(parts, jsonpointer.Join(entra.SectionLinks, l.Link))
	}
	text := strings.Join(parts[:min(len(parts), named)], ", ")
	if more := len(parts) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + " differ"
}
