package gitstore

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// gitPatience is how long a native git that was told to stop may take to remove what it
// had begun.
const gitPatience = 10 * time.Second

// nativeRepack lets the native git pack the repository. It honours .keep files, and what
// it replaces it removes last.
func (r *Repo) nativeRepack(ctx context.Context, o MaintainOptions) error {
	// Without --keep-unreachable, -ad would drop what no reference reaches. A geometric
	// repack takes whole packs, reached or not.
	args := []string{"repack", "-d", "-q", "--geometric=2"}
	if o.Full {
		args = []string{"repack", "-a", "-d", "-f", "-q", "--keep-unreachable", "--depth=50"}
	}
	args = append([]string{
		"--git-dir=" + r.dir, "-c", "pack.window=10", "-c", "repack.writeBitmaps=false",
	}, args...)
	cmd := exec.CommandContext(ctx, o.Git, args...)
	cmd.Env = nativeEnvironment()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = gitPatience
	said := &serverText{}
	cmd.Stderr = said
	if err := cmd.Run(); err != nil {
		line, _, _ := strings.Cut(said.text.String(), "\n")
		return fmt.Errorf("%s repack: %w: %s", o.Git, err, printable(line))
	}
	return nil
}

// nativeEnvironment is ours without what would lead git to another repository, or make it
// fetch.
func nativeEnvironment() []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains([]string{
			"GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NAMESPACE",
			"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
		}, name)
	})
	return append(env, "GIT_NO_LAZY_FETCH=1", "LC_ALL=C")
}
