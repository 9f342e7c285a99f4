package reconcile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// PlanVersion is the version of the plan file's format.
const PlanVersion = 1

// EncodePlan writes a plan as a file that a person can review and [DecodePlan] reads
// back.
func EncodePlan(plan entra.Plan) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(plan); err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return b.Bytes(), nil
}

// DecodePlan reads a plan file for a tenant. A file that someone may have edited must
// not be able to do more than it shows: unknown fields are refused, every request must
// be one that its step's action can make on its object, and a request may only write
// properties that its step lists. Errors wrap [entra.ErrInvalid] and name the step.
func DecodePlan(data []byte, tenant string) (entra.Plan, error) {
	var plan entra.Plan
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(&plan); err != nil {
		return entra.Plan{}, fmt.Errorf("plan: %w: %w", err, entra.ErrInvalid)
	}
	if _, err := d.Token(); err != io.EOF {
		return entra.Plan{}, fmt.Errorf("plan: more than one document: %w", entra.ErrInvalid)
	}
	if plan.FormatVersion != PlanVersion {
		return entra.Plan{}, fmt.Errorf("plan: format version %d, want %d: %w", plan.FormatVersion, PlanVersion, entra.ErrInvalid)
	}
	if plan.Tenant != tenant {
		return entra.Plan{}, fmt.Errorf("plan: made for tenant %s, not for %s: %w", plan.Tenant, tenant, entra.ErrInvalid)
	}
	seen := map[string]bool{}
	for i, s := range plan.Steps {
		for j := range s.Requests {
			s.Requests[j].Body = compact(s.Requests[j].Body)
		}
		if err := checkStep(s, plan.Live, seen); err != nil {
			return entra.Plan{}, fmt.Errorf("plan: step %d %q: %w: %w", i+1, s.ID, err, entra.ErrInvalid)
		}
		seen[s.ID] = true
	}
	return plan, nil
}

// compact takes out the blanks that [EncodePlan] put in for the reader.
func compact(body json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, body) != nil || b.Len() == 0 {
		return nil // an absent body; any other was just decoded and is valid
	}
	return b.Bytes()
}

func checkStep(s entra.Step, live map[string]string, earlier map[string]bool) error {
	k := kind.ByName(s.Kind)
	if k == nil {
		return fmt.Errorf("unknown kind %q", s.Kind)
	}
	if s.ID == "" || earlier[s.ID] {
		return fmt.Errorf("its id is empty or not unique")
	}
	if _, ok := live[s.String()]; !ok {
		return fmt.Errorf("nothing is noted of the live %s", s.Key)
	}
	for _, need := range s.Needs {
		if !earlier[need] {
			return fmt.Errorf("it needs %q, which is no earlier step", need)
		}
	}
	if len(s.Requests) == 0 {
		return fmt.Errorf("it has no request")
	}
	for _, r := range s.Requests {
		if err := checkRequest(k, s, r); err != nil {
			return err
		}
	}
	return checkLinks(s)
}

// permitted says, for each action, the method of its requests and what their path
// adds to that of the object, where T is the step's target and * one segment.
var permitted = map[entra.Action][]struct{ method, suffix string }{
	entra.ActionUpdate:          {{"PATCH", ""}},
	entra.ActionAddLink:         {{"POST", "/T/$ref"}, {"PUT", "/T/$ref"}},
	entra.ActionRemoveLink:      {{"DELETE", "/T/$ref"}, {"DELETE", "/T/*/$ref"}},
	entra.ActionCreateContained: {{"POST", "/T"}},
	entra.ActionUpdateContained: {{"PATCH", "/T/*"}},
	entra.ActionDeleteContained: {{"DELETE", "/T/*"}},
}

// checkRequest makes sure that a request is one that the step's action can make.
func checkRequest(k *kind.Kind, s entra.Step, r entra.Request) error {
	if s.Action == entra.ActionRestore {
		if r.Method != "POST" || r.Path != restorePath(k, s.Key.ID) || len(r.Body) > 0 {
			return fmt.Errorf("%s %s does not restore %s", r.Method, r.Path, s.Key)
		}
		return nil
	}
	for _, p := range permitted[s.Action] {
		before, after, one := strings.Cut(strings.Replace(p.suffix, "T", s.Target, 1), "*")
		rest, ok := strings.CutPrefix(r.Path, path(k, s.Key.ID)+before)
		if ok && one {
			rest, ok = strings.CutSuffix(rest, after)
			ok = ok && rest != "" && !strings.ContainsAny(rest, "/?#")
		} else {
			ok = ok && rest == ""
		}
		if ok && r.Method == p.method && hasTarget(k, s) {
			return checkBody(s, r)
		}
	}
	return fmt.Errorf("%s %s is no request for %s of %s", r.Method, r.Path, s.Action, s.Key)
}

// hasTarget reports whether the step's target is what its action works on.
func hasTarget(k *kind.Kind, s entra.Step) bool {
	switch s.Action {
	case entra.ActionUpdate:
		return s.Target == ""
	case entra.ActionAddLink, entra.ActionRemoveLink:
		return slices.ContainsFunc(k.Links, func(l kind.Link) bool { return l.Name == s.Target })
	default:
		return slices.ContainsFunc(k.Contained, func(c kind.Contained) bool { return c.Name == s.Target })
	}
}

// checkBody makes sure that a request writes no property that the step does not list.
func checkBody(s entra.Step, r entra.Request) error {
	depth := map[entra.Action]int{entra.ActionUpdate: 1, entra.ActionUpdateContained: 3, entra.ActionCreateContained: 3}[s.Action]
	if depth == 0 {
		return nil
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return fmt.Errorf("body of %s %s: %w", r.Method, r.Path, err)
	}
	for name := range body {
		listed := slices.ContainsFunc(s.Properties, func(p entra.PropertyChange) bool {
			tokens := diff.Tokens(p.Pointer)
			whole, _ := p.After.(map[string]any)
			_, created := whole[name]
			return len(tokens) > depth && tokens[depth] == name || len(tokens) == depth && created
		})
		if !listed && name != typeProperty {
			return fmt.Errorf("it writes %s and does not list it", name)
		}
	}
	return nil
}

// checkLinks makes sure that the requests of a link step are about the targets that it
// lists, one by one.
func checkLinks(s entra.Step) error {
	if s.Action != entra.ActionAddLink && s.Action != entra.ActionRemoveLink {
		return nil
	}
	if len(s.Links) != 1 || s.Links[0].Link != s.Target {
		return fmt.Errorf("it does not list what becomes of %s", s.Target)
	}
	ids := s.Links[0].Added
	if s.Action == entra.ActionRemoveLink {
		ids = s.Links[0].Removed
	}
	if len(ids) != len(s.Requests) {
		return fmt.Errorf("it lists %d targets and makes %d requests", len(ids), len(s.Requests))
	}
	for i, id := range ids {
		var body struct {
			Target string `json:"@odata.id"`
		}
		r := s.Requests[i]
		switch {
		case s.Action == entra.ActionAddLink:
			if err := json.Unmarshal(r.Body, &body); err != nil || !strings.HasSuffix(body.Target, directoryObjects+id) {
				return fmt.Errorf("request %d does not add %s", i+1, id)
			}
		case !strings.HasSuffix(r.Path, "/"+s.Target+"/$ref") && !strings.HasSuffix(r.Path, "/"+id+"/$ref"):
			return fmt.Errorf("request %d does not remove %s", i+1, id)
		}
	}
	return nil
}
