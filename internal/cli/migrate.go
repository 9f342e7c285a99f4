package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
)

// migrateMode is the mode of a commit that moves files and reads nothing.
const migrateMode = "migrate"

// migrate brings the files of a repository that an older version made to where this one
// keeps them, in a commit of its own: the next one shows what changed in the tenant.
func (b *backup) migrate(ctx context.Context) error {
	w, manifest, err := b.begin(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer w.Abort()
	moved, err := capture.Migrate(history.Tree{Tree: w.Parent()}, w, manifest)
	if err != nil || len(moved) == 0 {
		return err
	}
	if _, err := w.Put(manifestPath, canon.EncodeManifest(manifest)); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	var what []string
	for _, name := range slices.Sorted(maps.Keys(moved)) {
		what = append(what, fmt.Sprintf("%d files of %s", moved[name], name))
	}
	options, err := b.migration(w.ParentCommit(), "migrate: "+strings.Join(what, ", ")+" are named by id alone")
	if err != nil {
		return err
	}
	hash, err := w.Commit(ctx, options)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	b.Say("%s", options.Subject)
	if b.repo.Chain, err = b.repo.verified(ctx, hash, b.Now()); err != nil {
		return fmt.Errorf("the migration that was written: %w", b.repo.explain(err))
	}
	return nil
}

// migration is what the commit says. It is as complete, and of the same time, as the
// snapshot whose files it moves.
func (b *backup) migration(parent gitstore.Hash, subject string) (gitstore.CommitOptions, error) {
	name, email, err := b.person()
	if err != nil {
		return gitstore.CommitOptions{}, err
	}
	before, err := b.repo.Commit(parent)
	if err != nil {
		return gitstore.CommitOptions{}, err
	}
	o := gitstore.CommitOptions{
		Subject: subject, Body: "The bytes of every file are as they were: the commit shows renames alone.",
		Name: name, Email: email, When: latest(b.Now(), before.Committer.When), Signer: b.signer,
		Trailers: []gitstore.Trailer{
			{Key: tenantTrailer, Value: b.tenant.id}, {Key: seqTrailer, Value: strconv.Itoa(b.repo.Chain.Head().Seq + 1)},
			{Key: timeTrailer, Value: history.PointOf(before).Time.UTC().Format(time.RFC3339)}, {Key: modeTrailer, Value: migrateMode},
			{Key: versionTrailer, Value: version()},
		},
	}
	for _, t := range before.Trailers {
		if t.Key == partTrailer {
			o.Trailers = append(o.Trailers, t)
		}
	}
	return o, nil
}
