package gitstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/go-git/go-git/v5/config"
)

// RemoteURL returns the URL that the repository's own configuration gives a remote,
// or "" where it knows none of that name.
func (r *Repo) RemoteURL(name string) (string, error) {
	text, err := os.ReadFile(r.path("config"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the configuration of %s: %w", r.dir, err)
	}
	cfg := config.NewConfig()
	if err := cfg.Unmarshal(text); err != nil {
		return "", fmt.Errorf("read the configuration of %s: %w: %w", r.dir, ErrNotRepository, err)
	}
	if remote := cfg.Remotes[name]; remote != nil && len(remote.URLs) > 0 {
		return remote.URLs[0], nil
	}
	return "", nil
}
