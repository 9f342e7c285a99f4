package emulator

import (
	"slices"
	"strings"
)

// extensionPrefix is how the name of each directory extension begins.
const extensionPrefix = "extension_"

// extension returns the definition of the directory extension of that name, or nil.
func (s *store) extension(name string) object {
	if !strings.HasPrefix(name, extensionPrefix) {
		return nil
	}
	for _, e := range s.list("/applications") {
		for _, x := range s.list("/applications/" + e.id + "/extensionProperties") {
			if x.body["name"] == name {
				return x.body
			}
		}
	}
	return nil
}

// isExtensionOf reports whether objects of a type can have values of an extension.
func (s *store) isExtensionOf(x object, t *entityType) bool {
	return slices.Contains(valuesAt(x["targetObjects"], nil), capital(t.Name))
}

// validateExtension holds a value of a directory extension to its definition, as the page
// "Create extensionProperty (directory extension)" has it.
func (s *store) validateExtension(x object, name string, value any) *apiError {
	typ := map[string]string{
		"binary": "Binary", "boolean": "Boolean", "datetime": "DateTimeOffset", "integer": "Int32",
		"largeinteger": "Int64", "string": "String",
	}[fold(textOf(x["dataType"]))]
	list, many := value.([]any)
	if value != nil && many != (x["isMultiValued"] == true) {
		return badRequest("The value of the property '%s' does not fit its definition.", name)
	}
	if !many && value != nil {
		list = []any{value}
	}
	for _, v := range list {
		if v == nil {
			return badRequest("A null value was found in the collection '%s', which does not allow null values.", name)
		}
		if err := s.validateSingle(name, typ, v); err != nil {
			return err
		}
		if text, ok := v.(string); ok && len([]rune(text)) > 256 {
			return invalidValue(name, "DirectoryObject")
		}
	}
	return nil
}

// checkExtensions refuses values that come from Active Directory on objects that do, too.
func checkExtensions(w *write) *apiError {
	if !synced(w.before) {
		return nil
	}
	for name := range w.sent {
		if x := w.store.extension(name); x != nil && x["isSyncedFromOnPremises"] == true {
			return errSynced
		}
	}
	return nil
}
