package cli

import (
	"context"
	"fmt"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/gitstore"
)

type maintainOptions struct {
	Environment
	repo string
}

func newMaintainCmd(env Environment) *cobra.Command {
	o := &maintainOptions{Environment: env}
	cmd := &cobra.Command{
		Use:   "maintain",
		Short: "packs the repository anew",
		Long: `Every snapshot adds a pack, a file that holds what is new in it. maintain makes one small pack of all of them: native git looks for what files
have in common, about half of a year's size, and that may take minutes. Without git on the PATH the small packs are put together as they are.
Nothing is lost, also no snapshot that was taken out of its branch, and a run that is interrupted leaves the repository whole.

backup does the quick part of it by itself when there are fifty packs. git gc and git repack do no harm beside a backup, but they drop
what no branch reaches.`,
		Example: `  entragit maintain --repo backup
  entragit maintain --repo backup && git -C backup count-objects -v`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runMaintain(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.repo, "repo", ".", "the backup repository, a bare Git repository or a clone, in `DIR`")
	return cmd
}

func runMaintain(ctx context.Context, o *maintainOptions) error {
	repo, err := gitstore.Open(o.repo)
	if err != nil {
		return err
	}
	defer func() { _ = repo.Close() }() // what was written is durable
	progress := o.Progress()
	progress.Update("packing the repository anew")
	done, err := repo.Maintain(ctx, gitstore.MaintainOptions{Full: true, Git: nativeGit()})
	progress.Done()
	if err != nil {
		return err
	}
	if done.Declined != nil {
		o.Say("git could not do it, so the small packs were put together as they are: %v", done.Declined)
	}
	_, err = fmt.Fprintf(o.Out, "%s before, %s now\n", packs(done.Before), packs(done.After))
	return err
}

// nativeGit returns where git is, or "".
func nativeGit() string {
	path, err := exec.LookPath("git")
	if err != nil {
		return ""
	}
	return path
}

func packs(s gitstore.PackStats) string {
	word := "packs"
	if s.Packs == 1 {
		word = "pack"
	}
	return fmt.Sprintf("%d %s, %.1f MB", s.Packs, word, float64(s.Bytes)/1e6)
}

// tidy puts the packs together when a backup finds too many. The snapshot is safe by then,
// so that a failure is told and no more.
func (b *backup) tidy(ctx context.Context) {
	stats, err := b.repo.PackStats()
	if err == nil && stats.IsCrowded() {
		progress := b.Progress()
		progress.Update(fmt.Sprintf("putting %d packs together", stats.Packs))
		_, err = b.repo.Maintain(ctx, gitstore.MaintainOptions{Git: nativeGit()})
		progress.Done()
	}
	if err != nil {
		b.Say("the packs of the repository were not put together: %v", err)
		b.Hint("the snapshot is safe; entragit maintain tries again")
	}
}
