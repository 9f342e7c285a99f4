package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/trust"
	"github.com/entragit/entragit/internal/ui"
)

type snapshotsOptions struct {
	common
	limit int
	chart bool
}

func newSnapshotsCmd(env Environment) *cobra.Command {
	o := &snapshotsOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "snapshots",
		Short: "lists points in time",
		Long: `Lists the snapshots, newest first: number, time of the capture, what was added (+), changed (~) and removed (-), the
worst that it can do ("entragit help risks"), what could not be read, and who signed. Where REV is asked for, seq:NUMBER names one.`,
		Example: `  entragit snapshots --repo backup
  entragit snapshots --repo backup --chart --limit 0
  entragit snapshots --repo backup --limit 0 --output json`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runSnapshots(cmd.Context(), o) },
	}
	o.reportFlags(cmd, "text", "json")
	cmd.Flags().BoolVar(&o.chart, "chart", false, "draw how much changed on each day, with the worst of it")
	cmd.Flags().IntVar(&o.limit, "limit", 30, "list the newest `N`; 0 lists all")
	return cmd
}

// snapshotRow is one snapshot as it is listed.
type snapshotRow struct {
	entra.Point
	Subject string `json:"subject"`
	Mode    string `json:"mode,omitempty"`
	// Severity is the worst that the changes of the snapshot can do; empty for nothing.
	Severity   string   `json:"severity,omitempty"`
	Incomplete []string `json:"incomplete,omitempty"`
	Signer     string   `json:"signer,omitempty"`
	// Problem says why the signature does not count.
	Problem string `json:"problem,omitempty"`
}

func runSnapshots(ctx context.Context, o *snapshotsOptions) error {
	repo, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer repo.Close()
	head, err := repo.Newest()
	if err != nil {
		return err
	}
	signatures, err := repo.signatures(head)
	if err != nil {
		return err
	}
	rows := []snapshotRow{}
	for c, err := range repo.Log(head) {
		if err != nil {
			return err
		}
		rows = append(rows, rowOf(c, signatures))
		if len(rows) == o.limit {
			break
		}
	}
	if o.output.value == "json" {
		return report.JSON(o.Out, struct {
			FormatVersion int           `json:"formatVersion"`
			Snapshots     []snapshotRow `json:"snapshots"`
		}{report.FormatVersion, rows})
	}
	if o.chart {
		return o.text(o.Out, report.Chart(daysOf(rows)), o.OutPalette())
	}
	return o.print(rows)
}

// daysOf counts what the snapshots found, oldest day first, and keeps the worst of each day. A
// snapshot's subject says how much it found, a trailer how bad that was.
func daysOf(rows []snapshotRow) []report.Day {
	var days []report.Day
	for _, r := range slices.Backward(rows) {
		date := r.Time.UTC().Truncate(24 * time.Hour)
		if len(days) == 0 || !days[len(days)-1].Date.Equal(date) {
			days = append(days, report.Day{Date: date})
		}
		day := &days[len(days)-1]
		day.Changes += changesFound(r.Subject)
		if worst := entra.Severity(r.Severity); worst.Rank() < day.Worst.Rank() {
			day.Worst = worst
		}
	}
	return days
}

func rowOf(c *gitstore.Commit, signatures *trust.Signatures) snapshotRow {
	row := snapshotRow{Point: history.PointOf(c), Subject: c.Subject}
	row.Mode, _ = c.Trailer(modeTrailer)
	row.Severity, _ = c.Trailer(severityTrailer)
	for _, t := range c.Trailers {
		if t.Key == partTrailer {
			row.Incomplete = append(row.Incomplete, t.Value)
		}
	}
	who, err := signatures.Verify(c)
	if err != nil {
		row.Problem = err.Error()
	} else {
		row.Signer = who.Principal + " " + who.Fingerprint
	}
	return row
}

func (o *snapshotsOptions) print(rows []snapshotRow) error {
	w := tabwriter.NewWriter(o.Out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		note := ""
		if len(r.Incomplete) > 0 {
			note = "incomplete: " + strings.Join(r.Incomplete, ", ")
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join([]string{
			fmt.Sprintf("%d", r.Seq), r.Time.UTC().Format(time.DateTime), r.Commit[:10],
			ui.Safe(strings.TrimPrefix(r.Subject, "backup: ")), ui.Safe(cmp.Or(r.Severity, "-")), ui.Safe(cmp.Or(r.Mode, "-")),
			ui.Safe(cmp.Or(r.Signer, "! "+r.Problem)), ui.Safe(note),
		}, "\t"), "\t"))
	}
	return w.Flush()
}
