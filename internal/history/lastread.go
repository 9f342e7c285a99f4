package history

import "github.com/entragit/entragit/internal/entra"

// LastRead finds the newest snapshot that read a part of an object, as [entra.Exception]
// names it, among a year of daily ones. They are read once, when somebody asks.
func (r *Repository) LastRead() func(key entra.Key, part string) (entra.Point, bool) {
	var looked []*Point
	return func(key entra.Key, part string) (entra.Point, bool) {
		if looked == nil {
			looked = r.recent(longestSince)
		}
		for _, p := range looked {
			if p.manifest.Kinds[key.Kind].Of(key.ID).Lack(part) == nil {
				return p.at, true
			}
		}
		return entra.Point{}, false
	}
}

// recent are the newest snapshots, as far as they can be read: what they are asked for is
// a hint.
func (r *Repository) recent(limit int) []*Point {
	head, err := r.Newest()
	if err != nil {
		return nil
	}
	var all []*Point
	for c, err := range r.Log(head) {
		if err != nil || len(all) == limit {
			break
		}
		if p, err := r.Snapshot(c.Hash); err == nil {
			all = append(all, p)
		}
	}
	return all
}
