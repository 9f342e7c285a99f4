package cli

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/entragit/entragit/"

const ground = -1

// floors is the floor plan: a package may import packages of lower floors only. Below
// all floors is the ground: words and forms that know nothing of each other.
var floors = map[string]int{
	"internal/entra":       ground,
	"internal/clock":       ground,
	"internal/jsonpointer": ground,
	"internal/nearest":     ground,
	"internal/wellknown":   ground,
	"internal/yaml":        ground,
	"internal/ui":          0,
	"internal/config":      0,
	"internal/gitstore":    0,
	"internal/github":      0,
	"schemas":              0,
	"internal/kind/csdl":   0,
	"internal/kind":        1,
	"internal/canon":       2,
	"internal/graph":       2,
	"internal/diff":        3,
	"internal/capture":     3,
	"internal/trust":       3,
	"internal/history":     4,
	"internal/risk":        4,
	"internal/attribution": 4,
	"internal/evidence":    5,
	"internal/audit":       5,
	"internal/plan":        5,
	"internal/validate":    5,
	"internal/apply":       6,
	"internal/drill":       7,
	"internal/report":      8,
	"internal/cli":         9,
	"cmd/entragit":         10,
	"cmd/cloudgen":         10,
	"cmd/mangen":           10,
	"cmd/schemagen":        10,
}

// only lists, for packages that own one thing, everything of ours that they may
// import.
var only = map[string][]string{
	"internal/trust":         {"internal/entra", "internal/gitstore"},
	"internal/emulator":      {"internal/emulator/seed", "internal/emulator/signin"},
	"internal/emulator/seed": nil,
	// The emulator's sign-in is a witness of its own.
	"internal/emulator/signin": nil,
	"internal/gitstore":        nil,
	"internal/entra":           nil,
	"internal/clock":           nil,
	"internal/jsonpointer":     nil,
	"internal/nearest":         nil,
	"internal/wellknown":       nil,
	"internal/yaml":            {"internal/entra", "internal/jsonpointer"},
	"schemas":                  nil,
}

// sole names the only package that may import a third party's.
var sole = map[string]string{
	"github.com/go-git/":                       "internal/gitstore",
	"github.com/google/go-github/":             "internal/github",
	"github.com/santhosh-tekuri/jsonschema/":   "internal/kind",
	"github.com/Azure/":                        "internal/graph",
	"github.com/AzureAD/":                      "internal/graph",
	"github.com/microsoft/kiota-":              "internal/graph",
	"github.com/microsoftgraph/msgraph-sdk-go": "internal/graph",
	"github.com/spf13/":                        "internal/cli",
	"golang.org/x/term":                        "internal/ui",
	"github.com/sergi/go-diff/":                "internal/report",
	"sigs.k8s.io/yaml":                         "internal/yaml",
	"github.com/hiddeco/sshsig":                "internal/gitstore",
	"github.com/ProtonMail/go-crypto/":         "internal/gitstore",
}

// slow are packages that nobody may import: they take minutes to build.
var slow = []string{"github.com/microsoftgraph/msgraph-sdk-go", "github.com/microsoftgraph/msgraph-sdk-go/models"}

// TestFloorPlan holds every import of the module's code, for every system, against
// the tables above. Tests are free: they wire what they judge.
func TestFloorPlan(t *testing.T) {
	found := 0
	eachFile(t, func(dir, file string, imports []string) {
		found++
		floor, known := floors[dir]
		if _, limited := only[dir]; !known && !limited {
			t.Errorf("%s: package %s has no floor", file, dir)
			return
		}
		for _, imported := range imports {
			if ours, ok := strings.CutPrefix(imported, module); ok {
				checkOurs(t, file, dir, floor, ours)
			} else {
				checkTheirs(t, file, dir, imported)
			}
		}
	})
	if found < 20 {
		t.Errorf("only %d files were looked at", found)
	}
}

func checkOurs(t *testing.T, file, dir string, floor int, imported string) {
	if may, limited := only[dir]; limited {
		if !slices.Contains(may, imported) {
			t.Errorf("%s imports %s; of ours, %s may import %q only", file, imported, dir, may)
		}
		return
	}
	if strings.HasPrefix(imported, "internal/emulator") {
		if dir != "internal/cli" && dir != "internal/drill" {
			t.Errorf("%s imports the emulator, which only internal/cli and internal/drill serve", file)
		}
		return
	}
	target, known := floors[imported]
	switch {
	case !known:
		t.Errorf("%s imports %s, which has no floor", file, imported)
	case target >= floor:
		t.Errorf("%s (floor %d) imports %s (floor %d)", file, floor, imported, target)
	}
}

func checkTheirs(t *testing.T, file, dir, imported string) {
	for _, s := range slow {
		if imported == s {
			t.Errorf("%s imports %s, which takes minutes to build", file, imported)
		}
	}
	for prefix, importer := range sole {
		if strings.HasPrefix(imported, prefix) && dir != importer {
			t.Errorf("%s imports %s; only %s may", file, imported, importer)
		}
	}
	if dir == "internal/entra" && strings.Contains(imported, ".") {
		t.Errorf("%s imports %s; internal/entra imports the standard library only", file, imported)
	}
}

// eachFile calls f with the folder, path and imports of each source file.
func eachFile(t *testing.T, f func(dir, file string, imports []string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	for _, top := range []string{"cmd", "internal", "schemas"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			var imports []string
			for _, spec := range parsed.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return err
				}
				imports = append(imports, imported)
			}
			relative, err := filepath.Rel(root, name)
			file := filepath.ToSlash(relative)
			f(path.Dir(file), file, imports)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
