package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

// page is a comparison as a page, with what the snapshots between its points found.
func page(repo *repository, tenant string, set *entra.ChangeSet) (report.Page, error) {
	p := report.Page{Set: set, Tenant: tenant}
	var err error
	p.Snapshots, err = snapshotsBetween(repo, set.From, set.To)
	return p, err
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
		found = append(found, report.PageSnapshot{Point: at, Changes: changesFound(c.Subject)})
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
