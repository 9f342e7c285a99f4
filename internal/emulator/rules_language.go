package emulator

import "maps"

// builtInLanguages are some of those in which Microsoft provides the pages of a user flow (page
// "Language customization in Microsoft Entra External ID").
var builtInLanguages = []object{
	{"id": "de", "displayName": "Deutsch", "isEnabled": true},
	{"id": "en", "displayName": "English", "isEnabled": true},
	{"id": "fr", "displayName": "Français", "isEnabled": true},
}

// speakBuiltIn gives a new user flow the languages that every user flow comes with.
func speakBuiltIn(w *write) {
	if w.before != nil || w.after == nil {
		return
	}
	for _, language := range builtInLanguages {
		w.store.mustPut(w.path+"/"+textOf(w.after["id"])+"/languages", maps.Clone(language))
	}
}
