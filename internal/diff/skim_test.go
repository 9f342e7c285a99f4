package diff

import (
	"fmt"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// However a name is written in its file, it is found, and in any case.
func TestEveryNameIsFound(t *testing.T) {
	names := []string{
		"Plain", "two words", "colon: in it", `"quoted"`, "it's", "- list", "# comment", "null", "true", "123", "tab\tin it", "new\nline", "田中 健二", "Ünïcode", "ÅNGSTRÖM 5",
		"K elvin", "straße", "!@#$%", "trailing ", "x", strings.Repeat("long ", 60) + "end", "emoji 🙂 name", "back\\slash",
	}
	files := map[string]*entra.Object{}
	for i, name := range names {
		id := fmt.Sprintf("g%02d", i)
		files["tenant/groups/"+id+".yaml"] = group(id, name)
	}
	p := point(t, files)
	for i, name := range names {
		for _, typed := range []string{name, strings.ToUpper(name), strings.ToLower(name)} {
			if fold(typed) != fold(name) {
				continue // no other case of the same letters
			}
			want := fmt.Sprintf("groups/g%02d", i)
			if got := settledKeys(t, "groups/"+typed, p); got != want {
				t.Errorf("%q selects %s, want %s, called %q", typed, got, want, name)
			}
		}
	}
}

// What cannot be meant is passed over unread: a file that is no object's costs nothing, and
// names that are near are proposed all the same.
func TestSkimmedFilesAreNotRead(t *testing.T) {
	p := point(t, map[string]*entra.Object{"tenant/users/u1.yaml": person("u1", "Ada", "ada@x.org"), "tenant/users/u2.yaml": person("u2", "Grace", "grace@x.org")})
	s := selector{folded: fold("Grace"), needles: needlesIn(fold("Grace")), literal: "users/Grace"}
	for path, want := range map[string]bool{"tenant/users/u1.yaml": false, "tenant/users/u2.yaml": true} {
		file := skim([]byte(p.files[path]), []string{"name", "userPrincipalName"})
		if got := s.mayMean(file); got != want {
			t.Errorf("%s may be Grace: %v", path, got)
		}
		if len(file.names) != 2 {
			t.Errorf("%s is called %q", path, file.names)
		}
	}
	if got := settledKeys(t, "users/adda", p); got != "not found, near users/Ada" {
		t.Error(got)
	}
}
