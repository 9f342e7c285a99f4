package reconcile

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/entragit/entragit/internal/kind"
)

// address is where Graph keeps an object, below the versioned base URL; more leads on
// from there, a segment each.
func address(k *kind.Kind, tenant, id string, more ...string) string {
	segments := []string{inTenant(k.Path, tenant)}
	if !k.Singleton || k.Listed {
		segments = append(segments, url.PathEscape(id))
	}
	for _, m := range more {
		segments = append(segments, url.PathEscape(m))
	}
	return strings.Join(segments, "/")
}

// collection is where objects of a kind are created.
func collection(k *kind.Kind, tenant string) string {
	return inTenant(cmp.Or(k.ListPath, k.Path), tenant)
}

func inTenant(path, tenant string) string {
	return strings.ReplaceAll(path, "{tenant}", url.PathEscape(tenant))
}

// restorePath is the action that takes a soft-deleted object back.
func restorePath(k *kind.Kind, id string) string {
	return k.Deletion.RestorePath + "/" + url.PathEscape(id) + "/restore"
}

// elements is where a contained collection is; a single element is there itself.
func elements(k *kind.Kind, c *kind.Contained, tenant, id string) string {
	return address(k, tenant, id, strings.Split(cmp.Or(c.Path, c.Name), "/")...)
}

// elementAt is where one element of a contained collection is.
func elementAt(k *kind.Kind, c *kind.Contained, tenant, id, element string) string {
	if c.Single {
		return elements(k, c, tenant, id)
	}
	return elements(k, c, tenant, id) + "/" + url.PathEscape(element)
}
