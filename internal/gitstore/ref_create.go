package gitstore

import "context"

// CreateRef makes a reference to a commit. One that is there already is [ErrExists],
// wherever it points.
func (r *Repo) CreateRef(ctx context.Context, ref string, to Hash) error {
	if err := checkRefName(ref); err != nil {
		return err
	}
	if _, err := r.Commit(to); err != nil {
		return err
	}
	release, err := r.lockRun(ctx)
	if err != nil {
		return err
	}
	defer release()
	return r.moveRef(ref, Hash{}, to)
}
