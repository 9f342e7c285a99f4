package kind

import (
	"regexp"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

var (
	// guid is an identity in a text, also one that a plan spells as gone.
	guid = regexp.MustCompile(`(?:` + entra.Gone + `)?[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`)
	// extension is how Graph begins the name of a directory extension: with the appId of
	// the application that defines it, without hyphens.
	extension = regexp.MustCompile(`extension_((?:` + entra.Gone + `)?)([0-9A-Fa-f]{32})_`)
)

// referents are the identities in a value of the property.
func (r *Reference) referents(value string) []string {
	if !r.Within {
		if id, ok := r.Referent(value); ok {
			return []string{id}
		}
		return nil
	}
	var ids []string
	r.replace(value, func(id string) (string, bool) {
		if !slices.Contains(r.Special, id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		return "", false
	})
	return ids
}

// replace returns a value of the property with other identities in the place of those for
// which to has another one.
func (r *Reference) replace(value string, to func(identity string) (string, bool)) string {
	if !r.Within {
		if id, ok := r.Referent(value); ok {
			if other, ok := to(id); ok {
				return strings.TrimSuffix(value, id) + other
			}
		}
		return value
	}
	value = guid.ReplaceAllStringFunc(value, func(found string) string {
		if other, ok := to(strings.ToLower(found)); ok {
			return other
		}
		return found
	})
	if r.By == "" {
		return value
	}
	return replaceExtension(value, to)
}

// replaceExtension replaces the appIds in the names of directory extensions.
func replaceExtension(value string, to func(appID string) (string, bool)) string {
	return extension.ReplaceAllStringFunc(value, func(found string) string {
		parts := extension.FindStringSubmatch(found)
		digits := strings.ToLower(parts[2])
		appID := parts[1] + strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-")
		if other, ok := to(appID); ok {
			return "extension_" + strings.ReplaceAll(other, "-", "") + "_"
		}
		return found
	})
}
