package cli

import "github.com/entragit/entragit/internal/entra"

// lastRead finds the newest snapshot that read a part of an object, among as many as are
// looked at. The snapshots are read once, when somebody asks.
func (r *repository) lastRead() func(key entra.Key, part string) (entra.Point, bool) {
	var looked []revision
	return func(key entra.Key, part string) (entra.Point, bool) {
		if looked == nil {
			looked = r.newest(longestSince)
		}
		for _, rev := range looked {
			if rev.manifest.Kinds[key.Kind].Of(key.ID).Lack(part) == nil {
				return rev.point, true
			}
		}
		return entra.Point{}, false
	}
}

// newest are the newest snapshots, as far as they can be read: what they are asked for is
// a hint.
func (r *repository) newest(limit int) []revision {
	var all []revision
	head, err := r.snapshotsHead()
	if err != nil {
		return nil
	}
	for c, err := range r.Log(head) {
		if err != nil || len(all) == limit {
			break
		}
		if rev, err := r.snapshot(c.Hash); err == nil {
			all = append(all, rev)
		}
	}
	return all
}
