package validate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

var words = config.Words{Kinds: []string{"users", "groups", "conditionalAccessPolicies"}, Clouds: []string{"global"}}

const (
	userID   = "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	groupID  = "9e0c5f4a-6a51-4a3e-8d0b-7f3f0a1b2c3d"
	policyID = "11111111-6a51-4a3e-8d0b-7f3f0a1b2c3d"
	userPath = "tenant/users/" + userID + ".yaml"
)

// checkout is the files of a healthy backup, with changes: "" takes a file away.
func checkout(t *testing.T, changes map[string]string) fstest.MapFS {
	t.Helper()
	manifest := entra.Manifest{Format: entra.FormatVersion, Tenant: userID, Kinds: map[string]entra.Coverage{}}
	for _, name := range words.Kinds {
		manifest.Kinds[name] = entra.Coverage{State: entra.Complete}
	}
	files := map[string]string{
		".entragit/manifest.yaml": string(canon.EncodeManifest(manifest)),
		config.FileName:           "apiVersion: entragit/v1\ntenant: contoso.com\n",
	}
	for _, o := range []*entra.Object{
		{Key: entra.Key{Kind: "users", ID: userID}, Name: "Ada", Spec: map[string]any{"displayName": "Ada"}},
		{Key: entra.Key{Kind: "groups", ID: groupID}, Name: "Break-glass", Spec: map[string]any{"displayName": "Break-glass"}},
		{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: policyID}, Name: "CA001", Spec: map[string]any{"displayName": "CA001",
			"state": "enabled", "conditions": map[string]any{"users": map[string]any{"excludeGroups": []any{groupID}}}}},
	} {
		k := kind.ByName(o.Kind)
		path, err := canon.Path(k, 0, o.ID, o.Name)
		if err != nil {
			t.Fatal(err)
		}
		var e canon.Encoder
		out, err := e.EncodeObject(k, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = string(out.YAML)
	}
	for path, content := range changes {
		files[path] = content
	}
	tree := fstest.MapFS{}
	for path, content := range files {
		if content != "" {
			tree[path] = &fstest.MapFile{Data: []byte(content)}
		}
	}
	return tree
}

// found are the problems of a checkout in one line each.
func found(t *testing.T, tree fs.FS, paths ...string) []string {
	t.Helper()
	selection, err := diff.ParseSelection(paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(context.Background(), Options{Tree: Folder{tree}, Selection: selection, Words: words, Now: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range result.Problems {
		level := "error"
		if p.Warning {
			level = "warning"
		}
		lines = append(lines, fmt.Sprintf("%s:%d %s %s %s %s", p.File, p.Line, level, p.Rule, p.Pointer, p.Message))
	}
	return lines
}

func TestRun(t *testing.T) {
	settings := func(text string) map[string]string {
		return map[string]string{config.FileName: "apiVersion: entragit/v1\ntenant: contoso.com\n" + text}
	}
	for _, tt := range []struct {
		name    string
		changes map[string]string
		want    []string // how each line begins
	}{
		{"nothing wrong", nil, nil},
		{"a group that is gone", map[string]string{"tenant/groups/" + groupID + ".yaml": ""}, []string{
			"tenant/conditionalAccessPolicies/ca001." + policyID + ".yaml:10 error reference /spec/conditions/users/excludeGroups/0 no group here has the id"}},
		{"a file of nobody", map[string]string{"tenant/notes.txt": "x", "tenant/usres/a.yaml": "x"}, []string{
			"tenant/notes.txt:1 error file  no object has a file of this name", `tenant/usres/a.yaml:1 error file  there is no kind "usres"`}},
		{"twice", map[string]string{"tenant/users/3f/" + userID + ".yaml": "apiVersion: entragit/v1\n"}, []string{
			"tenant/users/3f/" + userID + ".yaml:1 error", userPath + ":1 error file  another file holds the same object"}},
		{"no YAML", map[string]string{userPath: "\tx: 1\n"}, []string{userPath + ":1 error syntax  "}},
		{"another type", map[string]string{userPath: "apiVersion: entragit/v1\nkind: users\nmetadata:\n  id: " + userID + "\n  name: Ada\nspec:\n  city: 1\n"}, []string{
			userPath + ":7 error schema /spec/city is of type number, must be string"}},
		{"a lineage", map[string]string{".entragit/lineage.yaml": "formatVersion: 1\nsuccessions: []\n"}, nil},
		{"a lineage that no backup wrote", map[string]string{".entragit/lineage.yaml": "formatVersion: 1\nsuccessions:\n- kind: groups\n  new: a\n  old: a\n  when: \"2026-10-01T06:00:00Z\"\n"},
			[]string{".entragit/lineage.yaml:3 error syntax  succession 1 is out of order, says what another says, or leads nowhere"}},
		{"no manifest", map[string]string{".entragit/manifest.yaml": ""}, []string{".entragit/manifest.yaml:1 error file  the file is missing"}},
		{"no configuration", map[string]string{config.FileName: ""}, []string{"entragit.yaml:1 error file  the file is missing"}},
		{"a kind that nobody knows", settings("kinds:\n  include: [user]\n"), []string{`entragit.yaml:4 error syntax  unknown kind "user", did you mean "users"`}},
		{"an ignore rule of nothing", settings("ignore:\n- path: users/*\n  reason: x\n- path: users/Adam\n  reason: x\n  property: /spec/city\n"), []string{
			`entragit.yaml:6 warning idle /ignore/1/path no object here is selected by "users/Adam", so the rule ignores nothing, did you mean "users/Ada"`}},
		{"an ignore rule by path", settings("ignore:\n- path: " + userPath + "\n  reason: x\n"), nil},
		{"an ignore rule without a reason", settings("ignore:\n- path: users/*\n  property: /spec/city\n"), []string{
			`entragit.yaml:4 error reason /ignore/0 the rule for "users/* /spec/city" gives no reason`}},
		{"an ignore rule that ended", settings("ignore:\n- path: users/*\n  reason: x\n  until: \"2026-01-31\"\n"), []string{
			`entragit.yaml:6 warning reason /ignore/0/until the rule for "users/*" ended on 2026-01-31 and ignores nothing`}},
		{"an ignore rule of no kind", settings("ignore:\n- path: usres\n"), []string{"entragit.yaml:1 error syntax  "}},
		{"break-glass accounts that exist", settings("guards:\n  breakGlass: [" + userID + ", " + groupID + "]\n"), nil},
		{"a break-glass account that is gone", settings("guards:\n  breakGlass:\n  - " + policyID + "\n"), []string{
			`entragit.yaml:5 error reference /guards/breakGlass/0 no user or group here has the id "` + policyID + `", so it guards nobody`}},
		{"a break-glass account by name", settings("guards:\n  breakGlass:\n  - Break-glass\n"), []string{"entragit.yaml:5 error reference /guards/breakGlass/0 no user or group here has the id \"Break-glass\", so it guards nobody"}},
	} {
		got := found(t, checkout(t, tt.changes))
		if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// TestRunSelected: only the selected files are checked, but against all.
func TestRunSelected(t *testing.T) {
	tree := checkout(t, map[string]string{"tenant/groups/" + groupID + ".yaml": ""})
	if got := found(t, tree, "users"); len(got) != 0 {
		t.Errorf("of users: %q", got)
	}
	if got := found(t, tree, "conditionalAccessPolicies/CA*"); len(got) != 1 {
		t.Errorf("of policies: %q", got)
	}
	selection, err := diff.ParseSelection([]string{"users", "groups/nobody"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = Run(context.Background(), Options{Tree: Folder{tree}, Selection: selection, Words: words}); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("a path that selects nothing: %v", err)
	}
}

// TestRunUnread: what a kind holds that was not read, nobody knows.
func TestRunUnread(t *testing.T) {
	manifest := entra.Manifest{Format: entra.FormatVersion, Tenant: userID, Kinds: map[string]entra.Coverage{
		"conditionalAccessPolicies": {State: entra.Complete}, "users": {State: entra.Complete}, "groups": {State: entra.Forbidden}}}
	tree := checkout(t, map[string]string{
		".entragit/manifest.yaml": string(canon.EncodeManifest(manifest)), "tenant/groups/" + groupID + ".yaml": "",
		config.FileName: "apiVersion: entragit/v1\ntenant: contoso.com\nignore:\n- path: groups/a\n  reason: x\nguards:\n  breakGlass: [" + policyID + "]\n",
	})
	if got := found(t, tree); len(got) != 0 {
		t.Errorf("found %q", got)
	}
}

// TestRunElsewhere: what may be in another tenant is missing in none.
func TestRunElsewhere(t *testing.T) {
	manifest := entra.Manifest{Format: entra.FormatVersion, Tenant: userID, Kinds: map[string]entra.Coverage{}}
	for _, name := range append(slices.Clone(words.Kinds), "applications", "servicePrincipals") {
		manifest.Kinds[name] = entra.Coverage{State: entra.Complete}
	}
	o := &entra.Object{Key: entra.Key{Kind: "applications", ID: policyID}, Name: "App", Spec: map[string]any{"displayName": "App",
		"requiredResourceAccess": []any{map[string]any{"resourceAppId": groupID}}}}
	k := kind.ByName(o.Kind)
	path, err := canon.Path(k, 0, o.ID, o.Name)
	if err != nil {
		t.Fatal(err)
	}
	var e canon.Encoder
	out, err := e.EncodeObject(k, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	tree := checkout(t, map[string]string{".entragit/manifest.yaml": string(canon.EncodeManifest(manifest)), path: string(out.YAML)})
	if got := found(t, tree); len(got) != 0 {
		t.Errorf("found %q", got)
	}
}

func TestRules(t *testing.T) {
	names := map[string]bool{}
	for _, r := range Rules() {
		if r.Text == "" || names[r.Name] {
			t.Errorf("rule %+v", r)
		}
		names[r.Name] = true
	}
	for _, name := range []string{RuleSyntax, RuleSchema, RuleUnknown, RuleReference, RuleFile, RuleIdle, RuleReason} {
		if !names[name] {
			t.Errorf("%s is not listed", name)
		}
	}
}
