package apply

import (
	"context"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/plan"
)

// FuzzPlanFile holds that no plan file, however it was edited, makes apply panic or reach
// past the objects that its steps name.
func FuzzPlanFile(f *testing.F) {
	on, want := incident(f)
	made, err := plan.New(input(on, want...))
	if err != nil {
		f.Fatal(err)
	}
	file, err := plan.Encode(made)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(file))
	for _, edit := range [][2]string{
		{`"/spec/state"`, `"/spec/state/x"`}, {`"after": "enabled"`, `"after": {"x": [null]}`}, {`"usr"`, `"../x"`}, {`"main"`, `"a/b"`},
		{`"p2"`, `"?x"`}, {`"action": "update"`, `"action": "create"`}, {`"members"`, `"owners"`}, {`"conditionalAccessPolicies"`, `"applications"`},
	} {
		f.Add(strings.ReplaceAll(string(file), edit[0], edit[1]))
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := plan.Decode([]byte(text), "t")
		if err != nil {
			return
		}
		on, _ := incident(t)
		if _, err := Run(context.Background(), on, on, judged(p), noWait); err != nil {
			return
		}
		for _, line := range on.log {
			if _, path, _ := strings.Cut(line, " "); strings.Contains(path, "/../") || strings.HasSuffix(path, "/..") {
				t.Errorf("sent %s", line)
			}
		}
		_, _ = Preview(testBase, &p, map[entra.Key]*entra.Object{})
	})
}
