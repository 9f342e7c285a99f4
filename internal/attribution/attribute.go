package attribution

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/kind"
)

// attribute is what an attribute of the log, by its old name, is in Graph.
type attribute struct {
	// Kinds are those of the objects that have it.
	Kinds []string
	// Name is that of the modified property.
	Name string
	// About are the properties that it is, by their paths below the object: "mobilePhone",
	// "web.redirectUris", "contained/federatedIdentityCredentials". None: nothing of a snapshot.
	About []string
	// Read makes of a value the properties' values, by path; nil is the value as it is, of the one
	// property that the attribute is about.
	Read func(v any) map[string]any
	// Untold marks an attribute whose value cannot be read: it says what was written, not how.
	Untold bool
	// Document marks one that holds the object as a whole, and Excerpt one that holds some of it.
	Document, Excerpt bool
}

// attributesOf finds the attributes of a kind by their names, in lower case.
var attributesOf = func() map[string]map[string]*attribute {
	index := map[string]map[string]*attribute{}
	for i := range attributes {
		a := &attributes[i]
		for _, k := range a.Kinds {
			if index[k] == nil {
				index[k] = map[string]*attribute{}
			}
			index[k][strings.ToLower(a.Name)] = a
		}
	}
	return index
}()

// attributeOf is the attribute of a kind by its name: that of the table, or the property of the
// same name. nil is one that nobody knows.
func attributeOf(k *kind.Kind, name string) *attribute {
	if a := attributesOf[k.Name][strings.ToLower(name)]; a != nil {
		return a
	}
	if a := attributesOf[anyKind][strings.ToLower(name)]; a != nil {
		return a
	}
	for _, list := range [][]string{k.Update, k.Create, k.Status, k.Drop} {
		for _, property := range list {
			if strings.EqualFold(property, name) {
				return &attribute{Name: name, About: []string{property}}
			}
		}
	}
	for _, c := range k.Contained {
		if strings.EqualFold(c.Name, name) {
			return &attribute{Name: name, About: []string{"contained/" + c.Name}}
		}
	}
	return nil
}

// contexts are what modified properties hold besides what was modified: a name ends with ".", where
// all that begin with it are meant.
var contexts = []string{"Action Client Name", "SPN", "TargetId.", "ActorId.", "MethodExecutionResult."}

// included is the attribute that lists the names of what was modified.
const included = "Included Updated Properties"

// isContext reports whether a modified property says nothing of what was modified.
func isContext(name string) bool {
	return slices.ContainsFunc(contexts, func(c string) bool {
		return strings.EqualFold(c, name) || strings.HasSuffix(c, ".") && len(name) >= len(c) && strings.EqualFold(c, name[:len(c)])
	})
}

// values are the values of an attribute, by the path of the property.
func (a *attribute) values(v any) map[string]any {
	switch {
	case a.Read != nil:
		return a.Read(v)
	case len(a.About) == 1:
		return map[string]any{a.About[0]: v}
	}
	return nil
}
