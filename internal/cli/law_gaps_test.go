package cli

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/kind"
)

// The law ranges over what our table says can be put back. What the table does not say, the law
// cannot miss; so the emulator, which knows Microsoft's metadata and not our table, says what can
// be changed at all, and whatever the table lacks stands in testdata/law/gaps with its reason.
func TestLawLeavesNothingOut(t *testing.T) {
	writable, err := emulator.Describe()
	must(t, err)
	reasons, covered := gapReasons(t), coveredParts()
	unused := make(map[string]bool)
	for gap := range reasons {
		unused[gap] = true
	}
	for _, w := range writable {
		for _, part := range partsOf(w) {
			if covered[w.Path+" "+part] {
				continue
			}
			of := w.Path + " " + part
			if _, whole := reasons[w.Path+" *"]; whole {
				of = w.Path + " *"
			}
			delete(unused, of)
			if reasons[of] == "" {
				t.Errorf("%s can be changed in a tenant and is not put back; testdata/law/gaps has no reason", of)
			}
		}
	}
	for gap := range unused {
		t.Errorf("testdata/law/gaps: %s is no gap", gap)
	}
}

// partsOf lists what can be changed at a path: properties, links, and whether objects come and
// go.
func partsOf(w emulator.Writable) []string {
	parts := slices.Clone(w.Properties)
	for _, link := range w.Links {
		parts = append(parts, "links/"+link)
	}
	if w.Created {
		parts = append(parts, "created")
	}
	if w.Deleted {
		parts = append(parts, "deleted")
	}
	return parts
}

// coveredParts lists what our table puts back, in the emulator's words: "/users city".
func coveredParts() map[string]bool {
	covered := make(map[string]bool)
	for _, k := range kind.All() {
		if k.Unavailable+k.NeverWritten != "" {
			continue
		}
		path := emulatorPath(k.Path)
		for _, p := range k.Update {
			covered[path+" "+p] = true
		}
		for i := range k.Links {
			coverLink(covered, path, &k.Links[i])
		}
		for i := range k.Contained {
			coverContained(covered, path, k, &k.Contained[i])
		}
		for p := range k.NotRestored {
			covered[path+" "+p] = true // with a reason that reconcile tells
		}
		covered[path+" created"] = k.Deletion.Mode != kind.DeleteNone // what was added is deleted by --prune
		covered[path+" deleted"] = k.Recreatable() || k.NotRecreatable != ""
	}
	return covered
}

func coverLink(covered map[string]bool, path string, link *kind.Link) {
	if link.Reverse == "" {
		covered[path+" links/"+link.Name] = true
		return
	}
	for _, target := range link.Targets {
		covered[emulatorPath(kind.ByName(target).Path)+" links/"+link.Reverse] = true
	}
}

func coverContained(covered map[string]bool, owner string, k *kind.Kind, c *kind.Contained) {
	path := owner
	if !k.Singleton {
		path += "/*"
	}
	path = emulatorPath(path + "/" + c.Name)
	for _, p := range c.Update {
		covered[path+" "+p] = true
	}
	for p := range c.NotRestored {
		covered[path+" "+p] = true
	}
	if !c.UpdateOnly {
		covered[path+" created"], covered[path+" deleted"] = !c.NoDelete, true
	}
}

// emulatorPath is a path without the types that it may name.
func emulatorPath(path string) string {
	segments := strings.Split(strings.ReplaceAll(path, "{tenant}", "*"), "/")
	return strings.Join(slices.DeleteFunc(segments, func(s string) bool { return strings.HasPrefix(s, "microsoft.graph.") }), "/")
}

// gapReasons reads testdata/law/gaps: "PATH PART: reason", where the part "*" is all of them.
func gapReasons(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "law", "gaps"))
	must(t, err)
	defer file.Close()
	reasons := make(map[string]string)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if line := lines.Text(); line != "" && line[0] != '#' {
			gap, reason, _ := strings.Cut(line, ": ")
			reasons[gap] = reason
		}
	}
	return reasons
}
