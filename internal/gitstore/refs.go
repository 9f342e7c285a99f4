package gitstore

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SnapshotsRef is the branch that snapshots are written to.
const SnapshotsRef = "refs/heads/snapshots"

// Head returns the commit that a reference names. A reference that is missing,
// empty or malformed is [ErrDamaged]: a repository has its references from the day
// it was made, so their absence never means that nothing was recorded. Use
// [Repo.Ref] where absence is a state.
func (r *Repo) Head(ref string) (Hash, error) {
	h, ok, err := r.Ref(ref)
	if err != nil {
		return Hash{}, err
	}
	if !ok {
		return Hash{}, fmt.Errorf("%w: reference %s is missing", ErrDamaged, ref)
	}
	return h, nil
}

// Ref returns the object that a reference names, and whether the reference
// exists, loose or in packed-refs. One that exists and does not name an object that is
// here is [ErrDamaged].
func (r *Repo) Ref(ref string) (Hash, bool, error) {
	h, ok, err := r.readRef(ref)
	if err != nil || !ok {
		return Hash{}, false, err
	}
	if err := r.objects.stat(h); err != nil {
		return Hash{}, false, fmt.Errorf("reference %s: %w", ref, err)
	}
	return h, true, nil
}

func (r *Repo) readRef(ref string) (Hash, bool, error) {
	if err := checkRefName(ref); err != nil {
		return Hash{}, false, err
	}
	for range maxSymrefs {
		data, err := os.ReadFile(r.path(ref))
		if errors.Is(err, fs.ErrNotExist) || isDirError(r.path(ref), err) {
			return r.packedRef(ref)
		}
		if err != nil {
			return Hash{}, false, err
		}
		text := strings.TrimRight(string(data), " \t\r\n")
		if target, ok := strings.CutPrefix(text, "ref:"); ok {
			ref = strings.TrimSpace(target)
			if err := checkRefName(ref); err != nil {
				return Hash{}, false, fmt.Errorf("%w: %w", ErrDamaged, err)
			}
			continue
		}
		h, err := ParseHash(text)
		switch {
		case len(text) == 0:
			return Hash{}, false, fmt.Errorf("%w: reference %s is empty", ErrDamaged, ref)
		case err != nil:
			return Hash{}, false, fmt.Errorf("%w: reference %s: %w", ErrDamaged, ref, err)
		}
		return h, true, nil
	}
	return Hash{}, false, fmt.Errorf("%w: reference %s leads in a circle", ErrDamaged, ref)
}

// headTarget returns the branch that HEAD names, or "".
func (r *Repo) headTarget() string {
	data, err := os.ReadFile(r.path("HEAD"))
	target, ok := strings.CutPrefix(string(data), "ref:")
	if err != nil || !ok {
		return ""
	}
	return strings.TrimSpace(target)
}

// maxSymrefs is git's own limit on references that name references.
const maxSymrefs = 5

// isDirError reports whether reading path failed because it is a directory, as
// refs/heads/a is when only refs/heads/a/b exists.
func isDirError(path string, err error) bool {
	if err == nil {
		return false
	}
	info, statErr := os.Stat(path)
	return statErr == nil && info.IsDir()
}

// packedRef looks a reference up in packed-refs, where native git moves them.
func (r *Repo) packedRef(ref string) (Hash, bool, error) {
	f, err := os.Open(r.path("packed-refs"))
	if errors.Is(err, fs.ErrNotExist) {
		return Hash{}, false, nil
	}
	if err != nil {
		return Hash{}, false, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if line == "" || line[0] == '#' || line[0] == '^' {
			continue
		}
		digits, name, _ := strings.Cut(line, " ")
		h, err := ParseHash(digits)
		if err != nil {
			return Hash{}, false, fmt.Errorf("%w: packed-refs line %d: %w", ErrDamaged, number, err)
		}
		if name == ref {
			return h, true, nil
		}
	}
	return Hash{}, false, lines.Err()
}

// checkRefName accepts HEAD and what git check-ref-format accepts under refs/, a
// little more strictly.
func checkRefName(ref string) error {
	if ref == "HEAD" {
		return nil
	}
	bad := !strings.HasPrefix(ref, "refs/") || len(ref) > 250 ||
		strings.ContainsAny(ref, " ~^:?*[\\\x7f") || strings.Contains(ref, "..") || strings.Contains(ref, "@{")
	for _, part := range strings.Split(ref, "/") {
		bad = bad || part == "" || part[0] == '.' || strings.HasSuffix(part, ".") || strings.HasSuffix(part, ".lock")
	}
	for _, c := range ref {
		bad = bad || c < ' '
	}
	if bad {
		return fmt.Errorf("%q is not a reference name", ref)
	}
	return nil
}

// path returns a file of the repository; name uses slashes.
func (r *Repo) path(name string) string {
	return filepath.Join(r.dir, filepath.FromSlash(name))
}
