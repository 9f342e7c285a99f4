package apply

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// tomorrow is a tenant with an access review, Graph's own example, that has what v1.0 does not
// name: properties at the top and below, of which an update by PUT would leave nothing.
func tomorrow(t *testing.T) (*emulated, string, map[string]any) {
	t.Helper()
	raw, err := os.ReadFile("../../testdata/kinds/accessReviewDefinitions/raw.json")
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatal(err)
	}
	body["ofTomorrow"] = map[string]any{"level": 3}
	body["settings"].(map[string]any)["reviewedBy"] = "agents"
	body["reviewers"] = []any{map[string]any{"query": "./manager", "queryType": "MicrosoftGraph", "weight": 2}}
	dir := filepath.Join(t.TempDir(), "identityGovernance", "accessReviews", "definitions")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "review.json"), encode(body), 0o644); err != nil {
		t.Fatal(err)
	}
	e := newEmulatedWith(t, emulator.Options{Load: filepath.Join(dir, "..", "..", "..")}, graph.Config{})
	return e, "/identityGovernance/accessReviews/definitions/" + body["id"].(string), body
}

// What replaces an object whole hands back what v1.0 does not name.
func TestApplyKeepsWhatV1DoesNotName(t *testing.T) {
	e, path, body := tomorrow(t)
	want := e.object(entra.Key{Kind: "accessReviewDefinitions", ID: body["id"].(string)})
	body["displayName"] = "Another name"
	body["settings"].(map[string]any)["instanceDurationInDays"] = 9
	for _, name := range []string{"createdBy", "createdDateTime", "lastModifiedDateTime", "status"} {
		delete(body, name)
	}
	e.wreck("PUT", path, "%s", encode(body))
	p := e.back(want)
	outcome, err := Run(context.Background(), e.client, Live{Source: e.client}, judged(p), Options{Base: e.base, Batcher: e.client})
	if err != nil || !outcome.Complete() || len(outcome.Steps) != 1 || len(p.Refusals) > 0 {
		t.Fatalf("%v %q %+v %+v", err, results(outcome), outcome.Remaining, p.Refusals)
	}
	var now map[string]any
	if err := json.Unmarshal(e.wreck("GET", path, ""), &now); err != nil {
		t.Fatal(err)
	}
	settings, _ := now["settings"].(map[string]any)
	reviewers, _ := now["reviewers"].([]any)
	level, _ := now["ofTomorrow"].(map[string]any)
	if now["displayName"] == "Another name" || settings["instanceDurationInDays"] != 3.0 {
		t.Errorf("not put back: %v", now)
	}
	if level["level"] != 3.0 || settings["reviewedBy"] != "agents" || len(reviewers) != 1 || reviewers[0].(map[string]any)["weight"] != 2.0 {
		t.Errorf("lost: %v", now)
	}
}

// A service that does not take back what v1.0 does not name refuses the write, which loses
// nothing and is told.
func TestApplyLosesNothingThatIsRefused(t *testing.T) {
	e, path, body := tomorrow(t)
	k := kind.ByName("accessReviewDefinitions")
	want := e.object(entra.Key{Kind: k.Name, ID: body["id"].(string)})
	want.Spec["displayName"] = "Another name"
	e.fail(t, emulator.Fault{Method: "PUT", Path: "/identityGovernance/accessReviews/definitions/*", Status: 400, Code: "BadRequest",
		Message: "The property 'ofTomorrow' does not exist on type 'microsoft.graph.accessReviewScheduleDefinition'."})
	outcome, err := Run(context.Background(), e.client, Live{Source: e.client}, judged(e.back(want)), Options{Base: e.base, Batcher: e.client})
	if err != nil || len(outcome.Steps) != 1 || outcome.Steps[0].Result != entra.Failed || len(outcome.Remaining) != 1 {
		t.Fatalf("%v %q %+v", err, results(outcome), outcome.Remaining)
	}
	if left := e.object(want.Key); left.Status["ofTomorrow"] == nil {
		t.Errorf("%s: %v", path, left.Status)
	}
}
