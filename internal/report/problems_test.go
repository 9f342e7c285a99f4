package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/ui"
	"github.com/entragit/entragit/internal/validate"
)

var someProblems = []validate.Problem{
	{Rule: validate.RuleReference, File: "tenant/groups/a b.yaml", Line: 7, Pointer: "/links/members/0", Message: "no users is called \x1b[31m"},
	{Rule: validate.RuleUnknown, File: "tenant/x.yaml", Line: 3, Message: "unknown property", Warning: true},
}

func TestProblemsText(t *testing.T) {
	var b strings.Builder
	if err := ProblemsText(&b, someProblems, ui.Palette{}); err != nil {
		t.Fatal(err)
	}
	want := "tenant/groups/a b.yaml:7: error: /links/members/0: no users is called \\x1b[31m\n" +
		"tenant/x.yaml:3: warning: unknown property\n"
	if b.String() != want {
		t.Errorf("%q\nwant %q", b.String(), want)
	}
}

func TestProblemsJSON(t *testing.T) {
	for _, problems := range [][]validate.Problem{nil, someProblems} {
		var b strings.Builder
		if err := ProblemsJSON(&b, problems); err != nil {
			t.Fatal(err)
		}
		var got struct {
			FormatVersion, Errors, Warnings int
			Problems                        []validate.Problem
		}
		if err := json.Unmarshal([]byte(b.String()), &got); err != nil || got.FormatVersion != 1 ||
			got.Errors != len(problems)/2 || got.Warnings != len(problems)/2 || got.Problems == nil {
			t.Errorf("%v %+v", err, got)
		}
	}
}

func TestProblemsGitHub(t *testing.T) {
	var b strings.Builder
	if err := ProblemsGitHub(&b, someProblems); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"::error title=reference,file=tenant/groups/a b.yaml,line=7::/links/members/0: no users",
		"::warning title=unknown,file=tenant/x.yaml,line=3::unknown property\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q lacks %q", b.String(), want)
		}
	}
}

// TestProblemsSARIF checks what the SARIF 2.1.0 schema and GitHub's code scanning
// require: version, a driver with a name, results whose rule exists, relative URIs.
func TestProblemsSARIF(t *testing.T) {
	var b strings.Builder
	if err := ProblemsSARIF(&b, someProblems, "v1"); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || len(log.Runs) != 1 || run.Tool.Driver.Name != "entragit" || len(run.Results) != 2 {
		t.Fatalf("%+v", log)
	}
	for i, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("result %d: rule %d is not %s", i, r.RuleIndex, r.RuleID)
		}
	}
	first := run.Results[0].Locations[0]
	if first.Physical.Artifact.URI != "tenant/groups/a%20b.yaml" || first.Physical.Region.StartLine != 7 ||
		first.Logical[0].FullyQualifiedName != "/links/members/0" || run.Results[0].Level != "error" || run.Results[1].Level != "warning" {
		t.Errorf("%+v", run.Results)
	}
}
