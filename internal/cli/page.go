package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

// writePage writes a comparison as a page, with what the snapshots between its points found.
func writePage(w io.Writer, repo *repository, tenant string, set *entra.ChangeSet, opts report.Options) error {
	between, err := snapshotsBetween(repo, set.From, set.To)
	if err != nil {
		return err
	}
	return report.Page{Set: set, Tenant: tenant, Snapshots: between}.HTML(w, opts)
}

// snapshotsBetween lists the snapshots after a point, up to another one, oldest first; none
// where the first is no snapshot.
func snapshotsBetween(repo *repository, from, to entra.Point) ([]report.PageSnapshot, error) {
	if from.Seq == 0 || to.Seq == 0 && !to.Live() {
		return nil, nil
	}
	last, err := repo.Newest()
	if err == nil && !to.Live() {
		last, err = gitstore.ParseHash(to.Commit)
	}
	if err != nil {
		return nil, err
	}
	var found []report.PageSnapshot
	for c, err := range repo.Log(last) {
		if err != nil {
			return nil, err
		}
		at := history.PointOf(c)
		if at.Seq <= from.Seq {
			break
		}
		worst, _ := c.Trailer(severityTrailer)
		found = append(found, report.PageSnapshot{Point: at, Changes: changesFound(c.Subject), Worst: entra.Severity(worst)})
	}
	slices.Reverse(found)
	return found, nil
}

// changesFound is how many changes a backup found, as the subject of its snapshot says.
func changesFound(subject string) int {
	var added, changed, removed int
	if n, _ := fmt.Sscanf(strings.TrimPrefix(subject, "backup: "), "+%d ~%d -%d", &added, &changed, &removed); n < 3 {
		return 0
	}
	return added + changed + removed
}

// keepPage writes the drift as a page to the file that was named for it.
func (o *proposeOptions) keepPage(repo *repository, tenant string, set *entra.ChangeSet) error {
	if o.page == "" {
		return nil
	}
	file, err := os.Create(o.page)
	if err != nil {
		return fmt.Errorf("--page: %w: %w", err, entra.ErrInvalid)
	}
	err = writePage(file, repo, tenant, set, report.Options{Full: o.verbose})
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("--page: %w", err)
	}
	return nil
}
