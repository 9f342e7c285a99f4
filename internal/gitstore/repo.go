package gitstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/config"
)

// Repo is an open repository. Reading is safe for concurrent use; writing is
// guarded by the run lock, see [Repo.Begin].
type Repo struct {
	dir     string
	bare    bool
	fs      fileSystem
	objects *objectStore
}

// initialConfig: pack.window=0 keeps native git from searching for deltas when it
// pushes or fetches from a snapshot repository, which costs minutes and memory
// and finds little in small files that are stored once.
const initialConfig = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[pack]
	window = 0
`

// Init makes a bare repository in dir, which must be missing or empty, with HEAD
// at [SnapshotsRef]. A run that was killed at any point before the first reference
// was made may simply be repeated.
func Init(dir string) (*Repo, error) { return initRepo(osFiles{}, dir) }

func initRepo(files fileSystem, dir string) (*Repo, error) {
	if err := checkVacant(dir); err != nil {
		return nil, fmt.Errorf("init %s: %w", dir, err)
	}
	r := &Repo{dir: dir, bare: true, fs: files}
	for _, name := range []string{"objects/info", "objects/pack", "refs/heads", "refs/tags"} {
		if err := files.MkdirAll(r.path(name)); err != nil {
			return nil, fmt.Errorf("init %s: %w", dir, err)
		}
	}
	// HEAD comes last: a directory without it is not yet a repository.
	for _, f := range []struct{ name, text string }{
		{"config", initialConfig}, {"HEAD", "ref: " + SnapshotsRef + "\n"},
	} {
		if err := r.replace(f.name, f.text); err != nil {
			return nil, fmt.Errorf("init %s: %w", dir, err)
		}
	}
	return Open(dir)
}

// replace writes a small file as a whole.
func (r *Repo) replace(name, text string) error {
	tmp := r.path("tmp_" + name)
	if err := r.fs.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeFile(r.fs, tmp, 0o666, []byte(text)); err != nil {
		return err
	}
	if err := r.fs.Rename(tmp, r.path(name)); err != nil {
		return err
	}
	return r.fs.SyncDir(r.dir)
}

// checkVacant accepts a directory that is missing, empty, or holds nothing but what
// this package wrote before there was a first reference.
func checkVacant(dir string) error {
	found, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range found {
		switch name := entry.Name(); {
		case name == "HEAD" || name == "config" || name == "objects" || name == "refs" || name == runLockName:
		case strings.HasPrefix(name, "tmp_") || strings.HasPrefix(name, refIntentPrefix):
		default:
			return fmt.Errorf("%w: directory is not empty", ErrExists)
		}
	}
	return filepath.WalkDir(filepath.Join(dir, "refs"), func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !entry.IsDir() && filepath.Ext(name) != ".lock" {
			return fmt.Errorf("repository %w", ErrExists)
		}
		return err
	})
}

// Open opens the repository in dir: a bare one, or the .git directory of a work
// tree. It changes nothing. Close it after use.
func Open(dir string) (*Repo, error) {
	gitDir, bare := dir, true
	if info, err := os.Stat(filepath.Join(dir, ".git")); err == nil && info.IsDir() {
		gitDir, bare = filepath.Join(dir, ".git"), false
	}
	if err := checkLayout(gitDir); err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	r := &Repo{dir: gitDir, bare: bare, fs: osFiles{}, objects: newObjectStore(filepath.Join(gitDir, "objects"))}
	return r, nil
}

// Dir returns the directory of the repository's own files.
func (r *Repo) Dir() string { return r.dir }

// Close releases the open pack files.
func (r *Repo) Close() error { return r.objects.close() }

// checkLayout applies git's own test for a repository, then refuses formats that
// this package would misread.
func checkLayout(dir string) error {
	for _, name := range []string{"objects", "refs"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.IsDir() {
			return fmt.Errorf("%w: it has no %s directory", ErrNotRepository, name)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "HEAD")); err != nil {
		return fmt.Errorf("%w: it has no HEAD", ErrNotRepository)
	}
	text, err := os.ReadFile(filepath.Join(dir, "config"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	cfg := config.NewConfig()
	if err := cfg.Unmarshal(text); err != nil {
		return fmt.Errorf("%w: config: %w", ErrNotRepository, err)
	}
	if v := cfg.Raw.Section("core").Option("repositoryformatversion"); v != "" && v != "0" && v != "1" {
		return fmt.Errorf("%w: repository format version %s", ErrNotRepository, v)
	}
	extensions := cfg.Raw.Section("extensions")
	for _, known := range []struct{ key, plain string }{{"objectformat", "sha1"}, {"refstorage", "files"}} {
		if v := extensions.Option(known.key); v != "" && !strings.EqualFold(v, known.plain) {
			return fmt.Errorf("%w: extension %s = %s", ErrNotRepository, known.key, v)
		}
	}
	return nil
}
