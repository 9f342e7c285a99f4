package gitstore

import (
	"fmt"
	"strings"
)

const (
	maxNameLen = 255
	maxDepth   = 8
	// maxEntries is per directory; the writer's callers shard at a few thousand.
	maxEntries = 200_000
)

// CheckPath reports why a path may not be stored. Allowed are one to eight names
// separated by slashes, each of 1 to 255 bytes from [A-Za-z0-9._~-], that every
// file system and Git itself can hold: not ".", "..", ".git" or its Windows
// aliases, no Windows device name, no dot at the end. Errors wrap [ErrBadPath].
func CheckPath(path string) error {
	names := strings.Split(path, "/")
	if len(names) > maxDepth {
		return fmt.Errorf("%w: %q is deeper than %d", ErrBadPath, path, maxDepth)
	}
	for _, name := range names {
		if why := badName(name); why != "" {
			return fmt.Errorf("%w: %q %s", ErrBadPath, path, why)
		}
	}
	return nil
}

// badName returns what is wrong with one name of a path, or "".
func badName(name string) string {
	if name == "" {
		return "has an empty name"
	}
	if len(name) > maxNameLen {
		return "has a name longer than 255 bytes"
	}
	for i := range len(name) {
		if !isNameByte(name[i]) {
			return "has a character that is not allowed"
		}
	}
	folded := strings.ToLower(name)
	stem, _, _ := strings.Cut(folded, ".")
	switch {
	case name[len(name)-1] == '.':
		return "has a name that ends in a dot"
	case folded == ".git" || isGitAlias(folded):
		return "has a name that git reserves"
	case isDevice(stem):
		return "has the name of a Windows device"
	}
	return ""
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' ||
		c == '.' || c == '_' || c == '~' || c == '-'
}

// isGitAlias recognises the short name that Windows may give to .git: git~1.
func isGitAlias(folded string) bool {
	digits, ok := strings.CutPrefix(folded, "git~")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// isDevice recognises names that Windows opens as devices, whatever follows the
// first dot.
func isDevice(stem string) bool {
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	port := strings.TrimPrefix(strings.TrimPrefix(stem, "com"), "lpt")
	return len(stem) == 4 && len(port) == 1 && '0' <= port[0] && port[0] <= '9'
}
