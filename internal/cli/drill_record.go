package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/drill"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

// trendOf is how many earlier drills a report compares with.
const trendOf = 10

// recorder returns what keeps the result, or nil where nobody can sign here: a drill that
// leaves no trace is still a drill.
func (o *drillOptions) recorder(repo *repository) (*history.Recorder, error) {
	signer, err := o.signer(o.Environment)
	if err == nil {
		err = repo.Chain.MayRecord(signer, o.Now())
	}
	if err != nil {
		if o.key != "" {
			return nil, fmt.Errorf("keep the result: %w", err)
		}
		o.Say("the result is not kept: %s", sentence(err))
		return nil, nil
	}
	name, email, err := o.person()
	return &history.Recorder{
		Repo: &repo.Repository, Signer: signer, Name: name, Email: email, Tenant: repo.Chain.Tenant(), Version: version(), Now: o.Now,
	}, err
}

// trend reads what the newest drills of the repository came to.
func trend(ctx context.Context, repo *repository) ([]drill.Mark, error) {
	recorded, err := repo.Drills(ctx, trendOf)
	if err != nil {
		return nil, fmt.Errorf("the drills so far: %w", err)
	}
	var marks []drill.Mark
	for _, data := range recorded {
		var one drill.Result
		if err := json.Unmarshal(data, &one); err != nil {
			return nil, fmt.Errorf("a recorded drill: %w: %w", err, entra.ErrInvalid)
		}
		marks = append(marks, one.Mark())
	}
	return marks, nil
}

// keep records a result.
func (o *drillOptions) keep(ctx context.Context, to *history.Recorder, result *drill.Result) error {
	kept := *result
	kept.Before = nil // each is a record of its own
	var data bytes.Buffer
	if err := report.DrillJSON(&data, &kept); err != nil {
		return err
	}
	mark := result.Mark()
	id := "drill-" + result.At.Format("20060102T150405.000Z")
	_, err := to.Drill(ctx, id, fmt.Sprintf("%d of %d objects back", mark.Back, mark.Hit), data.Bytes())
	if errors.Is(err, gitstore.ErrMoved) {
		return withHint(err, "the drill is done; only its record was not kept")
	}
	return err
}
