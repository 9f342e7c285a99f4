package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// defaultLanguage is the id of the branding for every language that has none of its own, which
// may be called "default" too (page "organizationalBranding").
const defaultLanguage = "0"

var defaultLanguages = []string{defaultLanguage, "default"}

// checkBranding refuses to delete the default while there are other languages.
func checkBranding(w *write) *apiError {
	if w.after == nil && len(w.store.list(w.path+"/localizations")) > 0 {
		return directoryError("The default branding cannot be deleted before the other localizations.")
	}
	return nil
}

// checkLocalization refuses the default as a language of its own (page "Create
// organizationalBrandingLocalization").
func checkLocalization(w *write) *apiError {
	if w.before == nil && slices.Contains(defaultLanguages, w.id) {
		return badRequest("The default branding cannot be created by the id '%s'.", w.id)
	}
	return nil
}

// brandDefault creates the default branding along with the first localization (page "Create
// organizationalBrandingLocalization").
func brandDefault(w *write) {
	if path := ownerPath(w.path); w.after != nil && w.store.singletons[path] == nil {
		w.store.setSingleton(path, object{"id": defaultLanguage})
	}
}

// speak follows the header by which a request names the branding that it is about: pages "Get
// organizationalBranding" and "Update organizationalBranding" require it.
func (s *Server) speak(req *request, t *target) *apiError {
	if t.resource == nil || t.resource.typ != "organizationalBranding" || !strings.HasSuffix(fold(req.path), "/branding") ||
		req.method != http.MethodGet && req.method != http.MethodPatch {
		return nil
	}
	language := req.header.Get("Accept-Language")
	switch {
	case slices.Contains(defaultLanguages, language):
		return nil
	case language == "":
		return badRequest("The Accept-Language header is required: a locale, or '0' for the default branding.")
	case req.method == http.MethodPatch:
		return badRequest("The default branding is updated with Accept-Language '0', not '%s'.", language)
	}
	e := s.store.get(t.path+"/localizations", language)
	if e == nil {
		return notFound(language)
	}
	s.store.enter(t, e)
	return nil
}

// itself returns the object that contains a collection, as the collection lists it.
func (s *store) itself(r *resource, path string) *entry {
	body := s.singletons[ownerPath(path)]
	if r.itself == "" || body == nil {
		return nil
	}
	return &entry{id: r.itself, collection: path, resource: r, typ: r.typ, body: body}
}
