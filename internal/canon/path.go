package canon

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Root is the folder that holds the objects of a tenant.
const Root = "tenant"

const (
	folder    = Root + "/"
	extension = ".yaml"
	// maxName is the longest file name that common file systems take, in bytes.
	maxName = 255
	maxSlug = 60
)

// ShardWidth returns how many hex digits name the shard folders of a bulk kind with
// that many objects: 0 below 1,000, 2 below 50,000, else 3. Measured churn per daily
// commit of 100 changes at a million objects: 12 MB with two digits, 1 MB with three.
func ShardWidth(count int) int {
	switch {
	case count < 1000:
		return 0
	case count < 50000:
		return 2
	}
	return 3
}

// Folder returns the path below which a kind's files are, without a slash at its end;
// of a singleton, the path of its file.
func Folder(k *kind.Kind) string {
	if k.Singleton {
		return folder + k.Name + extension
	}
	return folder + k.Name
}

// Path returns where an object's file is: below the kind's folder, in the shard of
// that many hex digits and named by the id alone for a bulk kind, else named by the
// slug of its name and the id; beside the folders for a singleton. An id too long for
// a file name wraps [entra.ErrInvalid].
func Path(k *kind.Kind, shard int, id, name string) (string, error) {
	if k.Singleton {
		return Folder(k), nil
	}
	key := entra.Key{Kind: k.Name, ID: id}.String()
	if id == "" {
		return "", invalid(key, "object without an id")
	}
	file := escape(id, k.Bulk)
	room := maxName - len(file) - len(extension)
	if !k.Bulk {
		room--
	}
	if room < 0 || !k.Bulk && room == 0 {
		return "", invalid(key, "the id is too long for a file name")
	}
	if !k.Bulk {
		return Folder(k) + "/" + slug(name, min(room, maxSlug)) + "." + file + extension, nil
	}
	if shard > 0 {
		return Folder(k) + "/" + Shard(id, shard) + "/" + file + extension, nil
	}
	return Folder(k) + "/" + file + extension, nil
}

// ParsePath returns whose file a path is; the id is empty for a singleton, whose path
// does not hold it. It reports false for a path that [Path] does not make.
func ParsePath(path string) (kindName, id string, ok bool) {
	rest, in := strings.CutPrefix(path, folder)
	rest, yaml := strings.CutSuffix(rest, extension)
	if !in || !yaml {
		return "", "", false
	}
	parts := strings.Split(rest, "/")
	if len(parts) > 3 || !identifier(parts[0]) {
		return "", "", false
	}
	if len(parts) == 1 {
		return parts[0], "", true
	}
	// The id of a bulk kind has its dots escaped: the first dot ends a slug.
	file := parts[len(parts)-1]
	before, after, slugged := strings.Cut(file, ".")
	if slugged {
		file = after
	}
	id, ok = unescape(file)
	if !ok || id == "" || slugged && !isSlug(before) || escape(id, !slugged) != file {
		return "", "", false
	}
	if len(parts) == 3 && (slugged || parts[1] == "" || Shard(id, len(parts[1])) != parts[1]) {
		return "", "", false
	}
	return parts[0], id, true
}

// CarriesName reports whether a file is named by more than its object's id, in which dots
// are escaped. An older version named so the files of kinds that are bulk kinds by now.
func CarriesName(p string) bool {
	return strings.Contains(strings.TrimSuffix(p[strings.LastIndexByte(p, '/')+1:], extension), ".")
}

// identifier reports whether s can be a kind's name.
func identifier(s string) bool {
	for i := range len(s) {
		if !letter(s[i]) && (i == 0 || !digit(s[i])) {
			return false
		}
	}
	return s != ""
}

// Shard returns the name of the folder that an id of a bulk kind lies in, which has that
// many hex digits: the first of the id in lower case, or of its SHA-256 where they are not hex digits.
func Shard(id string, digits int) string {
	if len(id) >= digits {
		shard := strings.ToLower(id[:digits])
		if strings.Trim(shard, "0123456789abcdef") == "" {
			return shard
		}
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])[:min(digits, 2*len(sum))]
}

// escape writes an id as a part of a file name: letters, digits, ".", "_" and "-"
// stand for themselves, any other byte is "~" and two hex digits. So are a dot at the
// start, every dot where dots is set, and the first letter of a name that Windows
// keeps for a device.
func escape(id string, dots bool) string {
	var b strings.Builder
	for i := range len(id) {
		c := id[i]
		safe := letter(c) || digit(c) || c == '_' || c == '-' || c == '.' && i > 0 && !dots
		if !safe || i == 0 && device(id) {
			b.WriteByte('~')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&0xf])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '~' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		c, err := hex.DecodeString(s[i+1 : i+3])
		if err != nil {
			return "", false
		}
		b.Write(c)
		i += 2
	}
	return b.String(), true
}

// device reports whether Windows takes a file name for a device whatever its
// extension (Microsoft, "Naming Files, Paths, and Namespaces").
func device(name string) bool {
	base, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	number, com := strings.CutPrefix(base, "com")
	if !com {
		var lpt bool
		if number, lpt = strings.CutPrefix(base, "lpt"); !lpt {
			return false
		}
	}
	return len(number) == 1 && digit(number[0]) || number == "¹" || number == "²" || number == "³"
}

// slug makes a name readable in a path: lower-case ASCII letters, digits and single
// hyphens. It is no part of an object's identity.
func slug(name string, limit int) string {
	var b strings.Builder
	gap := false
	for i := 0; i < len(name) && b.Len() < limit; i++ {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if !letter(c) && !digit(c) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			if b.Len()+1 == limit {
				break
			}
			b.WriteByte('-')
			gap = false
		}
		b.WriteByte(c)
	}
	switch s := b.String(); {
	case s == "":
		return "unnamed"[:min(limit, len("unnamed"))]
	case device(s): // and a device's name without its last letter is no device's
		return s[:len(s)-1]
	default:
		return s
	}
}

func isSlug(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

const upperHex = "0123456789ABCDEF"

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func digit(c byte) bool { return '0' <= c && c <= '9' }
